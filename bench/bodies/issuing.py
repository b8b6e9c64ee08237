"""Issues certificates one after another and says how fast, with and without timers around its parts.

asked: {"jobs": [{"job", "case"}], "warming": N, "plain": N, "limit_s"}; the rest of the jobs is issued under timers.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any  # what is asked is JSON
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.bodies.stopwatch import Stopwatch
from bench.report import Report, own_peak_kib
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.files import actions as files
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import keys
from plumbline.domain.procedures import verification
from plumbline.evidence.document import pdf, press
from plumbline.evidence.document.schema import find_schema
from plumbline.evidence.statement import FileEntry
from plumbline.faces.commands.demo.acting import Cast

REST = "guards, story, ORM: Python"


def main(asked: dict[str, Any]) -> Answer:
    """Issue everything; returns the rows of the report."""
    report = Report("issue")
    clerk = Clerk()
    jobs = iter(asked["jobs"])
    for job in take(jobs, asked["warming"]):
        clerk.issue(job)
    rate(report, clerk, take(jobs, asked["plain"]), asked["limit_s"])
    parts(report, clerk, list(jobs), asked["limit_s"])
    floors(report, clerk.last)
    sequence(report)
    report.peak_memory("the clerk's process", own_peak_kib())
    return as_answer(report)


class Clerk:
    """The approver at work, one transaction for each certificate."""

    def __init__(self) -> None:
        self._cast = Cast(timezone.localdate())
        self.last: CertificateFacts | None = None

    def issue(self, job: Mapping[str, str]) -> None:
        """Issue one document."""
        self.last = self._cast.do("approver", partial(self._issue, job))

    def _issue(self, job: Mapping[str, str], actor: Actor) -> CertificateFacts:
        seen = cases.case(UUID(job["case"])).sequence
        asked = ActRequest("issue", {}, seen=seen, request_id=uuid4())
        return verification.issue(actor, UUID(job["job"]), request=asked, at=timezone.now())


def rate(report: Report, clerk: Clerk, jobs: list[Mapping[str, str]], limit_s: float) -> None:
    """Issue without timers; report the rate and the spread of one."""
    took = durations(clerk, jobs, limit_s)
    report.figure("complete certificates on one core", len(took) / sum(took), "/s", note=f"{len(took)} in a row")
    report.figure("one certificate", statistics.median(took) * 1000, "ms", note="median")
    slowest = max(took) * 1000
    report.figure("the slowest of them", slowest, "ms", note="one clerk alone, no waiting for others")


def parts(report: Report, clerk: Clerk, jobs: list[Mapping[str, str]], limit_s: float) -> None:
    """Issue under timers; report what each part takes of one certificate."""
    watch = Stopwatch(REST)
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(watch.queries))
        stack.enter_context(watch.watching(places()))
        count = len(durations(clerk, jobs, limit_s))
    whole = sum(watch.seconds.values())
    for name, seconds in sorted(watch.seconds.items(), key=lambda each: -each[1]):
        calls = watch.calls.get(name, count) / count
        note = f"{100 * seconds / whole:.0f} %" + (f", {calls:.3g} a certificate" if name != REST else "")
        report.figure(f"— {name}", 1000 * seconds / count, "ms", note=note)
    if not find_schema(Path(settings.PLUMBLINE_DCC_SCHEMA_DIR)):
        report.notes.append("The check against the DCC schema is not counted: no schema is installed here.")


def places() -> list[tuple[object, str, str]]:
    """Return what is timed: where a function is looked up, its name there, the part it counts to."""
    return [
        (laboratory, "evaluation_of", "evaluate: error, repeatability, uncertainty, verdict"),
        (certificates, "build_dcc", "DCC"),
        (certificates, "validate_dcc", "DCC against its schema"),
        (certificates, "render_pdf", "PDF"),
        (pdf, "qr_svg", "QR"),
        (press, "unprintable", "PDF: is there a glyph for every character"),
        (FileEntry, "of", "SHA-256 and SM3 of the files"),
        (files, "_write", "files written and synced"),
        (keys, "signer_of", "sign: key read from its file"),
        (ledger, "seal", "sign"),
        (connection, "commit", "commit"),
    ]


def floors(report: Report, last: CertificateFacts | None) -> None:
    """Report what the disk alone asks for one certificate: its three files synced, one commit synced."""
    if last is None:
        return
    folder = Path(settings.PLUMBLINE_DATA) / "files"
    hashes = (last.dcc_sha256, last.pdf_sha256, last.record_sha256)
    contents = [(folder / sha256[:2] / sha256).read_bytes() for sha256 in hashes]
    bare_s = median(partial(_write_plainly, contents))
    report.floor("files written and synced", bare_s, note="three files, each with its folder synced")
    report.floor("commit", median(_commit_one_message), note="one transaction of one WAL message")


def sequence(report: Report) -> None:
    """Let the log catch up with all that was issued; report its share of one certificate."""
    begun, before = time.perf_counter(), -1
    first = size = ledger.sequence(at=timezone.now())
    while size != before:
        before, size = size, ledger.sequence(at=timezone.now())
    took = time.perf_counter() - begun
    report.figure(
        "the log, all of it at once", took, "s", note=f"sequenced, tiles synced, head signed: {first} entries"
    )


def durations(clerk: Clerk, jobs: Iterable[Mapping[str, str]], limit_s: float) -> list[float]:
    """Issue until the jobs or the time are used up; return what each took in seconds."""
    took: list[float] = []
    for job in jobs:
        begun = time.perf_counter()
        clerk.issue(job)
        took.append(time.perf_counter() - begun)
        if sum(took) > limit_s:
            break
    return took


def take(jobs: Any, count: int) -> list[Mapping[str, str]]:
    """Return the next few."""
    return [job for job, _ in zip(jobs, range(count), strict=False)]


def median(work: Any) -> float:
    """Return the middle time of a series, in seconds."""
    work()
    took = []
    for _ in range(15):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def _write_plainly(contents: list[bytes]) -> None:
    for place, content in enumerate(contents):
        folder = Path(settings.PLUMBLINE_DATA) / "floor" / str(place)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "part").open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (folder / "part").rename(folder / "whole")
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _commit_one_message() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_logical_emit_message(true, 'floor', 'x')")
