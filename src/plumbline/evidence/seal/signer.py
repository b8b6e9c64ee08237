"""Answers who can sign: the interface every key store keeps, and the software key of a small office.

A hardware module, a remote service or an SM2 device is another class with the same four members.
What is signed is left to `dsse` and `log.checkpoint`.  Source: RFC 8032 (Ed25519).
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from plumbline.errors import InputError, ProofError, StateError, say

SEED_BYTES = 32


class Signer(Protocol):
    """A key that can sign. `key_id` names the public key in envelopes; `algorithm` is "ed25519" so far."""

    @property
    def key_id(self) -> str: ...

    @property
    def algorithm(self) -> str: ...

    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...


def key_id_of(public_key: bytes) -> str:
    """Return "ed25519-" and 32 hex digits of SHA-256 of the 32-byte public key."""
    return "ed25519-" + hashlib.sha256(public_key).hexdigest()[:32]


def verify_signature(public_key: bytes, signature: bytes, *, message: bytes) -> None:
    """Return nothing if the Ed25519 signature is right. Raises: ProofError."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise ProofError(say("签名与内容不符"), remedy=say("不要采信，向出具单位索取原始文件")) from error


class SoftwareSigner:
    """An Ed25519 key in a file of mode 0600 (32 bytes of seed), or from a seed in memory."""

    algorithm = "ed25519"

    def __init__(self, private_key: Ed25519PrivateKey) -> None:
        self._private_key = private_key
        self.public_key: bytes = private_key.public_key().public_bytes_raw()
        self.key_id: str = key_id_of(self.public_key)

    @classmethod
    def from_seed(cls, seed: bytes) -> SoftwareSigner:
        """Return the key of a 32-byte seed. For tests and the demo, whose keys are no secret."""
        if len(seed) != SEED_BYTES:
            raise InputError(say("密钥种子必须是 32 字节，实际 {count} 字节", count=len(seed)))
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def create(cls, path: Path) -> SoftwareSigner:
        """Make a new key and its file. Raises: StateError if the file is there already."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        _write_private(temporary, key.private_bytes_raw())
        try:
            os.link(temporary, path)  # fails if the name exists, so two processes cannot both win
        except FileExistsError as error:
            raise StateError(
                say("密钥文件已经存在"), where=say("{path}", path=path), remedy=say("读取它，或换一个文件名")
            ) from error
        finally:
            temporary.unlink()
        _sync_folder(path.parent)
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> SoftwareSigner:
        """Read a key. Raises: InputError if the file is missing, of the wrong size, or readable by others."""
        try:
            mode = path.stat().st_mode
            seed = path.read_bytes()
        except OSError as error:
            raise InputError(say("读不到密钥文件"), where=say("{path}", path=path)) from error
        if stat.S_IMODE(mode) & 0o077:
            raise InputError(
                say("密钥文件可以被他人读取"), where=say("{path}", path=path), remedy=say("把文件权限改为 0600")
            )
        return cls.from_seed(seed)

    @classmethod
    def load_or_create(cls, path: Path) -> SoftwareSigner:
        """Read the key, or make it first. Several processes may do so at once: one wins, all get the same key."""
        if not path.exists():
            try:
                return cls.create(path)
            except StateError:
                return cls.load(path)
        return cls.load(path)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._private_key.sign(message)

    def __repr__(self) -> str:
        return f"SoftwareSigner({self.key_id})"


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
