"""Takes files of invented instruments in by the command an operator types. asked: {"rows"}."""

from __future__ import annotations

import csv
import io
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import Any  # what is asked is JSON

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.bodies.peer import peer
from bench.report import Report, own_peak_kib, seconds
from plumbline.faces.commands import import_
from plumbline.faces.commands.demo import city, plan

HEAD = ("external_id", "name_zh", "category", "model", "serial", "maker", "range_text", "acquired_on", "place")
KINDS = ("压力表", "电子天平", "数字温度计", "电能表")
FAULT_EVERY, ROUNDS = 100, 3


def main(asked: dict[str, Any]) -> Answer:
    """Measure; returns the rows of the report."""
    report, rows = Report("import_"), asked["rows"]
    city.build(timezone.localdate())
    good, faulty = write("good.csv", rows, first=0), write("faulty.csv", rows, first=rows, is_faulty=True)
    floor_s = seconds(lambda: copy_plainly(good))
    for name, path, wanted in (
        ("taken in", good, 0),
        ("the same file again: nothing is new", good, 0),
        (f"one fault in {FAULT_EVERY} rows: every fault named, nothing written", faulty, 1),
    ):
        took_s = seconds(lambda path=path, wanted=wanted: take(path, wanted))  # type: ignore[misc]  # mypy cannot infer it
        report.figure(name, rows / took_s, "rows/s", note=f"{took_s:.3g} s")
    report.figure("taken in: floor", rows / floor_s, "rows/s", note="the same rows by COPY, no check, no index")
    faults = -(-rows // FAULT_EVERY)
    with peer("frictionless", "frictionless_rows.py", [faulty, str(faults)]) as other:
        ours = lambda: seconds(lambda: take(faulty, 1))  # noqa: E731  # one work, named for the pair
        named = f"{rows:,} rows, {faults} faults named, nothing written"
        report.compare(named, ours=ours, peer=("frictionless", other.seconds), rounds=ROUNDS)
        report.notes.append(f"The peer: {other.about}; ours also asks the register and writes a report of every row.")
    report.peak_memory("the importing process", own_peak_kib())
    return as_answer(report)


def write(name: str, rows: int, *, first: int, is_faulty: bool = False) -> Path:
    """Write a file of instruments; a faulty one has a day that is none in some rows."""
    path = Path(settings.PLUMBLINE_DATA) / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for number in range(first, first + rows):
            bought = (date(2015, 1, 1) + timedelta(days=number % 3000)).isoformat()
            day = "2015-13-41" if is_faulty and number % FAULT_EVERY == 0 else bought
            out.writerow(
                (
                    f"E{number:07d}", f"示例{KINDS[number % 4]}", "OUTSIDE", f"EX-{number % 40}", f"S{number:08d}",
                    plan.MAKERS[number % 3][0], "(0~1) MPa", day, f"{number % 60} 号",
                )
            )  # fmt: skip
    return path


def take(path: Path, wanted: int) -> None:
    """Run the command. Raises: RuntimeError if it ends otherwise than expected."""
    said = io.StringIO()
    owner = plan.uscc_of("company-a")
    with redirect_stdout(said):
        report = str(path.with_suffix(".report.csv"))
        code = import_.run(["instruments", str(path), "--as", "bureau", "--owner", owner, "--report", report])
    if code != wanted:
        raise RuntimeError(f"the import ended with {code}:\n{said.getvalue()[-2000:]}")


def copy_plainly(path: Path) -> None:
    """Copy the rows of a file into a passing table."""
    columns = ", ".join(HEAD)
    with transaction.atomic(), connection.cursor() as cursor, path.open(encoding="utf-8", newline="") as file:
        cursor.execute(f"create temp table floor ({' text, '.join(HEAD)} text) on commit drop")
        rows = csv.reader(file)
        next(rows)
        with cursor.copy(f"copy floor ({columns}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
