"""Locks on things that are never changed: one at a time, until the transaction ends, and no two wait in a ring."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from plumbline.domain.rows import locks
from plumbline.domain.rows.models import new_id
from tests.domain.databases import connected, left_open, together

pytestmark = pytest.mark.django_db(transaction=True)


def is_free(key: UUID) -> bool:
    """Tell whether another transaction could hold a key now."""
    number = int.from_bytes(key.bytes[8:], "big", signed=True)
    with connected() as other:
        return other.execute("select pg_try_advisory_xact_lock(%s)", [number]).fetchone() == (True,)


def hold_in_turn(*keys: UUID) -> int:
    """Hold keys in a transaction of its own, again and again; returns how often."""
    for _ in range(50):
        with transaction.atomic():
            locks.hold_all(keys)
    return 50


def test_a_held_key_is_not_free_until_the_transaction_ends() -> None:
    key = new_id()
    with left_open(partial(locks.hold, key)):
        during = is_free(key)
    assert (during, is_free(key)) == (False, True)


def test_holding_one_key_leaves_others_free() -> None:
    with left_open(partial(locks.hold, new_id())):
        assert is_free(new_id())


def test_keys_asked_for_in_opposite_order_do_not_wait_in_a_ring() -> None:
    first, second = new_id(), new_id()
    assert together(partial(hold_in_turn, first, second), partial(hold_in_turn, second, first)) == [50, 50]


def test_holding_nothing_is_allowed() -> None:
    with transaction.atomic():
        locks.hold_all([])
