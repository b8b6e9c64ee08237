"""Reads of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from plumbline.errors import ProofError, say


def path_of(sha256: str) -> Path:
    """Return where the bytes of a hash lie (whether or not they exist)."""
    return Path(settings.PLUMBLINE_DATA) / "files" / sha256[:2] / sha256


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
