"""30 clerks issue through the pages for ten minutes while the database and the web server are killed with -9 at random.

A copy of its own, run as `serve` runs it: database, web server, sequencer. Each clerk sits at a browser of their own,
takes their time, and sends the same form again until it is answered; every fifth is sent twice on purpose. Afterwards
what was answered is looked for in the database and recomputed: none lost, none doubled, no gap.
"""

from __future__ import annotations

import http.client
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any  # what the children answer is JSON
from urllib.parse import urlencode
from uuid import UUID

from drills.stand.answers import faults_of_answers
from drills.stand.copy import OwnCopy, own_copy
from drills.stand.rehearsing import Say, at_any_size, audit_faults, kill_server
from plumbline.config.ports import hold_port
from plumbline.config.serving import HOST, collect_static, services
from plumbline.config.supervisor import Supervisor

A_CASE, AGAIN_EVERY = 10, 5
SEED = 20261122
DONE = 303
TOKEN = "a" * 32
"""What a browser of our own sends as cookie and as header: it proves that no other page sent the form."""
SEEN = re.compile(r'name="seen" value="(\d+)"')


@dataclass(frozen=True)
class Plan:
    """How large the rehearsal is. kills: of the database, and as many of the web server."""

    certificates: int = 400
    clerks: int = 30
    minutes: float = 10.0
    kills: int = 6


@dataclass
class Clerk:
    """One at a browser of their own. pause_s: how long they take for a form, on the average."""

    port: int
    cookie: str
    work: list[dict[str, Any]]
    pause_s: float
    until: float
    chance: random.Random
    met: Counter[str] = field(default_factory=Counter)
    done: list[dict[str, Any]] = field(default_factory=list)

    def work_through(self) -> None:
        """Send every form until it is answered, or until time is up."""
        for place, item in enumerate(self.work):
            time.sleep(self.chance.uniform(0, 2 * self.pause_s))
            for _ in range(2 if place % AGAIN_EVERY == AGAIN_EVERY - 1 else 1):
                self._insist(item)

    def _insist(self, item: dict[str, Any]) -> None:
        begun = time.monotonic()
        while time.monotonic() < self.until:
            try:
                status = self._send(item)
            except (OSError, http.client.HTTPException) as err:
                self.met[type(err).__name__] += 1
            else:
                if status == DONE:
                    self.done.append({**item, "seconds": time.monotonic() - begun})
                    return
                self.met[f"answer {status}"] += 1
            time.sleep(self.chance.uniform(0.1, 1))

    def _send(self, item: dict[str, Any]) -> int:
        """Open the page of the case as a person does, and send its form for one document; return the status.

        A case that awaits nothing more has no form: the one of a page left open is sent, which is answered the same.
        """
        path, at = f"/cases/{item['case_number']}/", item["position"]
        status, page = self._ask("GET", path, "")
        if status != http.HTTPStatus.OK:
            return status
        seen = SEEN.search(page)
        form = {"act": "issue", "seen": seen[1] if seen else 0, "job": at, f"request_id.{at}": item["request"]}
        return self._ask("POST", path, urlencode(form))[0]

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        opened = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Cookie": self.cookie, "X-CSRFToken": TOKEN,
                   "Host": f"localhost:{self.port}", "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        try:
            opened.request(method, path, body or None, headers)
            answer = opened.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            opened.close()


def run(say: Say) -> list[str]:
    """Rehearse at full size; return what was not as it should be."""
    return rehearse(Plan(), say)


def rehearse(plan: Plan, say: Say) -> list[str]:
    """Seed a copy, let the clerks work through the storm, look at what is there; return the faults."""
    chance = random.Random(SEED)
    with own_copy("office") as copy:
        jobs = copy.call("drills.stand.city", {"jobs": plan.certificates, "a_case": A_CASE}, patience_s=1800)
        say(f"{len(jobs)} jobs approved, everything they stand on is in the log")
        work = [{**job, "request": str(UUID(int=chance.getrandbits(128), version=4))} for job in jobs]
        cookies = copy.call("drills.stand.signing", {"account": "approver", "count": plan.clerks, "token": TOKEN})
        with served(copy) as (supervisor, port):
            clerks = seated(plan, work, port=port, cookies=cookies)
            storm(supervisor, clerks, plan, chance=chance, say=say)
            tell(clerks, say)
            done = {"answers": [each for one in clerks for each in one.done]}
            answers = copy.call("drills.stand.signing:numbers", done)
            looked_at = {"answers": answers, "notes": [], "patience_s": 60}
            seen = copy.call("drills.stand.verdict", looked_at, patience_s=900)
        say(f"looked at: {', '.join(f'{name} {value}' for name, value in seen['figures'].items())}")
        return [*faults_of_answers([item["request"] for item in work], answers), *seen["faults"], *audit_faults(say)]


@contextmanager
def served(copy: OwnCopy) -> Iterator[tuple[Supervisor, int]]:
    """Run a copy's services above its database, as `serve` does; yields who keeps them alive, and the port."""
    collect_static(copy.folder)
    held = hold_port(HOST, None)
    supervisor = Supervisor(postgres=copy.postgres, run_folder=copy.folder.run)
    try:
        for service in services(copy.folder, held.port):
            supervisor.add(service)
        yield supervisor, held.port
    finally:
        supervisor.stop()
        held.release()


def seated(plan: Plan, work: list[dict[str, Any]], *, port: int, cookies: list[str]) -> list[Clerk]:
    """Return the clerks, the work dealt round, so that several meet in every case."""
    until = time.monotonic() + 2 * 60 * plan.minutes
    pause_s = 0.7 * 60 * plan.minutes * plan.clerks / len(work)
    return [
        Clerk(port, cookies[number], work[number :: plan.clerks], pause_s, until, random.Random(number))
        for number in range(plan.clerks)
    ]


def storm(supervisor: Supervisor, clerks: list[Clerk], plan: Plan, *, chance: random.Random, say: Say) -> None:
    """Have the clerks work; kill what serves them now and then, and have it started again, until all are done."""
    threads = [threading.Thread(target=clerk.work_through, daemon=True) for clerk in clerks]
    kill_at = sorted((chance.uniform(1, 54 * plan.minutes), name) for name in ("database", "web") * plan.kills)
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        supervisor.watch_once()
        if kill_at and time.monotonic() - begun > kill_at[0][0]:
            kill(supervisor, kill_at.pop(0)[1], done=sum(len(each.done) for each in clerks), say=say)
        time.sleep(0.05)
    say(f"all clerks are done after {time.monotonic() - begun:.0f} s, {2 * plan.kills - len(kill_at)} kills")


def kill(supervisor: Supervisor, what: str, *, done: int, say: Say) -> None:
    """Kill the database with all it has started, or the web server's parent: its workers end with it."""
    (web,) = [each.process for each in supervisor.services if each.name == "web"]
    if what == "database" and supervisor.postgres is not None:
        kill_server(supervisor.postgres)
    elif web is not None:
        web.kill()
    say(f"{what} killed with -9 after {done} answers")


def tell(clerks: list[Clerk], say: Say) -> None:
    """Say how patient the clerks had to be."""
    answers = [each for clerk in clerks for each in clerk.done]
    slowest = max((each["seconds"] for each in answers), default=0)
    say(f"{len(answers)} answers (every fifth form sent twice), the slowest after {slowest:.1f} s")
    for reason, times in sum((clerk.met for clerk in clerks), Counter[str]()).most_common():
        say(f"  met {times} times: {reason}")


if __name__ == "__main__":
    sys.exit(at_any_size("office", Plan, rehearse))
