"""What a certificate says by its signed record and by its place in the published log; the columns are a copy of it.

Whoever owns the database can change a column, not the record that the published leaf names. So the public check shows
what is read here, and the audit tells where a column says something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, cast

from plumbline.domain.certificates.models import Certificate
from plumbline.domain.files import queries as files
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import StatementFacts
from plumbline.errors import PlumblineError, ProofError, Text, say
from plumbline.evidence import statement as statements
from plumbline.evidence.canonical import Json
from plumbline.evidence.document.content import Bilingual
from plumbline.evidence.document.dsi import plain_unit
from plumbline.evidence.document.facts import DccFacts, read_dcc

KINDS = {"verification": "J", "result_notice": "T"}


@dataclass(frozen=True)
class Signed:
    """The statement's members and the record they name."""

    payload: Mapping[str, Json]
    record: DccFacts

    @cached_property
    def facts(self) -> dict[str, object]:
        """Return what a stranger may see."""
        return public_facts(self.record, issuer=str(self.payload["issuer"]))


def read_signed(said: StatementFacts) -> Signed:
    """Return what was signed. Raises: ProofError if the statement is not the published one or its record is damaged."""
    return _read(said.payload, said.envelope, index=said.index if said.is_proved else None)


@lru_cache(maxsize=2048)
def _read(data: bytes, envelope: bytes, *, index: int | None) -> Signed:
    """Return what these very bytes say; what was found to be in the log under an index once, is for good."""
    payload = statements.read_payload(data)
    if index is not None and log.published_leaf(index) != statements.leaf_bytes(data, envelope):
        raise ProofError(say("陈述与公布的日志第 {place} 条不符", place=index), remedy=say("运行日志审计"))
    named = {str(each["name"]): each for each in cast("list[dict[str, Any]]", payload["files"])}  # Any: our own JSON
    return Signed(payload, read_dcc(files.content_of(str(named["dcc.xml"]["sha256"]))))


def disagreements(row: Certificate, said: StatementFacts) -> Iterator[Text]:
    """Yield a sentence for each thing a certificate's row says otherwise than what was signed."""
    try:
        signed = read_signed(said)
    except PlumblineError as err:
        yield say("证书 {number} 的文件不符：{reason}", number=row.number, reason=err.what)
        return
    for name in differing(row, signed):
        yield say("证书 {number} 的“{column}”与签名的内容不符", number=row.number, column=name)


def differing(row: Certificate, signed: Signed) -> list[str]:
    """Return the columns of a certificate's row that say otherwise than what was signed."""
    return [name for name, (stored, told) in _compared(row, signed).items() if stored != told]


def _compared(row: Certificate, signed: Signed) -> dict[str, tuple[object, object]]:
    payload, record, told = signed.payload, signed.record, signed.facts
    hashes = {str(each["name"]): each["sha256"] for each in cast("list[dict[str, Any]]", payload["files"])}  # as above
    facts = {name: _like(row.facts.get(name), each) for name, each in told.items()}
    return {
        "number": ({row.number}, {payload["cert_no"], record.number}),
        "kind": ({row.kind}, {KINDS[str(payload["kind"])], KINDS[record.kind]}),
        "code": (row.code, record.lookup_code),
        "performed_on": ({row.performed_on}, {record.performed_on, _day(payload["performed_on"])}),
        "valid_until": ({row.valid_until}, {record.valid_until, _day(payload["valid_until"])}),
        "issued_at": (row.issued_at.replace(microsecond=0), datetime.fromisoformat(str(payload["issued_at"]))),
        "dcc_sha256": (row.dcc_sha256, hashes["dcc.xml"]),
        "pdf_sha256": (row.pdf_sha256, hashes["certificate.pdf"]),
        "record_sha256": (row.record_sha256, hashes["record.json"]),
        "facts": (facts, told),
    }


def _like(stored: object, told: object) -> object:
    """Return of a stored object the members that were told, so that one kept beside them is no disagreement."""
    if isinstance(stored, Mapping) and isinstance(told, Mapping):
        return {name: _like(stored.get(name), told[name]) for name in told}
    return stored


def _day(text: Json) -> object:
    return datetime.fromisoformat(text).date() if isinstance(text, str) else text


def public_facts(record: DccFacts, *, issuer: str) -> dict[str, object]:
    """Return what a stranger may see of a record: the label and the results, no persons, no owner's contact."""
    number, _, edition = record.regulation.rpartition("-")
    return {
        "demo": record.demo,
        "result": record.conformity,
        "instrument": {
            **_words(record.instrument), "maker": record.maker.zh, "model": record.model, "serial": record.serial,
            "identity": record.instrument_code, "position": record.position.zh, "place": record.place.zh,
            "range": record.range, "class": record.accuracy_class,
        },
        "body": {**_words(record.institution), "phone": record.phone, "code": issuer},
        "rule": {
            **_words(record.regulation_name), "number": number, "edition": edition, "is_checked": not record.banners,
        },
        "points": [
            {
                **_words(point.name), "code": point.code, "error": point.error, "mpe": point.mpe, "U": point.U,
                "k": point.k, "repeatability": point.repeatability, "repeatability_limit": point.repeatability_limit,
                "verdict": point.verdict or "unknown", "unit": plain_unit(point.unit),
            }
            for point in record.points
        ],
        "checks": [{**_words(check.name), "outcome": check.outcome} for check in record.checks],
        "failed": [_words(each) for each in record.failed_items],
    }  # fmt: skip


def _words(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
