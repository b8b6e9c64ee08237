"""The audit of the log: recompute every hash from the rows and the stored tiles, never compare two stored hashes.

Leaves the files that statements name to the rooms that keep them.

Source: project trust design, section 4, rule 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.domain.ledger import keys, queries
from plumbline.domain.ledger.models import Entry, Statement
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Text, say
from plumbline.evidence import statement as statements
from plumbline.evidence.log.checkpoint import open_checkpoint

BATCH = 2000


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
    with scoped(EVERYTHING):
        faults = list(_faulty_entries())
    head = open_checkpoint(note, [keys.log_key()])
    if store.recompute_root(head.size) != head.root:
        faults.append(say("由日志切片重算的根与签发的日志头不同，共 {size} 条", size=head.size))
    return AuditReport(head.size, tuple(faults))


def _faulty_entries() -> Iterator[Text]:
    found = {row.id: row for row in Statement.objects.all().iterator(BATCH)}
    for place, entry in enumerate(Entry.objects.order_by("index").iterator(BATCH)):
        row = found.get(entry.statement_id)
        if entry.index != place:
            yield say("日志第 {place} 条的序号是 {index}", place=place, index=entry.index)
        if row is None or statements.leaf_bytes(bytes(row.payload), bytes(row.envelope)) != bytes(entry.leaf):
            yield say("日志第 {place} 条与它的陈述不符", place=place)
