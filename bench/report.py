"""What a bench hands its figures to: single figures, comparisons pair by pair with a named peer, peak memory.

A peer lives in an environment of its own, made from `bench/peers/<name>.txt` (locked, with hashes), and runs as a
separate process. Ours and the peer's are measured alternately in one run, so that other load meets both.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from launch.environment import HOME
from launch.setup import SetupError

from launch import environment

PEERS = HOME / "build" / "peers"


@dataclass
class Report:
    """The figures of one bench, as rows of a table."""

    subject: str
    summary: str = ""
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def figure(self, name: str, value: float, unit: str, *, note: str = "") -> None:
        """Add one measured value."""
        self.rows.append((name, f"{shown(value)} {unit}".strip(), note))

    def compare(
        self, name: str, *, ours: Callable[[], float], peer: tuple[str, Callable[[], float]], rounds: int = 7
    ) -> None:
        """Measure ours and the peer's alternately and add both medians and the ratio of each pair.

        Each callable does the same work once and returns what it cost (seconds, or any figure where less is better).
        The first round warms up and is not counted.
        """
        peer_name, theirs = peer
        pairs = [(ours(), theirs()) if number % 2 else swapped(theirs(), ours()) for number in range(rounds + 1)][1:]
        ratios = sorted(other / own for own, other in pairs)
        self.figure(name, statistics.median(own for own, _other in pairs), "s", note="ours, median")
        self.figure(name, statistics.median(other for _own, other in pairs), "s", note=f"{peer_name}, median")
        spread = f"{shown(ratios[0])} to {shown(ratios[-1])} over {rounds} pairs"
        self.figure(f"{name}: {peer_name} / ours", statistics.median(ratios), "", note=spread)

    def floor(self, name: str, seconds: float, *, note: str) -> None:
        """Add the cost no implementation can be below, such as the bare disk write, for the eye to compare."""
        self.figure(f"{name}: floor", seconds, "s", note=note)

    def peak_memory(self, name: str, kibibytes: float) -> None:
        """Add a peak of resident memory."""
        self.figure(name, kibibytes / 1024, "MiB", note="peak resident memory")


def swapped(first: float, second: float) -> tuple[float, float]:
    """Return the two in the other order."""
    return second, first


def shown(value: float) -> str:
    """Return a figure with three significant digits and no exponent."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def own_peak_kib() -> int:
    """Return the peak of this process's resident memory in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def resident_kib(pids: list[int]) -> int:
    """Return the memory processes hold together in KiB, shared pages counted once by their share (Pss)."""
    return sum(_pss(pid) for pid in pids)


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def peer_python(name: str) -> Path:
    """Return the Python of a peer's own environment, made anew when its lock has changed. Raises: RuntimeError."""
    lock = f"bench/peers/{name}.txt"
    folder = PEERS / name
    stamp = folder / "plumbline-stamp"
    wanted = environment.digest(lock)
    if not stamp.exists() or stamp.read_text() != wanted:
        try:
            environment.make(folder)
            environment.pip_install(folder / "bin" / "python", [lock])
        except SetupError as error:
            raise RuntimeError(f"the environment of the peer {name} could not be made: {error}") from error
        stamp.write_text(wanted)
    return folder / "bin" / "python"
