"""Exports lists of a loaded copy as CSV and throws the bytes away. asked: {"files": [[list, query], ...]}."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import StreamingHttpResponse
from django.http.request import QueryDict
from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.report import Report, own_peak_kib, seconds
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.console import lists
from plumbline.faces.kit.list_export import CSV, Export, export
from plumbline.faces.kit.lists import read

READER = "load-province"


def main(asked: dict[str, list[list[str]]]) -> Answer:
    """Measure; returns the rows of the report."""
    report = Report("export")
    for name, query in asked["files"]:
        if name == "certificates":
            continue
        counted: list[int] = []
        took = seconds(lambda: counted.append(_lines(name, query)))  # noqa: B023  # called at once
        note = f"{counted[0]:,} rows; {query or 'the usual columns'}"
        report.figure(f"{name} as CSV", counted[0] / took, "rows/s", note=note)
        report.peak_memory("so far", own_peak_kib())
    return as_answer(report)


def _lines(name: str, query: str) -> int:
    """Return how many rows a file has, its head left out."""
    now = timezone.now()
    with scoped(EVERYTHING):
        actor = accounts.actor_of(READER, on=timezone.localdate())
    face = lists.listed(name, actor).face
    answer = cast("StreamingHttpResponse", export(Export(face, read(face, QueryDict(query)), actor, now), CSV))
    return sum(piece.count(b"\r\n") for piece in cast("Iterable[bytes]", answer.streaming_content)) - 1
