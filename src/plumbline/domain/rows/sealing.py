"""The key under which secrets of accounts and letters lie in the database: a file of the data folder, never a row.

Who has the database alone can make no code of an app, find no recovery code by trying, and open no invitation.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from plumbline.errors import StateError, say


def seal(secret: bytes) -> bytes:
    """Return a secret as it may be kept in a row."""
    return Fernet(_key()).encrypt(secret)


def opened(sealed: bytes) -> bytes:
    """Return the secret. Raises: StateError if it was sealed with another key."""
    try:
        return Fernet(_key()).decrypt(sealed)
    except InvalidToken as err:
        raise StateError(
            say("密钥换过，用原来的密钥封存的打不开"), remedy=say("请管理员把数据目录 keys 里原来的密钥恢复回来")
        ) from err


def digest(purpose: str, text: str) -> str:
    """Return the keyed digest of a code, in hex."""
    return hmac.new(_key(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    path = Path(settings.PLUMBLINE_DATA) / "keys" / "sign_in.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return _made(path)


def _made(path: Path) -> bytes:
    """Make the key once: of two processes that come at the same time, one's key is taken by both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sign_in.")  # 0600
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # then the other one's key it is
        os.link(name, path)
    Path(name).unlink()
    return path.read_bytes()
