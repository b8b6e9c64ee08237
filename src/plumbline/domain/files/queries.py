"""Reads of files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core import signing

from plumbline.domain.accounts.types import Actor
from plumbline.domain.files import kinds
from plumbline.errors import ProofError, StateError, say

kind_of, MEDIA = kinds.kind_of, kinds.MEDIA
_SALT = "plumbline.attached"
_PARKED = re.compile(r"[0-9a-f]{64}")


def path_of(sha256: str) -> Path:
    """Return where the bytes of a hash lie (whether or not they exist)."""
    return Path(settings.PLUMBLINE_DATA) / "files" / sha256[:2] / sha256


def parking() -> Path:
    """Return the folder where uploads wait."""
    return Path(settings.PLUMBLINE_DATA) / "parked"


def parked(key: str) -> Path:
    """Return where a parked upload lies, which keeps it for another week. Raises: StateError if it was cleared away."""
    path = parking() / parking_name(key)
    if path.is_file():
        os.utime(path)
    else:
        raise StateError(say("上传的文件已经清掉"), remedy=say("重新选文件上传；上传后一周内有效"))
    return path


def parking_name(key: str) -> str:
    """Return the name of a parked file. Raises: StateError for what `park` has never given."""
    if _PARKED.fullmatch(key) is None:
        raise StateError(say("上传的文件已经清掉"), remedy=say("重新选文件上传；上传后一周内有效"))
    return key


def content_of(sha256: str) -> bytes:
    """Return the bytes of a hash. Raises: ProofError if they are missing or are no longer those bytes."""
    path = path_of(sha256)
    content = path.read_bytes() if path.exists() else None
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise ProofError(
            say("文件 {sha256} 缺失或已被改动", sha256=sha256[:16]),
            remedy=say("不要依据这份文件；请管理员用备份恢复并做一次全面审计"),
        )
    return content


def token_of(said: Mapping[str, object], actor: Actor) -> str:
    """Return what carries a file that a form names, for whoever sent it: nobody refers to a file they have not sent."""
    return signing.dumps({key: said[key] for key in ("sha256", "name", "size", "kind")}, salt=_salt(actor))


def carried(token: str, actor: Actor) -> dict[str, object] | None:
    """Return what a form says of a file taken in before; None for a token that is not this actor's."""
    try:
        said = signing.loads(token, salt=_salt(actor))
    except signing.BadSignature:
        return None
    return said if isinstance(said, dict) else None


def _salt(actor: Actor) -> str:
    return f"{_SALT}:{actor.person_id}"
