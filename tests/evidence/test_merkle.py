"""The Merkle tree against the published proofs, and its two ways of computing a root."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any  # shape of the vectors

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError, ProofError
from plumbline.evidence.log.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.evidence.vectors import load, raw


def _expectation(*, refused: bool) -> Any:
    return pytest.raises(ProofError) if refused else nullcontext()


def _leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % i) for i in range(count)]


def _by_definition(hashes: list[bytes]) -> bytes:
    split = 1 << ((len(hashes) - 1).bit_length() - 1) if len(hashes) > 1 else 0
    return (
        node_hash(_by_definition(hashes[:split]), _by_definition(hashes[split:]))
        if split
        else (hashes or [EMPTY_ROOT])[0]
    )


@pytest.mark.parametrize("case", load("merkle_inclusion.json"), ids=lambda case: case["file"])
def test_published_inclusion_proofs(case: dict[str, Any]) -> None:
    with _expectation(refused=case["wantErr"]):
        verify_inclusion(
            [raw(part) for part in case["proof"] or []],
            raw(case["root"] or ""),
            index=case["leafIdx"],
            size=case["treeSize"],
            leaf=raw(case["leafHash"] or ""),
        )


@pytest.mark.parametrize("case", load("merkle_consistency.json"), ids=lambda case: case["file"])
def test_published_consistency_proofs(case: dict[str, Any]) -> None:
    with _expectation(refused=case["wantErr"]):
        verify_consistency(
            [raw(part) for part in case["proof"] or []],
            old_size=case["size1"],
            old_root=raw(case["root1"] or ""),
            new_size=case["size2"],
            new_root=raw(case["root2"] or ""),
        )


@given(st.integers(0, 300))
def test_frontier_gives_the_root_of_the_definition(count: int) -> None:
    assert root_of(_leaves(count)) == _by_definition(_leaves(count))


@given(st.integers(1, 200), st.data())
def test_every_entry_is_proven_and_no_other(count: int, data: st.DataObject) -> None:
    leaves = _leaves(count)
    index = data.draw(st.integers(0, count - 1))
    proof = inclusion_proof(leaves, index)
    verify_inclusion(proof, root_of(leaves), index=index, size=count, leaf=leaves[index])
    with pytest.raises(ProofError):
        verify_inclusion(proof, root_of(leaves), index=index, size=count, leaf=leaf_hash(b"forged"))


@given(st.integers(1, 120), st.integers(0, 120))
def test_every_older_tree_is_proven_and_no_other(old: int, more: int) -> None:
    leaves = _leaves(old + more)
    proof = consistency_proof(leaves, old)
    roots = {"old_root": root_of(leaves[:old]), "new_root": root_of(leaves)}
    verify_consistency(proof, old_size=old, new_size=old + more, **roots)
    with pytest.raises(ProofError):
        verify_consistency(proof, old_size=old, new_size=old + more, **{**roots, "old_root": leaf_hash(b"forged")})


def test_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == raw("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")


def test_copy_of_a_frontier_grows_alone() -> None:
    frontier = Frontier.of(_leaves(5))
    other = frontier.copy()
    other.append(leaf_hash(b"more"))
    assert (frontier.size, other.size) == (5, 6)
    assert frontier.root() == root_of(_leaves(5))


@pytest.mark.parametrize("index", [-1, 3])
def test_proof_of_an_entry_outside_the_tree_is_refused(index: int) -> None:
    with pytest.raises(InputError):
        inclusion_proof(_leaves(3), index)


def test_frontier_with_a_wrong_number_of_peaks_is_refused() -> None:
    with pytest.raises(InputError):
        Frontier(3, [leaf_hash(b"x")])
