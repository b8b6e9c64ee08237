"""Locks on things whose rows only grow: locking such a row itself would need the right to change it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection


def hold(key: UUID) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends."""
    number = int.from_bytes(key.bytes[8:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [number])
