"""The audit of certificates: files and rows are what the signed statements say, every number once, no ending lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.db.models import Count, Max, QuerySet

from plumbline.domain.certificates import signed
from plumbline.domain.certificates.models import Certificate, StatusEvent
from plumbline.domain.files import queries as files
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import StatementFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import PlumblineError, Text, say
from plumbline.evidence import statement as statements

BATCH = 500


def faults() -> Iterator[Text]:
    """Yield a sentence for each certificate whose files, statement or number do not agree."""
    with scoped(EVERYTHING):
        yield from _gaps()
        documents = _issued().order_by("id").iterator(BATCH)
        while rows := list(islice(documents, BATCH)):
            told = log.statements(row.statement_id for row in rows if row.statement_id)
            for row in rows:
                if row.statement_id is None:
                    yield say("证书 {number} 没有签发它的陈述", number=row.number)
                    continue
                said = told[row.statement_id]
                yield from list(_faulty_files(row, said)) or signed.disagreements(row, said)
        yield from _lost_endings()


def count() -> int:
    """Return how many documents there are to look at."""
    with scoped(EVERYTHING):
        return _issued().count()


def count_of_load_test() -> int:
    """Return how many rows of a load test there are: they have nothing that could be looked at."""
    with scoped(EVERYTHING):
        return Certificate.objects.filter(is_load_test=True).count()


def _issued() -> QuerySet[Certificate]:
    return Certificate.objects.filter(is_load_test=False)


def _gaps() -> Iterator[Text]:
    series = _issued().values("body_id", "year").annotate(count=Count("id"), last=Max("serial"))
    for row in series.order_by():
        if row["count"] != row["last"]:
            yield say("{year} 年的证书有 {count} 份，最后一号却是 {last}",
                      year=row["year"], count=row["count"], last=row["last"])  # fmt: skip


def _lost_endings() -> Iterator[Text]:
    """Yield a sentence for each logged revocation or replacement that no certificate shows."""
    shown = set(StatusEvent.objects.values_list("statement_id", flat=True))
    for statement_id in log.statements_of_type("certificate.revoked", "certificate.superseded"):
        if statement_id not in shown:
            yield say("陈述 {id} 终止了一份证书，证书却没有显示", id=statement_id)


def _faulty_files(row: Certificate, said: StatementFacts) -> Iterator[Text]:
    try:
        payload = statements.read_payload(said.payload)
    except PlumblineError:
        return  # told as a disagreement
    for entry in cast("list[dict[str, Any]]", payload["files"]):  # Any: JSON this room wrote itself
        try:
            content = files.content_of(str(entry["sha256"]))
        except PlumblineError as err:
            yield say("证书 {number} 的文件不符：{reason}", number=row.number, reason=err.what)
            continue
        if hashlib.sha256(content).hexdigest() != entry["sha256"] or len(content) != entry["bytes"]:
            yield say("证书 {number} 的文件 {name} 与陈述不符", number=row.number, name=str(entry["name"]))
