"""Takes files of invented instruments in by the command an operator types, and as long work. asked: {"rows", "long"}.

Long work is done here by the worker's own runner, in this process, so that its memory is what is measured.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
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
from plumbline.config.works import WORKS
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.directory import queries as directory
from plumbline.domain.errands import actions as errands
from plumbline.domain.errands import queries as asked_for
from plumbline.domain.errands.runner import Runner
from plumbline.domain.files import actions as files
from plumbline.domain.intake import actions as intake
from plumbline.domain.intake.types import BroughtFile
from plumbline.domain.rows.scope import scoped
from plumbline.faces.commands import import_
from plumbline.faces.commands.demo import city, plan
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.forms import Field

HEAD = ("external_id", "name_zh", "category", "model", "serial", "maker", "range_text", "acquired_on", "place")
KINDS = ("压力表", "电子天平", "数字温度计", "电能表")
FAULT_EVERY, ROUNDS = 100, 3
LABELS = "energy_water_labels"


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
    owner = str(directory.organisation_by_uscc(plan.uscc_of("company-a")).id)
    long = asked["long"]
    terms = {"owner": owner, "region": plan.CITY, "site": "", "category": ""}
    as_long_work(report, "instruments", path=write("long.csv", long, first=10**6), terms=terms)
    terms = {"register": LABELS, "since": "2026-01-01"}
    as_long_work(report, "entries", path=write_labels("labels.csv", long), terms=terms)
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


def write_labels(name: str, rows: int) -> Path:
    """Write a file of entries of a simple register with thirteen fields."""
    path = Path(settings.PLUMBLINE_DATA) / name
    fields = rulebook.by_id(LABELS).fields
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([field.zh for field in fields.values()])
        for number in range(rows):
            out.writerow([label_cell(field, number) for field in fields.values()])
    return path


def label_cell(field: Field, number: int) -> str:
    """Return an invented cell of a field, as somebody would type it."""
    if field.type == "choice":
        return field.choices[number % len(field.choices)].zh
    typed = {
        "text": f"示例 {number:06d}", "integer": str(field.least or 1), "decimal": str(field.least or 1),
        "region": plan.COUNTIES[number % len(plan.COUNTIES)], "date": f"2025年{number % 12 + 1}月{number % 28 + 1}日",
        "url": "https://example.invalid/",
    }  # fmt: skip
    return typed.get(field.type, "")


def as_long_work(report: Report, kind: str, *, path: Path, terms: Mapping[str, object]) -> None:
    """Bring a file in as its page does, up to the rows in the register. Raises: RuntimeError if they are not there."""
    at, runner = timezone.now(), Runner(WORKS)
    actor = accounts.actor_of("bureau", on=timezone.localdate(at))
    sha256, size = files.park([path.read_bytes()], at=at)
    with scoped(actor.scope):
        errand = intake.ask(actor, f"import.{kind}", file=BroughtFile(sha256, path.name, size), terms=terms, at=at)
    opened_s = seconds(runner.run_until_idle)
    with scoped(actor.scope):
        errands.answer(actor, errand.id, answers={"mapping": asked_for.errand(errand.id).result["guess"]})
    checked_s = seconds(runner.run_until_idle)
    with scoped(actor.scope):
        intake.decide(actor, errand.id, take="all")
    taken_s = seconds(runner.run_until_idle)
    with scoped(actor.scope):
        ended = asked_for.errand(errand.id)
    if ended.state != "done" or not ended.done:
        raise RuntimeError(f"the import ended as {ended.state}: {[str(each.what) for each in ended.faults]}")
    parts = f"opened {opened_s:.2g} s, read and compared {checked_s:.3g} s, taken in {taken_s:.3g} s"
    report.figure(f"{ended.done:,} {kind} as long work", opened_s + checked_s + taken_s, "s", note=parts)


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
