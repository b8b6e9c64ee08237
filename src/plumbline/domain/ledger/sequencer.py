"""The one writer of the log: takes queued leaves in commit order, stores them, builds tiles, signs the head.

Order of durability: database rows, then tiles, then the checkpoint file, then its row. After a crash anywhere the next
turn starts from the published tiles and repeats what is missing; a leaf is never lost, doubled or moved.
Source: project trust design, section 4, rules 2 to 5.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from plumbline.domain.ledger import keys, queries
from plumbline.domain.ledger.models import Checkpoint, Entry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import ProofError, say
from plumbline.evidence.log.checkpoint import Checkpoint as Head
from plumbline.evidence.log.checkpoint import open_checkpoint, sign_checkpoint
from plumbline.evidence.log.merkle import Frontier, leaf_hash
from plumbline.evidence.log.store import TileStore

BATCH = 2000
IDLE_S = 0.2
FOLLOW_UP_S = 60
LOCK = 0x706C756D62  # one sequencer for one database, whatever the number of processes

# A transaction that is still running may yet commit a smaller (xid, id): only what lies below all of them is taken.
_TAKE = """
    select id, leaf, statement_id from ledger_queueitem
    where (era < (select max(number) from ledger_era) or xid < pg_snapshot_xmin(pg_current_snapshot()))
      and (era, xid, id) > (%s, %s::xid8, %s)
    order by era, xid, id limit %s
"""
# A server that this database has just been restored on counts transactions anew: what waits from before comes first.
_OPEN_ERA = """
    insert into ledger_era (number, cluster, begun_at)
    select e.number + 1, c.system_identifier, now()
    from pg_control_system() c, (select number, cluster from ledger_era order by number desc limit 1) e
    where c.system_identifier <> e.cluster
"""

_memory: dict[str, Frontier] = {}


def run_once(*, at: datetime) -> int:
    """Sequence what waits and publish a checkpoint over it; returns the size of the published tree.

    Does nothing while another sequencer holds the lock. Raises: ProofError if the two routes to the root differ, or if
    the database is behind the published tree (a restored backup): then nothing is signed.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        is_mine = cursor.fetchone() == (True,)
    if not is_mine:
        return queries.published_size()
    try:
        return _turn(at=at)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def run_forever(*, should_stop: Callable[[], bool], after_turn: Callable[[], None]) -> None:
    """Sequence until told to stop, pausing briefly while nothing waits.

    after_turn: called when the log has grown, and each minute over a log that has begun: what a killed sequencer left
    undone, and what is due by the day, waits for no new entry.
    """
    due = time.monotonic()
    while not should_stop():
        before = queries.published_size()
        size = run_once(at=timezone.now())
        if size != before or (size and time.monotonic() >= due):
            after_turn()
            due = time.monotonic() + FOLLOW_UP_S
        if size == before:
            time.sleep(IDLE_S)


def _turn(*, at: datetime) -> int:
    store = queries.store()
    signed = _signed(store)
    published = signed.size if signed else 0
    # Asked before anything is taken: a leaf put where a published one stood would hide that it is missing.
    if (rows := _next_index()) < published:
        raise ProofError(
            say("数据库只有 {rows} 条日志，少于已经签发的 {published} 条", rows=rows, published=published),
            remedy=say("数据库像是恢复了旧备份：从日志切片补回缺少的条目以前不签新的日志头"),
        )
    with scoped(EVERYTHING):
        _take_queued()
        total = _next_index()
    head = Checkpoint.objects.order_by("-size").first()
    if total == published and (total == 0 or (head and head.size == total)):
        return total
    return _publish(store, signed, total=total, at=at)


def _take_queued() -> int:
    first = _next_index()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ERA)
        cursor.execute(queries.LAST_TAKEN)
        last = cursor.fetchone() or queries.BEFORE_ALL
        cursor.execute(_TAKE, [*last, BATCH])
        rows = cursor.fetchall()
    Entry.objects.bulk_create(
        Entry(
            index=first + place,
            leaf=bytes(leaf),
            leaf_hash=leaf_hash(bytes(leaf)),
            queue_item_id=queue_id,
            statement_id=statement_id,
        )
        for place, (queue_id, leaf, statement_id) in enumerate(rows)
    )
    return len(rows)


def _next_index() -> int:
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def _signed(store: TileStore) -> Head | None:
    note = store.checkpoint()
    return open_checkpoint(note, [keys.log_key()]) if note else None


def _publish(store: TileStore, signed: Head | None, *, total: int, at: datetime) -> int:
    published = signed.size if signed else 0
    leaves = [bytes(row.leaf) for row in Entry.objects.filter(index__gte=published, index__lt=total).order_by("index")]
    frontier = _frontier(signed)
    frontier.extend(leaf_hash(leaf) for leaf in leaves)
    root = store.append(published, leaves) if leaves else store.root(published)
    if root != frontier.root():
        _memory.clear()
        raise ProofError(
            say("两条独立的路算出的日志根不同，共 {total} 条", total=total),
            remedy=say("不签日志头；检查磁盘和内存，从切片和数据库重算以后再启动"),
        )
    note = sign_checkpoint(Head(keys.log_origin(), total, root), keys.log_signer())
    store.publish(note)
    with transaction.atomic():
        Checkpoint.objects.bulk_create([Checkpoint(size=total, root=root, note=note, at=at)], ignore_conflicts=True)
    return total


def _frontier(signed: Head | None) -> Frontier:
    """Return the first route to the root: kept in memory from turn to turn, rebuilt from the database at a start.

    It never reads the tiles, which are the second route. Memory of another log than the signed one is not used.
    """
    published, root = (signed.size, signed.root) if signed else (0, Frontier().root())
    kept = _memory.get(keys.log_origin())
    if kept is None or kept.size != published or kept.root() != root:
        hashes = Entry.objects.filter(index__lt=published).order_by("index").values_list("leaf_hash", flat=True)
        kept = _memory[keys.log_origin()] = Frontier.of(bytes(each) for each in hashes.iterator(BATCH))
    return kept
