"""Answers what a signed tree head says and whether a known key signed it.

C2SP signed-note, tlog-checkpoint and (reading only) tlog-cosignature. Which keys are known, and whether enough
witnesses signed, is the caller's policy.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.errors import InputError, ProofError, say
from plumbline.evidence.canonical import decode_base64, encode_base64
from plumbline.evidence.log.merkle import HASH_BYTES
from plumbline.evidence.seal.signer import Signer, verify_signature

ED25519 = 0x01
COSIGNATURE = 0x04
MAX_NOTE_BYTES = 64_000
MAX_SIGNATURES = 16

_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<data>[A-Za-z0-9+/]+={0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: origin of the log, number of entries, root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or re.search(r"[\s+]", self.origin) or self.size < 0 or len(self.root) != HASH_BYTES:
            raise InputError(say("检查点的来源、大小或根不对：{origin}", origin=self.origin), field="origin")

    def text(self) -> str:
        """Return the note text that is signed."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


@dataclass(frozen=True)
class NoteKey:
    """A public key for notes: name, signature type (0x01 log, 0x04 cosignature), 32-byte Ed25519 key."""

    name: str
    kind: int
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of SHA-256(name || 0x0A || type || public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key).digest()[:4]


@dataclass(frozen=True)
class NoteSignature:
    """A verified signature of a note; `time` is the Unix time of a witness cosignature, else None."""

    key: NoteKey
    time: int | None


def vkey_of(name: str, public_key: bytes, *, kind: int = ED25519) -> str:
    """Return the verifier key text `name+hash+base64(type || key)`."""
    key = NoteKey(name, kind, public_key)
    return f"{name}+{key.key_id.hex()}+{encode_base64(bytes([kind]) + public_key)}"


def parse_vkey(text: str) -> NoteKey:
    """Return the key of a verifier key text. Raises: InputError if it is malformed or its hash is wrong."""
    fault = InputError(say("日志公钥文本不对：{text}", text=text), remedy=say("应形如 名称+8 位十六进制+base64"))
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise fault
    try:
        data = decode_base64(parts[2])
    except ProofError as error:
        raise fault from error
    if len(data) != 1 + HASH_BYTES or data[0] not in (ED25519, COSIGNATURE):
        raise fault
    key = NoteKey(parts[0], data[0], data[1:])
    if not key.name or key.key_id.hex() != parts[1]:
        raise fault
    return key


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the note of a tree head, signed by the log key under the name of its origin."""
    text = checkpoint.text()
    key = NoteKey(checkpoint.origin, ED25519, signer.public_key)
    signature = encode_base64(key.key_id + signer.sign(text.encode("utf-8")))
    return f"{text}\n— {checkpoint.origin} {signature}\n"


def split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a note and its signatures (name, key id, signature), unverified. Raises: ProofError."""
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or len(note.encode("utf-8", "replace")) > MAX_NOTE_BYTES:
        raise _malformed()
    if any(character < " " and character != "\n" for character in note):
        raise _malformed()
    signatures: list[tuple[str, bytes, bytes]] = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE_LINE.fullmatch(line)
        if match is None or len(signatures) == MAX_SIGNATURES:
            raise _malformed()
        data = decode_base64(match["data"])
        signatures.append((match["name"], data[:4], data[4:]))
    return text + "\n", signatures


def open_note(note: str, keys: Sequence[NoteKey]) -> tuple[str, tuple[NoteSignature, ...]]:
    """Return the text of a note and the known keys that signed it.

    Unknown keys are ignored. Raises: ProofError if a known key's signature is wrong or no known key signed.
    """
    text, signatures = split_note(note)
    known = {(key.name, key.key_id): key for key in keys}
    found = [
        _verified(known[name, key_id], signature, text=text)
        for name, key_id, signature in signatures
        if (name, key_id) in known
    ]
    if not found:
        raise ProofError(say("检查点没有已知密钥的签名"), remedy=say("核对日志的公钥"))
    return text, tuple(found)


def open_checkpoint(note: str, keys: Sequence[NoteKey]) -> Checkpoint:
    """Return the tree head of a note that one of the log's `keys` signed under its own origin. Raises: ProofError."""
    text, signatures = open_note(note, keys)
    checkpoint = parse_checkpoint_text(text)
    if not any(found.key.kind == ED25519 and found.key.name == checkpoint.origin for found in signatures):
        raise ProofError(say("检查点不是日志自己的密钥签的"), remedy=say("核对日志的公钥"))
    return checkpoint


def parse_checkpoint_text(text: str) -> Checkpoint:
    """Return the tree head of a note's text, unverified. Raises: ProofError."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _NUMBER.fullmatch(lines[1]):
        raise _malformed()
    try:
        return Checkpoint(lines[0], int(lines[1]), decode_base64(lines[2]))
    except InputError as error:
        raise _malformed() from error


def _verified(key: NoteKey, signature: bytes, *, text: str) -> NoteSignature:
    if key.kind == ED25519:
        verify_signature(key.public_key, signature, message=text.encode("utf-8"))
        return NoteSignature(key, None)
    if len(signature) != 8 + 64:
        raise _malformed()
    (time,) = struct.unpack(">Q", signature[:8])
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    verify_signature(key.public_key, signature[8:], message=message)
    return NoteSignature(key, time)


def _malformed() -> ProofError:
    return ProofError(say("检查点的格式不对"), remedy=say("重新取得日志证明"))
