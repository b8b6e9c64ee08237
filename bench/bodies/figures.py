"""The figures of a bench on their way from a child process to the report of the runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.report import Report

Answer = Mapping[str, Sequence[Sequence[str]]]


def as_answer(report: Report) -> dict[str, Sequence[Sequence[str]]]:
    """Return the figures of a report as a child answers them."""
    return {"rows": report.rows, "notes": [[note] for note in report.notes]}


def take_in(report: Report, answer: Answer) -> None:
    """Add the figures a child has answered."""
    report.rows += [(name, value, note) for name, value, note in answer["rows"]]
    report.notes += [note for (note,) in answer["notes"]]
