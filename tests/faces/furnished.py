"""The small world with one of everything a page can show, and the values that name it in addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import cast
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import OutcomeFacts
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.notices import queries as notices
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.console.register_entries import FORMS
from tests.domain.certificates.issuing import issued
from tests.domain.credentials.people import administrator, offer
from tests.domain.procedures.examination import act, apply, assigned, examined
from tests.faces.addresses import addresses
from tests.faces.conftest import begin_session, work_off
from tests.world import CITY, TODAY, World, grown, moment, sequence, uscc

Values = Mapping[str, str]
OPENING = ("", "owner", "bureau", "reception", "verifier", "county", "auditor", "admin", "approver", "keeper")
"""Who is asked to open a page, in this order; nobody signed in first."""
LISTS = ("sites", "scopes", "people", "qualifications", "letters", "invitations")
NO_PAGES = ("api/v1/", "log/tile/", "logout/")
NEVER = {
    "token": "no:such:token",
    "key": "nobody",
    "ending": "csv",
    "path": "0/000",
    "act": "accept",
    "sha256": "0" * 64,
    "kind": "svg",
    "partner_id": "national_instruments",
    "webhook_id": "00000000-0000-7000-8000-000000000000",
    "delivery_id": "00000000-0000-7000-8000-000000000000",
    "period_id": "00000000-0000-7000-8000-000000000000",
}
REGISTER = "legal_metrology_institutes"
ENTRY = {
    "uscc": uscc(2), "name": "测试院", "region_code": CITY, "level": "municipal", "kind": "established", "grade": "A",
    "valid_from": "2026-01-01", "valid_to": "",
}  # fmt: skip
OWN = "资产编号,器具名称,器具类别,出厂编号\nA-1,油枪,MV-FUEL,S-1\nA-3,油枪,NO-SUCH,S-3\n"
FILES = {
    "my/import/": ("owner", OWN, {"site": "", "category": ""}),
    "instruments/import/": ("reception", OWN, {"owner": uscc(3), "site": "", "category": ""}),
    "instruments/calibrations/import/": ("bureau", "证书编号,出厂编号\nX-1,N1\n", {"owner": uscc(3)}),
    "organisations/import/": ("bureau", f"credit code\tname\n{uscc(77)}\t新公司", {"region": CITY}),
    "partners/answers/import/": ("county", "键,结果\nX,accepted\n", {"partner": "national_instruments"}),
    "procedures/<name>/import/": ("owner", "自编号,申请类别\nA,新建\n", {}),
    "registers/<register_id>/import/": ("bureau", "uscc,name\nX,测试院\n", {"since": "2026-01-01"}),
}  # fmt: skip
"""Files that lie half way through an import, by where they were brought in: by whom, the table, what else was asked."""


@dataclass(kw_only=True)
class Furnished(World):
    """The small world with one of everything. pages: who opens the page at a path; closed: addresses nobody opens."""

    pages: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


@pytest.fixture
def furnished(request: pytest.FixtureRequest, at_noon: None, transactional_db: None) -> Furnished:
    """Give a test a copy of the furnished world at noon of its day."""

    def build(world: World) -> Furnished:
        pages, closed = _opened(_furnish(world))
        return Furnished(world.organisations, world.standard_id, pages=pages, closed=closed)

    return grown(request, "furnished", build)


def _opened(values: Mapping[str, Sequence[Values]]) -> tuple[dict[str, str], frozenset[str]]:
    """Return the pages with the first who may open each, and the addresses that open for nobody."""
    clients = {username: _client(username) if username else Client() for username in OPENING}
    pages: dict[str, str] = {}
    opens: set[str] = set()
    asked = [each for each in addresses() if is_page_address(each.text)]
    for address in asked:
        begun = max((each for each in values if address.text.startswith(each)), key=len)
        for path in sorted({address.at({**values[""][0], **given}) for given in values[begun]}):
            who, is_page = _opening(clients, path)
            if who is not None:
                opens.add(address.text)
            if who is not None and is_page:
                pages[path] = who
    return pages, frozenset(each.text for each in asked) - opens


def is_page_address(text: str) -> bool:
    """Say whether an address may be a page's: not the API's, not a file's, and opening it changes nothing."""
    return not text.startswith(NO_PAGES) and "." not in text.rsplit("/", 1)[-1]


def _opening(clients: Mapping[str, Client], path: str) -> tuple[str | None, bool]:
    """Return who first opens a path, if anybody, and whether it is a page rather than a file."""
    for username, client in clients.items():
        answer = client.get(path)
        if answer.status_code == HTTPStatus.OK:
            return username, answer.content.startswith(b"<!doctype html>") if not answer.streaming else False
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            break
    return None, False


