"""A database restored on another server: transactions are counted anew there, and the log goes on in order."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from plumbline.domain.ledger import queries
from plumbline.domain.ledger.models import Era
from plumbline.evidence.log.store import TileStore
from tests.domain.ledger.log_of_its_own import leaves, say_notes, tamper
from tests.world import sequence


@pytest.fixture
def restored(own_log: TileStore) -> TileStore:
    """Return a log with one entry and one leaf that waits, as if it had come from a server far ahead of this one."""
    say_notes("taken there")
    sequence()
    say_notes("waited there")
    tamper("ledger_queueitem", "update ledger_queueitem set xid = (xid::text::bigint + (1::bigint << 40))::text::xid8")
    tamper("ledger_era", "update ledger_era set cluster = cluster + 1")
    return own_log


def test_what_is_said_before_the_log_opens_an_era_is_refused(restored: TileStore) -> None:
    with pytest.raises(DatabaseError, match="restored on another server"):
        say_notes("too early")


def test_what_waited_there_comes_before_what_is_said_here(restored: TileStore) -> None:
    sequence()
    [here] = say_notes("said here")
    assert (sequence(), leaves()[-1], queries.log_state().waiting) == (3, here.leaf, 0)


def test_an_era_is_opened_once(restored: TileStore) -> None:
    sequence()
    say_notes("said here")
    sequence()
    assert list(Era.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
