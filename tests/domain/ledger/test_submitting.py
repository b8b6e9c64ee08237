"""Saying something: signed, queued and committed with what it is about, or not at all."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from plumbline.domain.ledger import actions, keys, queries
from plumbline.domain.ledger.models import QueueItem, Statement
from plumbline.domain.ledger.types import LOG_ISSUER, NewStatement
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, StateError
from plumbline.evidence.log.store import TileStore
from plumbline.evidence.seal.dsse import open_envelope
from plumbline.evidence.statement import leaf_bytes, read_payload
from tests.domain.ledger.log_of_its_own import SPAN, SPEAKER, note, say_and_fail, say_notes
from tests.world import moment, sequence


def test_a_statement_outside_a_transaction_is_refused(own_log: TileStore) -> None:
    with pytest.raises(StateError, match="同一个事务"):
        actions.submit(note("a"), at=moment())


def test_a_statement_falls_with_its_transaction(own_log: TileStore) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say_and_fail()
    assert QueueItem.objects.count() == 0


def test_a_statement_is_queued_with_the_leaf_it_gives(own_log: TileStore) -> None:
    [said] = say_notes("a")
    assert bytes(QueueItem.objects.get().leaf) == leaf_bytes(said.payload, said.envelope)


def test_the_envelope_is_sealed_by_the_issuer_s_key(own_log: TileStore) -> None:
    [said] = say_notes("a")
    assert [key_id for key_id, _ in open_envelope(said.envelope).signatures] == [keys.signer_of("TESTX").key_id]


def test_the_same_words_twice_leave_two_different_leaves(own_log: TileStore) -> None:
    first, second = say_notes("a", "a")
    assert first.leaf != second.leaf


def test_a_statement_that_lacks_a_member_is_refused(own_log: TileStore) -> None:
    with pytest.raises(InputError, match="note"), scoped(EVERYTHING):
        actions.submit(NewStatement("log.note", "TESTX", {}, SPEAKER, demo=False), at=moment())


def test_a_demo_says_so_in_its_statements(own_log: TileStore) -> None:
    with scoped(EVERYTHING):
        said = actions.submit(NewStatement("log.note", "TESTX", {"note": "a"}, SPEAKER, demo=True), at=moment())
    assert read_payload(said.payload)["demo"] is True


def test_a_statement_is_not_proved_before_it_is_sequenced(own_log: TileStore) -> None:
    [said] = say_notes("a")
    with pytest.raises(StateError, match="日志"):
        queries.proved_index(said.id)


def test_a_sequenced_statement_knows_its_place(own_log: TileStore) -> None:
    said = say_notes("a", "b")
    sequence()
    with scoped(EVERYTHING):
        assert [queries.statement(each.id).index for each in said] == [0, 1]


def test_an_unknown_statement_is_not_proved(own_log: TileStore) -> None:
    with pytest.raises(StateError):
        queries.proved_index(uuid4())


def test_the_log_s_key_is_announced_with_its_verifier_key(own_log: TileStore) -> None:
    with scoped(EVERYTHING):
        said = actions.announce_log_key(span=SPAN, demo=False, at=moment())
    key = read_payload(said.payload)["key"]
    assert isinstance(key, dict)
    assert (said.issuer, key["usage"], key["vkey"]) == (LOG_ISSUER, "log", queries.log_vkey())


def test_keys_lie_in_files_that_only_their_owner_reads(own_log: TileStore) -> None:
    say_notes("a")
    folder = own_log.folder.parent / "keys"
    assert {folder.stat().st_mode & 0o777, *(each.stat().st_mode & 0o777 for each in folder.iterdir())} == {
        0o700,
        0o600,
    }


def test_statements_of_an_organisation_are_hidden_from_others(own_log: TileStore) -> None:
    say_notes("a")
    assert Statement.objects.count() == 0
