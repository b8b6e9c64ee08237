"""What search costs on disk: the phrases and the numbers beside the rows, with their indexes. asked: {}."""

from __future__ import annotations

from django.db import connection

from bench.bodies.figures import Answer, as_answer
from bench.report import Report

TABLES = {
    "phrases": "rows_phrase", "numbers of instruments": "registers_instrument_number",
    "numbers of certificates": "certificates_certificate_number", "numbers of cases": "cases_case_number",
}  # fmt: skip


def main(_asked: dict[str, int]) -> Answer:
    """Measure; returns the rows of the report."""
    report = Report("search")
    with connection.cursor() as cursor:
        for name, table in TABLES.items():
            cursor.execute(
                "select pg_total_relation_size(c.oid), c.reltuples from pg_class c where c.oid = %s::regclass", [table]
            )
            size, rows = cursor.fetchone() or (0, 0)
            report.figure(f"on disk, {name}", size / 2**20, "MiB", note=f"{max(int(rows), 0):,} rows, index included")
    return as_answer(report)
