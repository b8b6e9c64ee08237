"""How a peer answers: a line on what it is, the seconds of its work for each line it reads, at the end its memory.

Stands beside the scripts and needs nothing but Python: each of them runs in an environment of its own.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable


def answer(about: str, work: Callable[[str], float]) -> None:
    """Say what we are, the seconds `work` took for each line read, then the peak memory in KiB."""
    _say(about)
    for line in sys.stdin:
        _say(f"{work(line.strip()):.6f}")
    _say(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _say(line: str) -> None:
    print(line, flush=True)
