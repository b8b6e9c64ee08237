"""A log of its own for a test: empty tables, an empty folder, and somebody who says things."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import monotonic, sleep
from uuid import UUID

from plumbline.config.postgres_roles import OWNER
from plumbline.domain.ledger import actions, sequencer
from plumbline.domain.ledger.models import Entry, QueueItem, Statement
from plumbline.domain.ledger.types import NewStatement, StatementFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.databases import connected
from tests.world import PATIENCE_S, moment

SPEAKER = UUID(int=7)
SPAN = (date(2020, 1, 1), date(2030, 12, 31))


def note(text: str) -> NewStatement:
    """Return something to say in the log."""
    return NewStatement("log.note", "TESTX", {"note": text}, SPEAKER, demo=False)


def say_note(text: str) -> StatementFacts:
    """Say something, in the running transaction."""
    return actions.submit(note(text), at=moment())


def say_notes(*texts: str) -> list[StatementFacts]:
    """Say several things in one transaction of their own."""
    with scoped(EVERYTHING):
        return [say_note(text) for text in texts]


def say_note_seeing_all(text: str) -> StatementFacts:
    """Say something in a transaction that is already open."""
    with scoped(EVERYTHING):
        return say_note(text)


def say_and_fail(text: str = "lost") -> None:
    """Say something in the running transaction, then fail."""
    say_note(text)
    raise ZeroDivisionError


def unqueued() -> UUID:
    """Write a statement that waits in no queue yet; returns its id."""
    with scoped(EVERYTHING):
        return Statement.objects.create(
            type="log.note", issuer="TESTX", organisation_id=SPEAKER, payload=b"{}", envelope=b"{}", leaf=b"a",
            at=moment(),
        ).id  # fmt: skip


def queue_rows(count: int) -> None:
    """Put many leaves in the queue at once, without signatures, which the sequencer does not look at."""
    with scoped(EVERYTHING):
        said = Statement.objects.bulk_create(
            Statement(
                type="log.note", issuer="TESTX", organisation_id=SPEAKER, payload=b"{}", envelope=b"{}",
                leaf=str(number).encode(), at=moment(),
            )
            for number in range(count)
        )  # fmt: skip
        QueueItem.objects.bulk_create(QueueItem(statement=each, leaf=each.leaf) for each in said)


def leaves() -> list[bytes]:
    """Return the leaves of the log's rows in order."""
    return [bytes(leaf) for leaf in Entry.objects.order_by("index").values_list("leaf", flat=True)]


def tamper(table: str, statement: str, values: tuple[object, ...] = ()) -> None:
    """Change a table that only grows, as its owner can after switching the triggers off."""
    with connected(OWNER) as owner:
        owner.execute("select set_config('plumbline.everything', 'on', false)")
        owner.execute(f"alter table {table} disable trigger user".encode())
        owner.execute(statement.encode(), values)
        owner.execute(f"alter table {table} enable trigger user".encode())


def caught_up_to(size: int) -> int:
    """Take turns until the log has so many entries; returns its size.

    A transaction still open in another database of the same server may hold a turn back for a moment.
    """
    found = sequencer.run_once(at=moment())
    until = monotonic() + PATIENCE_S
    while found < size and monotonic() < until:
        sleep(0.02)
        found = sequencer.run_once(at=moment())
    return found


def caught_up_taking() -> None:
    """Do what a sequencer has done when it is killed after the database's commit."""
    until = monotonic() + PATIENCE_S
    while Entry.objects.count() < QueueItem.objects.count() and monotonic() < until:
        with scoped(EVERYTHING):
            sequencer._take_queued()


def until_refused() -> None:
    """Take turns until one is refused. Raises: what the turn raises."""
    until = monotonic() + PATIENCE_S
    while monotonic() < until:
        sequencer.run_once(at=moment())


def flip_last_byte(path: Path) -> None:
    """Change one byte of a file."""
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
