"""Fills, sequences, audits and proves a log, through the database and in the store alone.

asked: {"statements", "leaves"}, how many of each.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any  # what is asked is JSON

from django.conf import settings
from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.bodies.peer import peer
from bench.report import Report, own_peak_kib, seconds
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import keys, queries
from plumbline.domain.ledger.types import LOG_ISSUER, LOG_ORGANISATION, NewStatement
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence.log.checkpoint import Checkpoint, parse_vkey, sign_checkpoint
from plumbline.evidence.log.merkle import leaf_hash, root_of
from plumbline.evidence.log.proof import check_proof
from plumbline.evidence.log.store import TileStore

A_TRANSACTION, A_TURN, PROOFS, SEED = 200, 2_000, 200, 20261122
LEAF_BYTES, PEER_LEAVES, ROUNDS = 320, 20_000, 5


def main(asked: dict[str, Any]) -> Answer:
    """Measure; returns the rows of the report."""
    report = Report("log")
    through_the_database(report, asked["statements"])
    store_alone(report, asked["leaves"])
    beside_pymerkle(report, min(asked["leaves"], PEER_LEAVES))
    report.peak_memory("the measuring process", own_peak_kib())
    return as_answer(report)


def through_the_database(report: Report, count: int) -> None:
    """Sign and queue statements, sequence them, audit all, prove some."""
    at = timezone.now()
    queued_s = seconds(lambda: queue(count, at))
    report.figure("signed and queued", count / queued_s, "/s", note=f"one process, {A_TRANSACTION} a transaction")
    sequenced_s = seconds(lambda: catch_up(at))
    size = queries.published_size()
    report.figure("sequenced", size / sequenced_s, "/s", note=f"rows, tiles synced, head signed; {A_TURN} a turn")
    one_s = statistics.median(one_by_one(at) for _ in range(15))
    report.figure("one statement alone, from the queue under a signed head", 1000 * one_s, "ms", note="median of 15")
    size = queries.published_size()
    audited_s = seconds(require_clean_audit)
    report.figure(
        "audit of the log", size / audited_s, "/s", note=f"{size:,} entries in {audited_s:.3g} s: rows and tiles"
    )
    proofs(report, size)


def queue(count: int, at: datetime) -> None:
    """Say `count` things in the name of the log, in transactions of some."""
    for first in range(0, count, A_TRANSACTION):
        with scoped(EVERYTHING):
            for number in range(first, min(first + A_TRANSACTION, count)):
                say_one(number, at)


def say_one(number: int, at: datetime) -> None:
    """Sign and queue one note of the log."""
    note = NewStatement("log.note", LOG_ISSUER, {"note": f"bench {number}"}, LOG_ORGANISATION, demo=True)
    ledger.submit(note, at=at)


def catch_up(at: datetime) -> None:
    """Let the sequencer take turns until nothing is left."""
    before = -1
    while (size := ledger.sequence(at=at)) != before:
        before = size


def one_by_one(at: datetime) -> float:
    """Queue one statement and let the sequencer take it; return the seconds of its turn."""
    with scoped(EVERYTHING):
        say_one(0, at)
    return seconds(lambda: ledger.sequence(at=at))


def require_clean_audit() -> None:
    """Audit as the command does. Raises: RuntimeError if something does not agree."""
    faults = ledger.audit().faults
    if faults:
        raise RuntimeError("; ".join(str(fault) for fault in faults[:3]))


def proofs(report: Report, size: int) -> None:
    """Time the proof text of some entries, and its check."""
    chance, key = random.Random(SEED), parse_vkey(queries.log_vkey())
    places = [chance.randrange(size) for _ in range(PROOFS)]
    texts: list[str] = []
    made_s = [seconds(partial(lambda at: texts.append(queries.format_proof_at(at)), place)) for place in places]
    report.figure(
        "a proof of inclusion", 1000 * statistics.median(made_s), "ms", note="with its head from the database"
    )
    store = queries.store()
    leaves = [store.entry(place, size) for place in places]
    checked_s = [
        seconds(partial(check_proof, text, leaf, keys=[key])) for text, leaf in zip(texts, leaves, strict=True)
    ]
    report.figure("its check", 1000 * statistics.median(checked_s), "ms", note="signature of the head and audit path")


def store_alone(report: Report, count: int) -> None:
    """Append leaves turn by turn, recompute the root, prove: without a database."""
    chance = random.Random(SEED)
    leaves = [chance.randbytes(LEAF_BYTES) for _ in range(count)]
    store = TileStore(Path(settings.PLUMBLINE_DATA) / "bench-log")
    appended_s = seconds(lambda: append(store, leaves))
    report.figure("tiles: appended", count / appended_s, "/s", note=f"{count:,} leaves of {LEAF_BYTES} bytes, synced")
    written_s = seconds(lambda: write_plainly(leaves))
    report.figure(
        "tiles: appended: floor", count / written_s, "/s", note="the same bytes written and synced once a turn"
    )
    roots: list[bytes] = []
    recomputed_s = seconds(lambda: roots.append(store.recompute_root(count)))
    report.figure("tiles: root recomputed from every entry", count / recomputed_s, "/s")
    hashed_s = seconds(lambda: roots.append(root_of([leaf_hash(leaf) for leaf in leaves])))
    report.figure("tiles: root: floor", count / hashed_s, "/s", note="the same leaves hashed in memory")
    if roots[0] != roots[1]:
        raise RuntimeError("the stored leaves have another root")
    places = [chance.randrange(count) for _ in range(PROOFS)]
    report.figure("tiles: a proof of inclusion", median_ms(store.inclusion_proof, places, size=count), "ms")
    sizes = [place + 1 for place in places]
    report.figure("tiles: a proof of consistency", median_ms(store.consistency_proof, sizes, size=count), "ms")


def beside_pymerkle(report: Report, count: int) -> None:
    """Compare with a tree kept by another library: growing a log of the same leaves, and proofs from it."""
    chance, folder = random.Random(SEED), Path(settings.PLUMBLINE_DATA) / "beside"
    folder.mkdir()
    leaves = [chance.randbytes(LEAF_BYTES) for _ in range(count)]
    places = [chance.randrange(count) for _ in range(PROOFS)]
    stores = [TileStore(folder / f"tiles-{number}") for number in range(ROUNDS + 1)]
    left = iter(stores)
    grow = lambda: seconds(lambda: append(next(left), leaves))  # noqa: E731  # one work, named for the pair
    prove = lambda: seconds(lambda: [stores[0].inclusion_proof(place, count) for place in places])  # noqa: E731  # as above
    arguments: list[str | Path] = [folder, *map(str, (count, LEAF_BYTES, A_TURN, PROOFS, SEED))]
    with peer("pymerkle", "pymerkle_log.py", arguments) as other:
        grown = f"tiles: {count:,} leaves appended, synced, a root a turn"
        report.compare(grown, ours=grow, peer=("pymerkle", other.seconds), rounds=ROUNDS)
        proofs = ("pymerkle", lambda: other.seconds("prove"))
        report.compare(f"tiles: {PROOFS} proofs of inclusion", ours=prove, peer=proofs, rounds=ROUNDS)
        report.notes.append(f"The peer: {other.about}; ours also reads back what it wrote and signs each root.")


def median_ms(prove: Callable[[int, int], object], places: Sequence[int], *, size: int) -> float:
    """Return the middle time of proofs at some places of a log of a size."""
    took = []
    for place in places:
        begun = time.perf_counter()
        prove(place, size)
        took.append(time.perf_counter() - begun)
    return 1000 * statistics.median(took)


def append(store: TileStore, leaves: Sequence[bytes]) -> None:
    """Append in turns of the sequencer's size, each under a signed head."""
    for first in range(0, len(leaves), A_TURN):
        part = leaves[first : first + A_TURN]
        root = store.append(first, part)
        store.publish(sign_checkpoint(Checkpoint("bench/log", first + len(part), root), keys.log_signer()))


def write_plainly(leaves: Sequence[bytes]) -> None:
    """Write the same bytes to one file, synced as often."""
    with (Path(settings.PLUMBLINE_DATA) / "floor").open("wb") as file:
        for first in range(0, len(leaves), A_TURN):
            file.write(b"".join(leaves[first : first + A_TURN]))
            file.flush()
            os.fsync(file.fileno())
