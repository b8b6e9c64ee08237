"""The audit of the log: recompute every hash from the rows and the stored tiles, never compare two stored hashes.

Each leaf is asked three times: what its statement gives, what its row holds, what the published tile holds. A change of
any one of them is told, and so is one of two of them in step. Leaves the files that statements name to the rooms that
keep them.

Source: project trust design, section 4, rule 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plumbline.domain.ledger import keys, queries
from plumbline.domain.ledger.models import Entry, Statement
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import PlumblineError, Text, say
from plumbline.evidence import statement as statements
from plumbline.evidence.log.checkpoint import Checkpoint as Head
from plumbline.evidence.log.checkpoint import open_checkpoint
from plumbline.evidence.log.merkle import Frontier, leaf_hash, root_of
from plumbline.evidence.log.store import TileStore
from plumbline.evidence.log.tiles import ENTRIES, TILE_WIDTH, tile_path


@dataclass(frozen=True)
class AuditReport:
    """What was looked at and what did not agree."""

    entries: int
    faults: tuple[Text, ...]


def audit() -> AuditReport:
    """Recompute statements, leaves and the whole tree, and compare with the signed head."""
    store = queries.store()
    note = store.checkpoint()
    if note is None:
        return AuditReport(0, ())
    head = open_checkpoint(note, [keys.log_key()])
    with scoped(EVERYTHING):
        return AuditReport(head.size, tuple(_faults(store, head)))


def _faults(store: TileStore, head: Head) -> Iterator[Text]:
    total = max(head.size, Entry.objects.count())
    tree, full_tiles = Frontier(), []
    for start in range(0, total, TILE_WIDTH):
        leaves = _published(store, start, size=head.size)
        if leaves is None:
            yield _bad_tile(tile_path(ENTRIES, start // TILE_WIDTH, width=min(TILE_WIDTH, head.size - start)))
        hashes = [leaf_hash(leaf) for leaf in leaves or ()]
        tree.extend(hashes)
        full_tiles += [root_of(hashes)] if len(hashes) == TILE_WIDTH else []
        yield from _faulty_tile(store, 0, number=start // TILE_WIDTH, hashes=hashes)
        yield from _faulty_rows(start, min(start + TILE_WIDTH, total), leaves=leaves or ())
    yield from _faulty_levels(store, full_tiles)
    if tree.root() != head.root:
        yield say("由日志切片重算的根与签发的日志头不同，共 {size} 条", size=head.size)


def _published(store: TileStore, start: int, *, size: int) -> list[bytes] | None:
    """Return the leaves of one bundle that the signed head covers, None when they cannot be read."""
    if start >= size:
        return []
    try:
        return store.entries(start, min(start + TILE_WIDTH, size), size=size)
    except PlumblineError:
        return None


def _faulty_rows(start: int, stop: int, *, leaves: Sequence[bytes]) -> Iterator[Text]:
    rows = Entry.objects.in_bulk(range(start, stop))
    said = Statement.objects.in_bulk([row.statement_id for row in rows.values()])
    for index in range(start, stop):
        row = rows.get(index)
        if row is None:
            yield say("日志第 {place} 条在数据库里缺失", place=index)
            continue
        leaf = bytes(row.leaf)
        if leaf != _leaf_of(said.get(row.statement_id)) or leaf_hash(leaf) != bytes(row.leaf_hash):
            yield say("日志第 {place} 条与它的陈述不符", place=index)
        if index - start < len(leaves) and leaf != leaves[index - start]:
            yield say("日志第 {place} 条与公布的切片不同", place=index)


def _leaf_of(said: Statement | None) -> bytes | None:
    """Return the leaf that a statement gives, None when there is none or it no longer is one."""
    if said is None:
        return None
    try:
        return statements.leaf_bytes(bytes(said.payload), bytes(said.envelope))
    except PlumblineError:
        return None


def _faulty_levels(store: TileStore, hashes: list[bytes]) -> Iterator[Text]:
    """Compare the tiles above the lowest level. hashes: the roots of its full tiles."""
    level = 1
    while hashes:
        parts = [hashes[first : first + TILE_WIDTH] for first in range(0, len(hashes), TILE_WIDTH)]
        for number, part in enumerate(parts):
            yield from _faulty_tile(store, level, number=number, hashes=part)
        hashes = [root_of(part) for part in parts if len(part) == TILE_WIDTH]
        level += 1


def _faulty_tile(store: TileStore, level: int, *, number: int, hashes: Sequence[bytes]) -> Iterator[Text]:
    path = tile_path(level, number, width=len(hashes)) if hashes else ""
    if hashes and store.file(path) != b"".join(hashes):
        yield _bad_tile(path)


def _bad_tile(path: str) -> Text:
    return say("日志切片 {file} 缺失或已被改动", file=path)
