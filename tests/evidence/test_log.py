"""Tiles on disk, checkpoints and one-entry proofs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.errors import InputError, ProofError, StateError
from plumbline.evidence.log.checkpoint import (
    Checkpoint,
    NoteKey,
    open_checkpoint,
    open_note,
    parse_vkey,
    sign_checkpoint,
    vkey_of,
)
from plumbline.evidence.log.merkle import EMPTY_ROOT, Frontier, inclusion_proof, leaf_hash, root_of, verify_consistency
from plumbline.evidence.log.proof import check_proof, format_proof, parse_proof
from plumbline.evidence.log.store import TileStore
from plumbline.evidence.log.tiles import decode_bundle, encode_bundle, is_served, tile_path
from plumbline.evidence.seal.signer import SoftwareSigner
from tests.evidence.vectors import FOLDER, load

ORIGIN = "log.example/nqi/2026"
SIGNER = SoftwareSigner.from_seed(bytes(32))
KEYS = [NoteKey(ORIGIN, 1, SIGNER.public_key)]


def _entries(count: int, start: int = 0) -> list[bytes]:
    return [b"entry %d" % i for i in range(start, start + count)]


def _note(entries: list[bytes]) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, len(entries), root_of([leaf_hash(e) for e in entries])), SIGNER)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# ---- notes and checkpoints ------------------------------------------------------------------------------------------


def test_published_note_is_read_with_its_key() -> None:
    case = load("signed_notes.json")[0]
    assert open_note(case["note"], [parse_vkey(case["vkey"])])[0] == "This is an example message.\n"


def test_published_note_with_a_changed_byte_is_refused() -> None:
    case = load("signed_notes.json")[1]
    with pytest.raises(ProofError):
        open_note(case["note"], [parse_vkey(case["vkey"])])


@pytest.mark.parametrize("size", range(8))
def test_published_checkpoints_are_read(size: int) -> None:
    key = parse_vkey((FOLDER / "tlog_tiles/vkey.txt").read_text().strip())
    assert open_checkpoint((FOLDER / f"tlog_tiles/checkpoint.{size}").read_text(), [key]).size == size


@pytest.mark.parametrize("size", range(1, 8))
def test_published_tiles_lead_to_the_published_roots(size: int) -> None:
    store = TileStore(FOLDER / "tlog_tiles")
    key = parse_vkey((FOLDER / "tlog_tiles/vkey.txt").read_text().strip())
    checkpoint = open_checkpoint((FOLDER / f"tlog_tiles/checkpoint.{size}").read_text(), [key])
    assert store.root(size) == store.recompute_root(size) == checkpoint.root


@pytest.mark.parametrize("level", ["0", "entries"])
@pytest.mark.parametrize("size", range(1, 8))
def test_our_tiles_equal_the_published_ones_byte_for_byte(size: int, level: str, tmp_path: Path) -> None:
    TileStore(tmp_path).append(0, TileStore(FOLDER / "tlog_tiles").entries(0, size, size=size))
    tile = f"tile/{level}/000.p/{size}"
    assert (tmp_path / tile).read_bytes() == (FOLDER / "tlog_tiles" / tile).read_bytes()


def test_verifier_key_text_is_read_back() -> None:
    assert parse_vkey(vkey_of(ORIGIN, SIGNER.public_key)) == KEYS[0]


@pytest.mark.parametrize(
    "text", ["", "a+b", "a+00000000+AQ==", vkey_of(ORIGIN, SIGNER.public_key).replace("2026", "2027")]
)
def test_malformed_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_vkey(text)


def test_checkpoint_of_an_unknown_key_is_refused() -> None:
    stranger = SoftwareSigner.from_seed(b"s" * 32)
    with pytest.raises(ProofError):
        open_checkpoint(_note(_entries(3)), [NoteKey(ORIGIN, 1, stranger.public_key)])


def test_unknown_signatures_beside_the_known_one_are_ignored() -> None:
    note = _note(_entries(3)) + "— other.example AAAAAAAA\n"
    assert open_checkpoint(note, KEYS).size == 3


def test_known_key_with_a_wrong_signature_rejects_the_note() -> None:
    good, other = _note(_entries(3)), _note(_entries(4))
    with pytest.raises(ProofError):
        open_checkpoint(good + other.splitlines()[-1] + "\n", KEYS)


@pytest.mark.parametrize("note", ["", "a", "\n\n", "a\n1\nx\n\n", "a\n\n\x00", "a\n01\nAA==\n\n— a AAAA\n"])
def test_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(ProofError):
        open_checkpoint(note, KEYS)


# ---- tiles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (1234067, 256, "tile/0/x001/x234/067"),
        (999, 5, "tile/0/999.p/5"),
        (1000, 256, "tile/0/x001/000"),
    ],
)
def test_tile_paths_are_those_of_the_standard(number: int, width: int, path: str) -> None:
    assert tile_path(0, number, width=width) == path
    assert is_served(path)


@pytest.mark.parametrize(
    "relative",
    [
        "../keys/log",
        "tile/0/../../x",
        "tile/64/000",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/.000.new",
        "/etc/passwd",
        "tile/0/00",
        "checkpoint\n",
    ],
)
def test_names_that_are_no_log_file_are_not_served(relative: str, tmp_path: Path) -> None:
    assert TileStore(tmp_path).file(relative) is None


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entry_bundle_is_read_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


@pytest.mark.parametrize(("data", "width"), [(b"\x00", 0), (b"\x00\x01a", 2), (b"\x00\x02a", 1), (b"\x00\x01ab", 1)])
def test_damaged_bundle_is_refused(data: bytes, width: int) -> None:
    with pytest.raises(ProofError):
        decode_bundle(data, width)


def test_entry_beyond_64_kib_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        TileStore(tmp_path).append(0, [bytes(65_536)])


@settings(max_examples=25, deadline=None)
@given(batches=st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_both_routes_to_the_root_agree_for_any_batches(
    batches: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store, frontier, entries = TileStore(tmp_path_factory.mktemp("log")), Frontier(), _entries(sum(batches))
    position = 0
    for count in batches:
        root = store.append(position, entries[position : position + count])
        frontier.extend(map(leaf_hash, entries[position : position + count]))
        position += count
        assert root == frontier.root() == store.recompute_root(position)
        store.publish(_note(entries[:position]))


@pytest.mark.slow
def test_tree_of_70_000_entries_has_the_files_of_the_standards_example(tmp_path: Path) -> None:
    store, entries, places = TileStore(tmp_path), _entries(70_000), (0, 255, 256, 65_535, 65_536, 69_999)
    hashes = [leaf_hash(e) for e in entries]
    assert store.append(0, entries) == root_of(hashes)
    present = {name for name in _files(tmp_path) if not name.startswith("tile/entries")}
    assert {"tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= present
    assert len(present) == 273 + 1 + 1 + 1 + 1
    assert store.entry(69_999, 70_000) == b"entry 69999"
    assert [store.inclusion_proof(at, 70_000) for at in places] == [inclusion_proof(hashes, at) for at in places]
    verify_consistency(
        store.consistency_proof(66_000, 70_000),
        old_size=66_000,
        old_root=root_of(hashes[:66_000]),
        new_size=70_000,
        new_root=store.root(70_000),
    )


def test_full_tiles_do_not_change_and_their_partials_go(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(600)
    store.append(0, entries[:300])
    store.publish(_note(entries[:300]))
    before = _files(tmp_path)
    store.append(300, entries[300:])
    store.publish(_note(entries))
    after = _files(tmp_path)
    assert {name: before[name] for name in ("tile/0/000", "tile/entries/000")}.items() <= after.items()
    assert "tile/0/001.p/44" in before
    assert "tile/0/001.p/44" not in after
    assert store.root(300) == root_of([leaf_hash(e) for e in entries[:300]])


def test_entries_of_a_batch_that_was_never_published_may_be_replaced(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(10)
    store.append(0, entries)
    store.publish(_note(entries))
    store.append(10, _entries(300, start=5000))
    root = store.append(10, _entries(20, start=10))
    assert root == root_of([leaf_hash(e) for e in _entries(30)])
    store.publish(_note(_entries(30)))
    assert store.recompute_root(30) == root


def test_published_entries_cannot_be_written_again(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(10)
    store.append(0, entries)
    store.publish(_note(entries))
    with pytest.raises(StateError):
        store.append(9, [b"forged"])


def test_gap_before_new_entries_is_refused(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    with pytest.raises(StateError):
        store.append(256, [b"late"])
    with pytest.raises(StateError):
        store.append(3, [b"late"])


@pytest.mark.parametrize("other", [_entries(4), _entries(5, start=1)])
def test_smaller_or_inconsistent_checkpoint_is_not_published(other: list[bytes], tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(5)
    store.append(0, entries)
    store.publish(_note(entries))
    with pytest.raises(StateError):
        store.publish(_note(other))
    assert store.checkpoint() == _note(entries)


def test_flipped_bit_on_disk_is_found_by_the_audit_and_stops_publishing(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(300)
    store.append(0, entries)
    store.publish(_note(entries))
    path = tmp_path / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"entry 7", b"entry 8", 1))
    assert store.recompute_root(300) != store.root(300)
    tile = tmp_path / "tile/0/001.p/44"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(ProofError):
        store.append(300, _entries(1, start=300))
    with pytest.raises(StateError):
        store.publish(_note(_entries(300)))


def test_missing_tile_is_named(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    store.append(0, _entries(300))
    shutil.rmtree(tmp_path / "tile/0/001.p")
    with pytest.raises(StateError, match=r"tile/0/001\.p/44"):
        store.root(300)


def test_empty_log_can_be_published(tmp_path: Path) -> None:
    store = TileStore(tmp_path)
    assert store.append(0, []) == EMPTY_ROOT
    store.publish(_note([]))
    assert store.published_size() == 0


def test_no_temporary_file_is_left(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(700)
    store.append(0, entries)
    store.publish(_note(entries))
    assert not [name for name in _files(tmp_path) if os.path.basename(name).startswith(".")]  # noqa: PTH119  a text


WRITER = """
import sys
from pathlib import Path
from tests.evidence.test_log import ORIGIN, SIGNER
from plumbline.evidence.log.checkpoint import Checkpoint, sign_checkpoint
from plumbline.evidence.log.store import TileStore

