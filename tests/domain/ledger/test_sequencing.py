"""The one writer of the log: commit order, batches, crashes at each step, and what it refuses to sign."""

from __future__ import annotations

from functools import partial
from itertools import count

import pytest

from plumbline.domain.ledger import keys, queries, sequencer
from plumbline.domain.ledger.models import Checkpoint, Entry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import ProofError, StateError
from plumbline.evidence.log.checkpoint import open_checkpoint
from plumbline.evidence.log.merkle import leaf_hash, root_of, verify_consistency
from plumbline.evidence.log.proof import check_proof
from plumbline.evidence.log.store import TileStore
from tests.domain.databases import connected, left_open, together
from tests.domain.ledger.log_of_its_own import (
    caught_up_taking,
    caught_up_to,
    flip_last_byte,
    leaves,
    queue_rows,
    say_and_fail,
    say_note_seeing_all,
    say_notes,
    tamper,
    unqueued,
    until_refused,
)
from tests.world import moment, sequence


def head() -> tuple[int, bytes]:
    """Return size and root that the published checkpoint signs."""
    note = queries.store().checkpoint()
    assert note is not None
    opened = open_checkpoint(note, [keys.log_key()])
    return opened.size, opened.root


# ---- order ---------------------------------------------------------------------------------------------------------


def test_what_waits_becomes_gapless_entries(own_log: TileStore) -> None:
    said = say_notes("a", "b", "c")
    assert (sequence(), leaves()) == (3, [each.leaf for each in said])


