"""Locks on things whose rows only grow: locking such a row itself would need the right to change it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection


def hold(key: UUID) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends."""
    hold_all([key])


def hold_all(keys: Iterable[UUID]) -> None:
    """Hold several keys until this transaction ends; in one order for all callers, so that none wait in a ring."""
    numbers = sorted(int.from_bytes(key.bytes[8:], "big", signed=True) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(number) from unnest(%s::bigint[]) number", [numbers])
