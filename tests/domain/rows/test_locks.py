"""Locks on things that are never changed: one at a time, until the transaction ends, and no two wait in a ring."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest
from django.db import transaction

from plumbline.domain.ledger.sequencer import LOCK
from plumbline.domain.rows import locks
from plumbline.domain.rows.locks import Kind
from plumbline.domain.rows.models import new_id
from tests.domain.databases import connected, left_open, together

pytestmark = pytest.mark.django_db(transaction=True)


def is_free(key: UUID, kind: Kind = Kind.REQUEST) -> bool:
    """Tell whether another transaction could hold a key now."""
    with connected() as other:
        asked = "select pg_try_advisory_xact_lock(%s::int, %s::int)"
        return other.execute(asked, [kind.value, locks.number_of(key)]).fetchone() == (True,)


def hold_in_turn(*keys: UUID) -> int:
    """Hold keys in a transaction of its own, again and again; returns how often."""
    for _ in range(50):
        with transaction.atomic():
            locks.hold_all(Kind.REQUEST, keys)
    return 50


def test_a_held_key_is_not_free_until_the_transaction_ends() -> None:
    key = new_id()
    with left_open(partial(locks.hold, Kind.REQUEST, key)):
        during = is_free(key)
    assert (during, is_free(key)) == (False, True)


def test_holding_one_key_leaves_others_free() -> None:
    with left_open(partial(locks.hold, Kind.REQUEST, new_id())):
        assert is_free(new_id())


def test_one_key_held_as_one_kind_is_free_as_another() -> None:
    key = new_id()
    with left_open(partial(locks.hold, Kind.REQUEST, key)):
        assert is_free(key, Kind.INSTRUMENT)


@pytest.mark.parametrize("key", [UUID(int=LOCK), UUID(int=LOCK << 64 | LOCK)])
def test_no_request_meets_the_lock_of_the_sequencer(key: UUID) -> None:
    with left_open(partial(locks.hold, Kind.REQUEST, key)), connected() as other:
        assert other.execute("select pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone() == (True,)


def test_keys_asked_for_in_opposite_order_do_not_wait_in_a_ring() -> None:
    first, second = new_id(), new_id()
    assert together(partial(hold_in_turn, first, second), partial(hold_in_turn, second, first)) == [50, 50]


def test_holding_nothing_is_allowed() -> None:
    with transaction.atomic():
        locks.hold_all(Kind.REQUEST, [])