def test_a_later_turn_goes_on_after_the_last_entry(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    say_notes("b")
    sequence()
    assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == [0, 1]


def test_a_turn_with_nothing_waiting_signs_nothing_new(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    before = own_log.checkpoint()
    sequencer.run_once(at=moment())
    assert own_log.checkpoint() == before


def test_an_empty_log_has_no_checkpoint(own_log: TileStore) -> None:
    assert (sequencer.run_once(at=moment()), own_log.checkpoint()) == (0, None)


def test_a_transaction_still_open_that_began_earlier_holds_back_the_later_one(own_log: TileStore) -> None:
    with left_open(partial(say_note_seeing_all, "early")):
        say_notes("late")
        assert sequencer.run_once(at=moment()) == 0


def test_a_transaction_that_began_earlier_comes_first_though_it_commits_last(own_log: TileStore) -> None:
    with left_open(partial(say_note_seeing_all, "early")) as early:
        [late] = say_notes("late")
        sequencer.run_once(at=moment())
    sequence()
    assert leaves() == [early.leaf, late.leaf]


def test_a_transaction_that_was_rolled_back_leaves_no_gap(own_log: TileStore) -> None:
    with pytest.raises(ZeroDivisionError), scoped(EVERYTHING):
        say_and_fail("lost")
    [kept] = say_notes("kept")
    sequence()
    assert leaves() == [kept.leaf]


def test_a_leaf_whose_number_is_smaller_than_one_taken_still_counts_as_waiting(own_log: TileStore) -> None:
    statement_id = unqueued()
    with connected() as early:
        early.execute("begin")
        early.execute("select pg_current_xact_id()")
        with left_open(partial(say_note_seeing_all, "later transaction, smaller number")):
            early.execute("insert into ledger_queueitem (statement_id, leaf) values (%s, 'a')", [statement_id])
            early.execute("commit")
            caught_up_to(1)
    assert queries.log_state().waiting == 1


def test_a_turn_takes_one_batch_and_the_next_turn_the_rest(own_log: TileStore) -> None:
    queue_rows(sequencer.BATCH + 1)
    first = caught_up_to(sequencer.BATCH)
    assert (first, sequence()) == (sequencer.BATCH, sequencer.BATCH + 1)


def test_two_sequencers_at_once_write_each_leaf_once(own_log: TileStore) -> None:
    say_notes(*"abcdefgh")
    together(*[partial(sequencer.run_once, at=moment())] * 2)
    sequence()
    assert (len(leaves()), len(set(leaves()))) == (8, 8)


def test_a_second_sequencer_does_nothing_while_one_works(own_log: TileStore) -> None:
    say_notes("a")
    with connected() as other:
        other.execute("select pg_advisory_lock(%s)", [sequencer.LOCK])
        assert (sequencer.run_once(at=moment()), Entry.objects.count()) == (0, 0)


def test_a_sequencer_gives_the_lock_back_after_a_refusal(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    tamper("ledger_entry", "delete from ledger_entry")
    with pytest.raises(ProofError):
        sequencer.run_once(at=moment())
    with connected() as other:
        assert other.execute("select pg_try_advisory_lock(%s)", [sequencer.LOCK]).fetchone() == (True,)


# ---- proofs --------------------------------------------------------------------------------------------------------


def test_every_entry_has_a_proof_under_the_signed_head(own_log: TileStore) -> None:
    said = say_notes(*(str(number) for number in range(260)))  # beyond one tile of 256
    sequence()
    with scoped(EVERYTHING):
        proved = [check_proof(queries.proof(each.id), each.leaf, keys=[keys.log_key()]).size for each in said]
    assert proved == [260] * 260


def test_the_signed_root_is_that_of_the_leaves(own_log: TileStore) -> None:
    say_notes(*"abcde")
    sequence()
    assert head() == (5, root_of([leaf_hash(leaf) for leaf in leaves()]))


def test_each_head_continues_the_one_before(own_log: TileStore) -> None:
    say_notes(*"abc")
    sequence()
    old_size, old_root = head()
    say_notes(*"defg")
    sequence()
    new_size, new_root = head()
    proof = own_log.consistency_proof(old_size, new_size)
    verify_consistency(proof, old_size=old_size, old_root=old_root, new_size=new_size, new_root=new_root)
    assert (old_size, new_size) == (3, 7)


def test_every_head_is_kept_as_a_row(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    say_notes("b")
    sequence()
    assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 2]


# ---- crashes -------------------------------------------------------------------------------------------------------


def test_killed_between_database_and_tiles_the_next_turn_publishes_the_same_leaves(own_log: TileStore) -> None:
    said = say_notes("a", "b")
    caught_up_taking()
    assert sequence() == 2
    assert [bytes(leaf) for leaf in own_log.entries(0, 2, size=2)] == [each.leaf for each in said]


def test_killed_between_tiles_and_checkpoint_the_next_turn_signs_over_them(own_log: TileStore) -> None:
    said = say_notes("a", "b")
    caught_up_taking()
    own_log.append(0, [each.leaf for each in said])
    say_notes("c")
    assert sequence() == 3
    assert head() == (3, root_of([leaf_hash(leaf) for leaf in leaves()]))


def test_killed_between_checkpoint_and_its_row_the_next_turn_writes_the_row(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    tamper("ledger_checkpoint", "delete from ledger_checkpoint")
    sequencer.run_once(at=moment())
    assert Checkpoint.objects.get().size == 1


def test_a_follow_up_that_was_cut_off_is_made_up_for_at_the_next_start(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    turns, done = count(), list[int]()
    sequencer.run_forever(should_stop=lambda: next(turns) > 0, after_turn=lambda: done.append(1))
    assert done == [1]


def test_over_an_empty_log_there_is_nothing_to_follow_up(own_log: TileStore) -> None:
    turns, done = count(), list[int]()
    sequencer.run_forever(should_stop=lambda: next(turns) > 1, after_turn=lambda: done.append(1))
    assert done == []


def test_each_growth_of_the_log_is_followed_up(own_log: TileStore) -> None:
    say_notes("a")
    turns, done = count(), list[int]()
    sequencer.run_forever(
        should_stop=lambda: next(turns) > 200 or bool(done), after_turn=lambda: done.append(Entry.objects.count())
    )
    assert done == [1]


def test_a_row_changed_after_it_was_published_stops_the_next_signing_at_a_start(own_log: TileStore) -> None:
    say_notes("a", "b")
    sequence()
    tamper("ledger_entry", "update ledger_entry set leaf_hash = sha256('x') where index = 0")
    sequencer._memory.clear()  # as in a process that has just begun
    say_notes("c")
    with pytest.raises(ProofError, match="两条独立的路"):
        until_refused()


def test_a_sequencer_of_another_process_has_gone_on_and_this_one_follows(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    remembered = dict(sequencer._memory)
    say_notes("b")
    sequence()
    sequencer._memory.update(remembered)  # what this process knew before the other wrote
    say_notes("c")
    assert (sequence(), head()[1]) == (3, root_of([leaf_hash(leaf) for leaf in leaves()]))


# ---- what is not signed --------------------------------------------------------------------------------------------


def test_a_database_behind_the_published_log_is_not_signed(own_log: TileStore) -> None:
    say_notes("a", "b")
    sequence()
    before = own_log.checkpoint()
    tamper("ledger_entry", "delete from ledger_entry where index = 1")
    with pytest.raises(ProofError, match="旧备份"):
        sequencer.run_once(at=moment())
    assert own_log.checkpoint() == before


def test_new_leaves_do_not_fill_the_places_of_lost_ones(own_log: TileStore) -> None:
    say_notes("a", "b")
    sequence()
    tamper("ledger_entry", "delete from ledger_entry where index = 1")
    say_notes("c", "d")
    with pytest.raises(ProofError, match="旧备份"):
        sequencer.run_once(at=moment())
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("file", ["tile/0/000.p/2", "tile/entries/000.p/2"])
def test_a_changed_tile_stops_the_signing(own_log: TileStore, file: str) -> None:
    say_notes("a", "b")
    sequence()
    before = own_log.checkpoint()
    flip_last_byte(own_log.folder / file)
    say_notes("c")
    with pytest.raises((ProofError, StateError)):
        until_refused()
    assert own_log.checkpoint() == before


def test_a_missing_tile_stops_the_signing(own_log: TileStore) -> None:
    say_notes("a", "b")
    sequence()
    (own_log.folder / "tile/0/000.p/2").unlink()
    say_notes("c")
    with pytest.raises(StateError, match="缺少"):
        until_refused()


def test_a_checkpoint_that_another_key_signed_is_not_continued(own_log: TileStore) -> None:
    say_notes("a")
    sequence()
    (own_log.folder.parent / "keys" / "log.key").unlink()
    say_notes("b")
    with pytest.raises(ProofError):
        sequencer.run_once(at=moment())
