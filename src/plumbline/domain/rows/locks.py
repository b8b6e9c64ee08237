"""Locks on things whose rows only grow: locking such a row itself would need the right to change it.

The keys are pairs of a kind and a hash. PostgreSQL keeps pairs apart from single numbers, so that no id, not even one
that a browser chose, can meet the lock of the sequencer; two things of one kind with one hash only wait needlessly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import IntEnum
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection


class Kind(IntEnum):
    """What is locked; the numbers must stay, since processes of two releases may run side by side."""

    REQUEST = 1
    INSTRUMENT = 2
    DRAFT = 3
    CERTIFICATE = 4
    ERRAND = 5
    PERIODIC = 6


def hold(kind: Kind, key: UUID) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends."""
    hold_all(kind, [key])


def hold_all(kind: Kind, keys: Iterable[UUID]) -> None:
    """Hold several keys until this transaction ends; in one order for all callers, so that none wait in a ring."""
    numbers = sorted({number_of(key) for key in keys})
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, number) from unnest(%s::int[]) number", [kind.value, numbers])


def try_hold_on(kind: Kind, key: UUID) -> bool:
    """Hold `key` beyond the transaction, until `let_go` or the end of the connection; say whether it was free.

    Held twice by one connection, it must be let go twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [kind.value, number_of(key)])
        found = cursor.fetchone()
    return bool(found and found[0])


def let_go(kind: Kind, key: UUID) -> None:
    """Give back what `try_hold_on` holds."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(%s, %s)", [kind.value, number_of(key)])


def named(name: str) -> UUID:
    """Return the key of something that has a name alone."""
    return uuid5(NAMESPACE_OID, name)


def number_of(key: UUID) -> int:
    """Return the hash of a key as the lock has it: 32 bits, signed."""
    return int.from_bytes(hashlib.sha256(key.bytes).digest()[:4], "big", signed=True)
