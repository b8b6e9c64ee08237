"""Answers whether one entry stands in a log, from one small text that needs no network.

C2SP tlog-proof: header, index, audit path, and the signed checkpoint verbatim. Witness policy is left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.errors import ProofError, say
from plumbline.evidence.canonical import decode_base64, encode_base64
from plumbline.evidence.log.checkpoint import Checkpoint, NoteKey, open_checkpoint
from plumbline.evidence.log.merkle import leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES = 64_000
MAX_HASHES = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class LogProof:
    """The parts of a proof text, unverified."""

    index: int
    hashes: tuple[bytes, ...]
    note: str


def format_proof(index: int, hashes: Sequence[bytes], *, note: str) -> str:
    """Return the proof text of entry `index` with its audit path and the signed checkpoint."""
    lines = [HEADER, f"index {index}", *(encode_base64(part) for part in hashes), "", note]
    return "\n".join(lines)


def parse_proof(text: str) -> LogProof:
    """Return the parts of a proof text. Raises: ProofError."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(text) > MAX_PROOF_BYTES or not blank or lines.pop(0) != HEADER:
        raise _malformed()
    if lines and lines[0].startswith("extra "):
        decode_base64(lines.pop(0).removeprefix("extra "))
    match = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if match is None or len(lines) > MAX_HASHES:
        raise _malformed()
    return LogProof(int(match[1]), tuple(decode_base64(line) for line in lines), note)


def check_proof(text: str, leaf: bytes, *, keys: Sequence[NoteKey]) -> Checkpoint:
    """Return the checkpoint under which `leaf` (the entry's bytes) is proven to stand in the log.

    Raises: ProofError if the text is malformed, no known log key signed, or the audit path does not lead to the root.
    """
    proof = parse_proof(text)
    checkpoint = open_checkpoint(proof.note, keys)
    verify_inclusion(proof.hashes, checkpoint.root, index=proof.index, size=checkpoint.size, leaf=leaf_hash(leaf))
    return checkpoint


def _malformed() -> ProofError:
    return ProofError(say("日志证明的格式不对"), remedy=say("重新取得日志证明"))