store = TileStore(Path(sys.argv[1]))
size = store.published_size()
print(size, flush=True)
while True:
    entries = [b"entry %d" % i for i in range(size, size + 37)]
    root = store.append(size, entries)
    size += 37
    store.publish(sign_checkpoint(Checkpoint(ORIGIN, size, root), SIGNER))
"""


@pytest.mark.slow
def test_writer_killed_at_any_moment_leaves_a_whole_log(tmp_path: Path) -> None:
    sizes = [_kill_writer(tmp_path, 0.15 * number) for number in range(1, 5)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0
    store = TileStore(tmp_path)
    size = store.published_size()
    checkpoint = open_checkpoint(store.checkpoint() or "", KEYS)
    assert store.recompute_root(size) == checkpoint.root == root_of([leaf_hash(e) for e in _entries(size)])


def _kill_writer(folder: Path, after_s: float) -> int:
    command = [sys.executable, "-c", WRITER, str(folder)]
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(after_s)
        writer.kill()
    return TileStore(folder).published_size()


# ---- proofs ---------------------------------------------------------------------------------------------------------


def test_proof_text_proves_its_entry_and_no_other(tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(9)
    store.append(0, entries)
    text = format_proof(4, store.inclusion_proof(4, 9), note=_note(entries))
    assert check_proof(text, entries[4], keys=KEYS).size == 9
    assert parse_proof(text).index == 4
    with pytest.raises(ProofError):
        check_proof(text, entries[5], keys=KEYS)


def test_proof_in_a_log_of_one_entry_has_no_hashes() -> None:
    text = format_proof(0, [], note=_note(_entries(1)))
    assert check_proof(text, _entries(1)[0], keys=KEYS).size == 1


@pytest.mark.parametrize(
    "change",
    [
        ("proof@v1", "proof@v2"),
        ("index 4", "index 04"),
        ("index 4", "index 5"),
        ("index 4\n", "index 4\nextra AA==\n"),
        ("\n\n", "\n"),
    ],
)
def test_changed_proof_text_is_refused(change: tuple[str, str], tmp_path: Path) -> None:
    store, entries = TileStore(tmp_path), _entries(9)
    store.append(0, entries)
    text = format_proof(4, store.inclusion_proof(4, 9), note=_note(entries))
    with pytest.raises(ProofError):
        check_proof(text.replace(*change), entries[4], keys=KEYS)
