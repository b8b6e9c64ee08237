"""Answers what the root of a list of entries is, and proves that an entry or an older list is inside it.

RFC 6962 section 2.1 and RFC 9162 section 2.1 with SHA-256. `Frontier` grows a tree in memory from its right edge alone.
Where hashes are kept is left to `store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from plumbline.errors import InputError, ProofError, say

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its perfect subtrees, largest first. 32 bytes x log2(size)."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise InputError(say("大小为 {size} 的树有 {count} 个峰", size=size, count=size.bit_count()), field="peaks")

    @classmethod
    def of(cls, leaf_hashes: Iterable[bytes]) -> Frontier:
        """Return the frontier of a list of leaf hashes."""
        frontier = cls()
        frontier.extend(leaf_hashes)
        return frontier

    def append(self, new_hash: bytes) -> None:
        """Add one leaf hash on the right."""
        trailing_ones = (~self.size & (self.size + 1)).bit_length() - 1
        for _ in range(trailing_ones):
            new_hash = node_hash(self.peaks.pop(), new_hash)
        self.peaks.append(new_hash)
        self.size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add leaf hashes on the right, in order."""
        for new_hash in leaf_hashes:
            self.append(new_hash)

    def root(self) -> bytes:
        """Return the Merkle tree hash."""
        return fold_peaks(self.peaks)

    def copy(self) -> Frontier:
        """Return an independent copy, to try a batch on."""
        return Frontier(self.size, self.peaks)


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """Return the root of perfect subtrees standing from left to right, largest first."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return MTH of the leaf hashes. Source: RFC 6962, 2.1."""
    return Frontier.of(leaf_hashes).root()


def inclusion_path(index: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges [start, stop) whose roots prove entry `index` in a tree of `size`, from the leaf upward.

    Raises: InputError unless 0 <= index < size.  Source: RFC 6962, 2.1.1.
    """
    if not 0 <= index < size:
        raise InputError(say("条目 {index} 不在大小为 {size} 的日志里", index=index, size=size))
    ranges: list[tuple[int, int]] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_path(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Return the ranges whose roots prove that a tree of `old_size` is the beginning of one of `new_size`.

    Raises: InputError unless 0 < old_size <= new_size.  Source: RFC 6962, 2.1.2.
    """
    if not 0 < old_size <= new_size:
        raise InputError(say("日志不能从大小 {old} 变为 {new}", old=old_size, new=new_size))
    ranges: list[tuple[int, int]] = []
    start, stop = 0, new_size
    whole = True  # the old tree is still known as one root to the verifier
    while stop != old_size:
        middle = start + _split(stop - start)
        if old_size <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, stop))
    return ranges[::-1]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of entry `index` among all the leaf hashes."""
    return [root_of(leaf_hashes[start:stop]) for start, stop in inclusion_path(index, len(leaf_hashes))]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first `old_size` entries are the beginning of all of them."""
    return [root_of(leaf_hashes[start:stop]) for start, stop in consistency_path(old_size, len(leaf_hashes))]


def verify_inclusion(proof: Sequence[bytes], root: bytes, *, index: int, size: int, leaf: bytes) -> None:
    """Return nothing if `leaf` (a leaf hash) is entry `index` of the tree. Raises: ProofError.

    Source: RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofError(say("条目 {index} 不在大小为 {size} 的日志里", index=index, size=size))
    if any(len(part) != HASH_BYTES for part in (*proof, root, leaf)):
        raise ProofError(say("日志证明里的摘要长度不对"))
    node, last, result = index, size - 1, leaf
    for part in proof:
        if last == 0:
            raise _not_proven()
        if node & 1 or node == last:
            result = node_hash(part, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, part)
        node, last = node >> 1, last >> 1
    if last != 0 or result != root:
        raise _not_proven()


def verify_consistency(
    proof: Sequence[bytes], *, old_size: int, old_root: bytes, new_size: int, new_root: bytes
) -> None:
    """Return nothing if the old tree is the beginning of the new one. Raises: ProofError.

    Source: RFC 9162, 2.1.4.2.
    """
    if not 0 < old_size <= new_size or any(len(part) != HASH_BYTES for part in (*proof, old_root, new_root)):
        raise _not_proven()
    if old_size == new_size:
        proven = not proof and old_root == new_root
    else:
        start = [old_root] if old_size & (old_size - 1) == 0 else []
        proven = _grown([*start, *proof], old_size, new_size=new_size) == (old_root, new_root)
    if not proven:
        raise _not_proven()


def _grown(parts: list[bytes], old_size: int, *, new_size: int) -> tuple[bytes, bytes] | None:
    """Return the roots of both trees that a consistency path leads to; None if its length is wrong."""
    if not parts:
        return None
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_result = new_result = parts[0]
    for part in parts[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old_result, new_result = node_hash(part, old_result), node_hash(part, new_result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_result = node_hash(new_result, part)
        node, last = node >> 1, last >> 1
    return (old_result, new_result) if last == 0 else None


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count` (count >= 2)."""
    return 1 << ((count - 1).bit_length() - 1)


def _not_proven() -> ProofError:
    return ProofError(say("日志证明不成立"), remedy=say("不要采信，重新取得日志证明"))
