"""How fast a stranger's question is answered: `/c/<code>` on line, and a bundle off line.

On line: the web server exactly as `serve` runs it, asked by one process on loopback over some open connections; beside
it the same server's `/alive`, which asks no database and draws no page, as the floor. Server, database and asker share
the machine. Off line: `offline.py` with its own Ed25519, beside the same steps with the library `cryptography`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # what the children answer is JSON

from drills.stand.copy import OwnCopy, own_copy
from launch.environment import HOME

from bench.bodies.peer import peer
from bench.report import Report, resident_kib, seconds
from plumbline.config.ports import hold_port
from plumbline.config.serving import HOST, WORKERS, answers, collect_static, services
from plumbline.config.supervisor import Supervisor
from plumbline.evidence.offline import check_bundle

CERTIFICATES, CONNECTIONS, WINDOW_S, ROUNDS = 12, 8, 2.0, 5


def run(report: Report, *, rounds: int = ROUNDS, window_s: float = WINDOW_S) -> None:
    """Seed some certificates, serve them, ask; then check one of them off line."""
    report.summary = f"granian with {WORKERS} workers, {CONNECTIONS} open connections, {CERTIFICATES} codes in turn."
    with own_copy("bench") as copy:
        jobs = copy.call("drills.stand.city", {"jobs": CERTIFICATES, "a_case": 6})
        seeded = copy.call("bench.bodies.seeding:issue", {"jobs": jobs})
        copy.folder.keep(lookups_per_minute=0)  # one address asks for all
        with served(copy) as (port, pids):
            on_line(report, Asker(port, seeded["codes"], window_s), rounds)
            report.peak_memory("web server, all its processes", resident_kib(pids()))
        bundle, trust = (copy.folder.root / seeded[name] for name in ("bundle", "trust"))
        off_line(report, bundle.read_bytes(), trust.read_bytes(), rounds=rounds)


class Asker:
    """Asks the server for a while from a process of its own, and keeps every answer's time."""

    def __init__(self, port: int, codes: list[str], window_s: float) -> None:
        self._port, self._codes, self._window_s = port, codes, window_s
        self.forget()

    def forget(self) -> None:
        """Begin to keep times anew."""
        self.took_s: list[float] = []
        self.asked_s = 0.0

    def check(self, connections: int = CONNECTIONS) -> float:
        """Ask for `/c/<code>`; return the seconds between two answers."""
        answer = self._ask([f"/c/{code}" for code in self._codes], connections)
        self.took_s += answer["took_s"]
        self.asked_s += answer["elapsed_s"]
        return float(answer["elapsed_s"]) / len(answer["took_s"])

    def alive(self) -> float:
        """Ask for `/alive`; return the seconds between two answers."""
        answer = self._ask(["/alive"], CONNECTIONS)
        return float(answer["elapsed_s"]) / len(answer["took_s"])

    def _ask(self, paths: list[str], connections: int) -> dict[str, Any]:
        asked = {"port": self._port, "paths": paths, "connections": connections, "window_s": self._window_s}
        command = [sys.executable, str(HOME / "bench" / "bodies" / "load.py"), json.dumps(asked)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr[-2000:])
        answer: dict[str, Any] = json.loads(ended.stdout)
        return answer


def on_line(report: Report, asker: Asker, rounds: int) -> None:
    """Compare the check with the floor of the same server, then ask over one connection alone."""
    asker.check()
    asker.forget()
    report.compare("between two answers", ours=asker.check, peer=("/alive", asker.alive), rounds=rounds)
    took = sorted(asker.took_s)
    report.figure("/c/<code>", len(took) / asker.asked_s, "/s", note=f"{CONNECTIONS} at once")
    report.figure("/c/<code>, p50", 1000 * quantile(took, 0.50), "ms", note=f"{CONNECTIONS} at once")
    report.figure("/c/<code>, p99", 1000 * quantile(took, 0.99), "ms", note=f"{CONNECTIONS} at once, of {len(took)}")
    asker.forget()
    asker.check(1)
    report.figure("/c/<code>, p50, one at a time", 1000 * quantile(sorted(asker.took_s), 0.5), "ms")


def off_line(report: Report, bundle: bytes, trust: bytes, *, rounds: int) -> None:
    """Check one bundle, beside the floor."""
    at = datetime.now(UTC)
    verdict = check_bundle(bundle, trust, at=at)
    report.figure("bundle", len(bundle) / 1000, "kB", note=f"the verdict: {verdict['code']}")
    with tempfile.TemporaryDirectory() as folder:
        given, keys = Path(folder) / "bundle", Path(folder) / "trust"
        given.write_bytes(bundle)
        keys.write_bytes(trust)
        with peer("cryptography", "quick_check.py", [given, keys]) as quick:
            ours = lambda: seconds(lambda: check_bundle(bundle, trust, at=at))  # noqa: E731  # one work, named for the pair
            report.compare("off-line check", ours=ours, peer=("cryptography", quick.seconds), rounds=max(rounds, 7))
            report.notes.append(f"The floor of the off-line check: {quick.about}.")


@contextmanager
def served(copy: OwnCopy) -> Iterator[tuple[int, Any]]:
    """Have the web server of the copy run as `serve` runs it; yields its port and a way to its processes."""
    collect_static(copy.folder)
    held = hold_port(HOST, None)
    web = next(each for each in services(copy.folder, held.port) if each.name == "web")
    supervisor = Supervisor(postgres=copy.postgres, run_folder=copy.folder.run)
    try:
        supervisor.add(web)
        end = time.monotonic() + 60
        while not answers(held.port):
            if time.monotonic() > end:
                raise RuntimeError((copy.folder.run / "web.log").read_text()[-2000:])
            supervisor.watch_once()
            time.sleep(0.05)
        yield held.port, lambda: pids_of(web.process.pid if web.process else 0)
    finally:
        supervisor.stop()
        held.release()


def pids_of(parent: int) -> list[int]:
    """Return a process and its children."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [parent, *(int(pid) for pid in listed.stdout.split())]


def quantile(ordered: list[float], share: float) -> float:
    """Return the value that this share of the ordered values does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