def _furnish(world: World) -> dict[str, Sequence[Values]]:
    passed, failed = issued(world), issued(world, number=1, error=0.5)
    entered, fresh = world.on_site(first=2), world.apply(first=3)
    asked = _asked_for_corrections(world)
    granted = act(world, "official", examined(world, apply(world, "owner")), name="pass")
    report = indicators.freeze(SYSTEM, TODAY.replace(day=1), at=moment(date(2026, 12, 4)))
    administrator(world)
    code, promised = world.do("admin", partial(credentials.invite, offer=offer(world), at=moment(hour=12)))
    staff, own = (_interfaces(world, *each) for each in (("reception", "/interfaces/"), ("owner", "/my/interfaces/")))
    _open_entry()
    sequence()
    indicators.refresh(at=moment())
    numbers = [{"number": each.number, "document": each.number} for each in (_case(passed.case_id), entered, fresh)]
    numbers += [{"number": each.number, "document": each.number, "sha256": _file_of(each)} for each in (asked, granted)]
    document = _document_of(granted)
    return {
        "": [{**NEVER, "document": passed.number, "code": passed.code, "identity": world.nozzles()[0].identity,
              "regulation_id": "JJG443-2023", "uscc": uscc(3), "username": "reception", "register_id": REGISTER,
              "standard_id": str(world.standard_id), "month": f"{report.month:%Y-%m}", "position": "1", "number": "1",
              "name": "dcc.xml", "which": "instruments"}],
        **{begun: _half_way(begun, *given) for begun, given in FILES.items()},
        "my/cases/": numbers, "cases/": numbers,
        "my/documents/": [{"number": document.number, "name": "document.pdf"}],
        "certificates/": [{"document": each.number} for each in (passed, failed)],
        "figures/procedures/": [{"name": asked.procedure}, {"name": "verification"}, {"name": "complaint"}],
        "procedures/": [{"name": asked.procedure}], "progress/": [{"number": asked.number}],
        "lists/": [{"which": name} for name in LISTS],
        "my/lists/": [{"which": "cases"}],
        "register/": [{"name": name} for name in FORMS],
        "roles/": [{"code": "verifier"}], "invitation/": [{"code": code}],
        "invitations/": [{"invitation_id": str(promised.id)}],
        "c/": [{"code": passed.code}, {"code": failed.code}, {"code": document.code}, {"code": "X"}],
        "interfaces/": [staff], "my/interfaces/": [own],
    }  # fmt: skip


def _asked_for_corrections(world: World) -> CaseFacts:
    """Return a case of an enterprise that its file alone runs, with a file, rows, and a list of what to mend."""
    case = assigned(world, act(world, "official", apply(world, "owner"), name="accept"))
    items = [{"about": "不确定度", "finding": "缺一个分量"}, {"about": "环境", "finding": "记录不全"}]
    return act(world, "examiner", case, name="ask_correction", said={"reason": "两处要改", "items": items})


def _document_of(case: CaseFacts) -> OutcomeFacts:
    with scoped(EVERYTHING):
        (document,) = certificates.outcomes_of_case(case.id, on=TODAY)
    return document


def _file_of(case: CaseFacts) -> str:
    (file,) = cast("list[dict[str, str]]", case.details["report"])
    return file["sha256"]


def _case(case_id: UUID) -> CaseFacts:
    with scoped(EVERYTHING):
        return cases.case(case_id)


def _client(username: str) -> Client:
    return begin_session(Client(), username)


def _interfaces(world: World, username: str, address: str) -> Values:
    client, expires = _client(username), TODAY.replace(month=12).isoformat()
    asked = {"act": "subscribe", "url": "https://example.com/x", "kinds": ["case.moved"]}
    token = {"act": "make", "name": "台账", "holder": "personal", "scopes": ["cases:read"], "expires_on": expires}
    for each in (asked, token):
        client.post(address, {**each, "request_id": str(uuid4())})
    (webhook,) = world.do(username, lambda actor: notices.subscriptions_of(actor.organisation_id))
    client.post(address, {"act": "ping", "webhook": str(webhook.id)})
    return {"webhook_id": str(webhook.id), "delivery_id": str(webhook.id)}


def _open_entry() -> None:
    _client("bureau").post(f"/registers/{REGISTER}/new/", {**ENTRY, "request_id": str(uuid4())})


def _half_way(address: str, username: str, table: str, given: Mapping[str, str]) -> Sequence[Values]:
    """Bring a file in twice: one waits for its columns, the other has been read."""
    client, found = _client(username), []
    for take in ("", "columns"):
        posted = {"file": SimpleUploadedFile("in.csv", table.encode()), **given}
        step = client.post(
            "/" + address.replace("<register_id>", REGISTER).replace("<name>", "standard_examination"), posted
        )["Location"]
        work_off()
        if take:
            client.post(step, {"take": take})
            work_off()
        found.append({"errand_id": PurePosixPath(step).name, "name": "standard_examination"})
    return found
