"""Every list of the API: which specification it hands out, under which scope, and what a row says besides.

To add a list: its `ListSpec` in the room of its rows, and a line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop
from ninja import Schema

from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.listing.spec import Row
from plumbline.faces.api import listing
from plumbline.faces.api.listing import ApiList
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import part


class InstrumentSaid(Schema):
    """The instrument of a certificate, as the certificate says it."""

    identity: str
    model: str
    serial: str
    position: str
    place: str


def instrument_said(facts: Mapping[str, object]) -> InstrumentSaid:
    """Return the instrument a certificate is about, from its public facts."""
    said = part(facts, "instrument")
    return InstrumentSaid(**{name: str(said.get(name) or "") for name in InstrumentSaid.model_fields})


def _of_certificate(row: Row) -> InstrumentSaid:
    document: CertificateFacts = row["document"]
    return instrument_said(document.facts)


LISTS = (
    ApiList(
        "/instruments", "Instrument", "registers:read", gettext_noop("计量器具"),
        certificates.list_of_instruments, for_all=True,
    ),
    ApiList(
        "/certificates", "Certificate", "certificates:read", gettext_noop("证书和结果通知书"),
        certificates.list_of_certificates, hidden=frozenset({"instrument", "site"}),
        more={"instrument": (InstrumentSaid, _of_certificate)}, for_all=True,
    ),
    ApiList(
        "/cases", "CaseLine", "cases:read", gettext_noop("业务"), lambda _day: cases.list_of_cases(),
        more={"sequence": (int, lambda row: row["sequence"])}, for_all=True,
    ),
    ApiList(
        "/sites", "Site", "registers:read", gettext_noop("使用地点"), lambda _day: registers.list_of_sites(),
        for_all=True,
    ),
    ApiList(
        "/measurement-standards", "MeasurementStandard", "registers:read", gettext_noop("计量标准"),
        lambda _day: registers.list_of_standards(),
    ),
    ApiList(
        "/scopes", "VerificationScope", "registers:read", gettext_noop("检定项目"),
        lambda _day: registers.list_of_scopes(),
    ),
    ApiList(
        "/organisations", "Organisation", "registers:read", gettext_noop("单位名录"),
        lambda _day: directory.list_of_organisations(),
    ),
    ApiList(
        "/people", "Person", "registers:read", gettext_noop("人员"), lambda _day: directory.list_of_people(),
    ),
    ApiList(
        "/qualifications", "Qualification", "registers:read", gettext_noop("人员资格"),
        lambda _day: directory.list_of_qualifications(),
    ),
)  # fmt: skip
for _each in LISTS:
    listing.add(router, _each)
