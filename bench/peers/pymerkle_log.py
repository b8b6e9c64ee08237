"""The peer of bench/log.py: a log of the same leaves in pymerkle's SQLite tree, once for each line it reads.

A line that says `prove` asks the log made last for proofs of inclusion, any other makes a new log. Runs in an
environment of its own: FOLDER LEAVES BYTES TURN PROOFS SEED. Its hashing puts the same bytes before leaves and nodes
as ours (RFC 6962).
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pymerkle  # type: ignore[import-not-found]  # only in the peer's own environment
from bench.peers.answering import answer


def main(arguments: list[str]) -> None:
    """Make a log to warm up, say what we are, then work once for each line."""
    folder, (leaves, size, turn, proofs, seed) = Path(arguments[0]), map(int, arguments[1:])
    chance = random.Random(seed)  # the same leaves as ours
    entries = [chance.randbytes(size) for _ in range(leaves)]
    places = [chance.randrange(leaves) for _ in range(proofs)]
    logs = [grown(folder, 0, entries, turn)[0]]

    def work(line: str) -> float:
        if line == "prove":
            return proving(logs[-1], places)
        log, took_s = grown(folder, len(logs), entries, turn)
        logs.append(log)
        return took_s

    answer(f"pymerkle {pymerkle.__version__}, a tree in SQLite and memory, a commit and a root a turn, unsigned", work)


def grown(folder: Path, number: int, entries: list[bytes], turn: int) -> tuple[pymerkle.SqliteTree, float]:
    """Return a new log of the entries, appended turn by turn with a root each, and the seconds that took."""
    log = pymerkle.SqliteTree(str(folder / f"pymerkle-{number}.db"))
    begun = time.perf_counter()
    for first in range(0, len(entries), turn):
        log.append_entries(entries[first : first + turn])
        log.get_state()
    return log, time.perf_counter() - begun


def proving(log: pymerkle.SqliteTree, places: list[int]) -> float:
    """Return the seconds of all proofs; leaves are counted from one here."""
    begun = time.perf_counter()
    for place in places:
        log.prove_inclusion(place + 1)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1:])
