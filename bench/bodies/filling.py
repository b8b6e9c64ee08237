"""Fills a copy by `plumbline load`, as an operator types it. asked: {"instruments", "certificates", "cases"}."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any  # what is asked is JSON

from django.db import connection

from bench.bodies.figures import Answer, as_answer
from bench.report import Report, own_peak_kib, seconds
from plumbline.faces.commands import load

TABLES = (
    "registers_instrument", "certificates_certificate", "cases_case", "laboratory_job", "journal_act",
    "directory_organisation", "directory_person", "registers_site",
)  # fmt: skip


def main(asked: dict[str, int]) -> Answer:
    """Load and measure; returns the rows of the report."""
    report = Report("load")
    before, _ = _stored()
    with redirect_stdout(io.StringIO()) as told:
        took = seconds(lambda: fill(asked))
    after, size = _stored()
    rows = after - before
    if not rows:
        report.notes.append("The copy was loaded by an earlier run.")
        return as_answer(report)
    report.figure(
        "loaded", rows / took, "rows/s", note=f"{rows:,} rows in {took:.0f} s, with the office and institutes"
    )
    report.figure("on disk", size / 2**20, "MiB", note=f"{size / after:.0f} bytes a row, indexes included")
    report.figure("asked again: nothing is written", seconds(lambda: fill(asked)), "s", note="each batch has its mark")
    report.peak_memory("the loading process", own_peak_kib())
    report.notes.append(told.getvalue().strip().splitlines()[-1])
    return as_answer(report)


def fill(asked: dict[str, Any]) -> int:
    """Run the command."""
    return load.run([part for name, value in asked.items() for part in (f"--{name}", str(value))])


def _stored() -> tuple[int, int]:
    """Return rows and bytes of the tables a load fills, as the database's own counters have them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(pg_stat_get_tuples_inserted(name::regclass)), sum(pg_total_relation_size(name::regclass))"
            " from unnest(%s::text[]) name",
            [list(TABLES)],
        )
        rows, size = cursor.fetchone() or (0, 0)
        return int(rows), int(size)
