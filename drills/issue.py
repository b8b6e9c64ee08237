"""200 certificates issued by 8 concurrent clerks while the database is killed with -9 twice: none lost, none doubled.

A copy of its own: database, data folder, sequencer. The clerks ask again until they are answered, every fifth request
once more on purpose. The database is killed as a whole, postmaster and all it has started, and started again by the
supervisor that runs the platform. Afterwards everything answered is looked for and recomputed.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any  # what the children answer is JSON
from uuid import UUID

from drills.stand.answers import faults_of_answers
from drills.stand.copy import Child, OwnCopy, own_copy
from drills.stand.rehearsing import Say, at_any_size, audit_faults, kill_server
from plumbline.config.serving import services
from plumbline.config.supervisor import Supervisor

A_CASE = 10
SEED = 20261122


@dataclass(frozen=True)
class Plan:
    """How large the rehearsal is."""

    certificates: int = 200
    clerks: int = 8
    kills: int = 2
    limit_s: float = 600.0


def run(say: Say) -> list[str]:
    """Rehearse at full size; return what was not as it should be."""
    return rehearse(Plan(), say)


def rehearse(plan: Plan, say: Say) -> list[str]:
    """Seed a copy, let the clerks work through the storm, look at what is there; return the faults."""
    chance = random.Random(SEED)
    with own_copy("drill") as copy:
        say("a copy of its own is up")
        jobs = copy.call("drills.stand.city", {"jobs": plan.certificates, "a_case": A_CASE})
        say(f"{len(jobs)} jobs approved, everything they stand on is in the log")
        work = [{**job, "request": str(UUID(int=chance.getrandbits(128), version=4))} for job in jobs]
        storm = Storm(copy, plan, chance)
        try:
            faults = storm.pass_over(work, say)
            answers = storm.answers()
            tell_answers(answers, storm.refusals, say)
            seen = copy.call("drills.stand.verdict", {"answers": answers, "notes": storm.notes, "patience_s": 60})
        finally:
            storm.end()
        say(f"looked at: {', '.join(f'{name} {value}' for name, value in seen['figures'].items())}")
        faults += faults_of_answers([item["request"] for item in work], answers)
        return [*faults, *seen["faults"], *audit_faults(say)]


class Storm:
    """The clerks at work, the sequencer beside them, the database killed under them."""

    def __init__(self, copy: OwnCopy, plan: Plan, chance: random.Random) -> None:
        self.refusals: Counter[str] = Counter()
        self.notes: list[str] = []
        self._copy, self._plan, self._chance = copy, plan, chance
        self._answers = copy.folder.run / "answers"
        self._answers.mkdir()
        self._supervisor = Supervisor(postgres=copy.postgres, run_folder=copy.folder.run)

    def pass_over(self, work: list[dict[str, str]], say: Say) -> list[str]:
        """Let the clerks do the work while the database is killed now and then; return what failed as such."""
        self._take_note()
        for service in services(self._copy.folder, 0):
            if service.name == "log-sequencer":
                self._supervisor.add(service)
        begun, clerks = time.monotonic(), self._clerks(work)
        say(f"{len(clerks)} clerks at work on {len(work)} requests")
        kill_at = [len(work) * (number + 1) // (self._plan.kills + 1) for number in range(self._plan.kills)]
        kills: list[float] = []
        while any(clerk.process.poll() is None for clerk in clerks):
            self._supervisor.watch_once()
            if len(kills) < len(kill_at) and len(self._lines()) >= kill_at[len(kills)]:
                kills.append(self._kill(say))
            if time.monotonic() - begun > self._plan.limit_s:
                return [f"the clerks did not come to an end within {self._plan.limit_s:.0f} s", *self._end_of(clerks)]
            time.sleep(0.02)
        took_s = time.monotonic() - begun
        say(f"all clerks are done after {took_s:.1f} s: {len(work) / took_s:.2f} certificates/s through it all")
        missed = [] if len(kills) == self._plan.kills else [f"the database was killed {len(kills)} times only"]
        return missed + self._end_of(clerks)

    def answers(self) -> list[dict[str, Any]]:
        """Return every answer the clerks got, in no particular order."""
        return [json.loads(line) for line in self._lines()]

    def end(self) -> None:
        """End the sequencer; the database is ended by the copy."""
        self._supervisor.stop()

    def _clerks(self, work: list[dict[str, str]]) -> list[Child]:
        """Deal the jobs round, so that clerks meet in every case."""
        at = datetime.now(UTC).isoformat()
        return [
            self._copy.start(
                "drills.stand.clerk",
                {
                    "number": number,
                    "work": work[number :: self._plan.clerks],
                    "answers": str(self._answers / f"{number}.jsonl"),
                    "at": at,
                    "patience_s": self._plan.limit_s / 2,
                },
            )
            for number in range(self._plan.clerks)
        ]

    def _lines(self) -> list[str]:
        whole = [path.read_text().rpartition("\n")[0] for path in sorted(self._answers.glob("*.jsonl"))]
        return [line for text in whole for line in text.splitlines()]

    def _kill(self, say: Say) -> float:
        """Kill the server and all it started at a moment of no one's choosing; return how long it was away."""
        time.sleep(self._chance.uniform(0.0, 0.3))
        killed = kill_server(self._copy.postgres)
        self._take_note()
        begun, answered = time.monotonic(), len(self._lines())
        self._supervisor.watch_once()
        away_s = time.monotonic() - begun
        say(f"database killed with -9 ({killed} processes) after {answered} answers; up again in {away_s:.1f} s")
        return away_s

    def _take_note(self) -> None:
        """Keep the checkpoint as it lies on disk: what anyone may have fetched by now, the end must continue."""
        self.notes.append((self._copy.folder.log / "checkpoint").read_text())

    def _end_of(self, clerks: list[Child]) -> list[str]:
        """Take the clerks' last words; return those who broke down."""
        faults = []
        for number, clerk in enumerate(clerks):
            try:
                self.refusals.update(clerk.result(patience_s=1))
            except RuntimeError as error:
                faults.append(f"clerk {number}: {error}")
        return faults


def tell_answers(answers: list[dict[str, Any]], refusals: Counter[str], say: Say) -> None:
    """Say how patient the clerks had to be."""
    slowest = max((each["seconds"] for each in answers), default=0)
    tries = sum(each["tries"] for each in answers)
    say(f"{len(answers)} answers (every fifth request sent twice), {tries} tries, the slowest answer after {slowest} s")
    for reason, times in refusals.most_common():
        say(f"  met {times} times: {reason}")


if __name__ == "__main__":
    sys.exit(at_any_size("issue", Plan, rehearse))
