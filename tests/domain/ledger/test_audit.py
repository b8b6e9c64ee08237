"""The audit: whatever its owner changes in the database or on the disk, without the triggers, is told."""

from __future__ import annotations

import pytest

from plumbline.domain.ledger import keys
from plumbline.domain.ledger.audit import audit
from plumbline.evidence.canonical import jcs
from plumbline.evidence.log.store import TileStore
from plumbline.evidence.seal.dsse import seal
from plumbline.evidence.statement import leaf_bytes, make_payload
from tests.domain.ledger.log_of_its_own import (
    caught_up_taking,
    flip_last_byte,
    say_notes,
    tamper,
)
from tests.world import sequence

SALT = bytes(16)


@pytest.fixture
def written(own_log: TileStore) -> TileStore:
    """Give a log of three entries."""
    say_notes("a", "b", "c")
    sequence()
    return own_log


def told() -> list[str]:
    """Return what the audit finds, in words."""
    return [str(fault) for fault in audit().faults]


def forged() -> tuple[bytes, bytes, bytes]:
    """Return payload, envelope and leaf of other words, sealed with the body's true key."""
    payload = make_payload("log.note", "TESTX", fields={"note": "forged"}, salt=SALT, demo=False)
    envelope = seal(payload, [keys.signer_of("TESTX")])
    return payload, envelope, leaf_bytes(payload, envelope)


def test_an_untouched_log_has_no_fault(written: TileStore) -> None:
    assert (audit().entries, told()) == (3, [])


def test_a_log_that_has_not_begun_has_no_fault(own_log: TileStore) -> None:
    assert told() == []


def test_a_changed_payload_is_found(written: TileStore) -> None:
    tamper(
        "ledger_statement",
        "update ledger_statement set payload = %s from ledger_entry e where e.statement_id = id and e.index = 1",
        (forged()[0],),
    )
    assert told() == ["日志第 1 条与它的陈述不符"]


def test_a_payload_that_is_no_statement_any_more_is_found(written: TileStore) -> None:
    tamper(
        "ledger_statement",
        "update ledger_statement set payload = %s from ledger_entry e where e.statement_id = id and e.index = 1",
        (jcs({"v": 1}),),
    )
    assert told() == ["日志第 1 条与它的陈述不符"]


def test_a_changed_envelope_is_found(written: TileStore) -> None:
    tamper(
        "ledger_statement",
        "update ledger_statement set envelope = '{}' where leaf = (select min(leaf) from ledger_statement)",
    )
    assert len(told()) == 1


def test_a_lost_statement_is_found(written: TileStore) -> None:
    tamper(
        "ledger_queueitem",
        "delete from ledger_queueitem where id = (select queue_item_id from ledger_entry where index = 2)",
    )
    tamper(
        "ledger_statement",
        "delete from ledger_statement s where not exists (select from ledger_queueitem q where q.statement_id = s.id)",
    )
    assert told() == ["日志第 2 条与它的陈述不符"]


def test_a_changed_leaf_is_found_by_its_statement_and_by_its_tile(written: TileStore) -> None:
    tamper("ledger_entry", "update ledger_entry set leaf = 'x' where index = 0")
    assert told() == ["日志第 0 条与它的陈述不符", "日志第 0 条与公布的切片不同"]


def test_a_changed_hash_in_a_row_is_found(written: TileStore) -> None:
    tamper("ledger_entry", "update ledger_entry set leaf_hash = 'x' where index = 0")
    assert told() == ["日志第 0 条与它的陈述不符"]


def test_a_statement_forged_with_its_row_in_step_is_found_by_the_tile(written: TileStore) -> None:
    payload, envelope, leaf = forged()
    tamper(
        "ledger_statement",
        "update ledger_statement set payload = %s, envelope = %s, leaf = %s from ledger_entry e"
        " where e.statement_id = id and e.index = 1",
        (payload, envelope, leaf),
    )
    tamper(
        "ledger_entry",
        "update ledger_entry set leaf = %s, leaf_hash = sha256('\\x00'::bytea || %s::bytea) where index = 1",
        (leaf, leaf),
    )
    assert told() == ["日志第 1 条与公布的切片不同"]


def test_a_missing_row_is_found(written: TileStore) -> None:
    tamper("ledger_entry", "delete from ledger_entry where index = 1")
    assert told() == ["日志第 1 条在数据库里缺失"]


def test_a_changed_entry_bundle_is_found_by_row_tile_and_root(written: TileStore) -> None:
    flip_last_byte(written.folder / "tile/entries/000.p/3")
    assert told() == [
        "日志切片 tile/0/000.p/3 缺失或已被改动",
        "日志第 2 条与公布的切片不同",
        "由日志切片重算的根与签发的日志头不同，共 3 条",
    ]


def test_a_missing_entry_bundle_is_found(written: TileStore) -> None:
    (written.folder / "tile/entries/000.p/3").unlink()
    assert told() == [
        "日志切片 tile/entries/000.p/3 缺失或已被改动",
        "由日志切片重算的根与签发的日志头不同，共 3 条",
    ]


def test_a_changed_tile_of_hashes_is_found(written: TileStore) -> None:
    flip_last_byte(written.folder / "tile/0/000.p/3")
    assert told() == ["日志切片 tile/0/000.p/3 缺失或已被改动"]


def test_a_changed_tile_of_the_second_level_is_found(own_log: TileStore) -> None:
    say_notes(*(str(number) for number in range(257)))
    sequence()
    flip_last_byte(own_log.folder / "tile/1/000.p/1")
    assert told() == ["日志切片 tile/1/000.p/1 缺失或已被改动"]


def test_a_row_that_waits_to_be_published_is_no_fault(written: TileStore) -> None:
    say_notes("d")
    caught_up_taking()
    assert (audit().entries, told()) == (3, [])


def test_a_row_changed_while_it_waits_to_be_published_is_found(written: TileStore) -> None:
    say_notes("d")
    caught_up_taking()
    tamper("ledger_entry", "update ledger_entry set leaf = 'x' where index = 3")
    assert told() == ["日志第 3 条与它的陈述不符"]
