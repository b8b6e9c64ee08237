"""Sweeps the clocks of a loaded copy twice, as two nights do."""

from __future__ import annotations

from time import perf_counter

from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.report import Report, own_peak_kib
from plumbline.domain.cases import jobs
from plumbline.domain.cases.models import CaseClock, Raised
from plumbline.domain.rows.scope import EVERYTHING, scoped


def main(asked: dict[str, int]) -> Answer:  # noqa: ARG001  # bodies are called alike
    """Measure; returns the rows of the report."""
    report = Report("sweep")
    with scoped(EVERYTHING):
        clocks = CaseClock.objects.count()
        running = CaseClock.objects.filter(due_on__isnull=False).count()
    for name in ("the first sweep", "the next sweep"):
        begun = perf_counter()
        told = jobs.sweep(timezone.now())
        note = f"{clocks:,} clocks, {running:,} run; told of {told:,}"
        report.figure(name, perf_counter() - begun, "s", note=note)
    with scoped(EVERYTHING):
        report.figure("raised to the house above", Raised.objects.count(), "")
    report.peak_memory("the sweeping process", own_peak_kib())
    return as_answer(report)
