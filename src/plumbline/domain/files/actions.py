"""Writes of files: keep bytes under their hash, durable before the row that names them; or park an upload for a day."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from plumbline.domain.files import queries
from plumbline.domain.files.models import Blob

PARKED_MOST_S = 86_400


def keep(contents: Sequence[tuple[bytes, str]]) -> list[str]:
    """Store files, each as bytes and media type, and return the SHA-256 of each in hex, in order.

    Storing the same bytes again changes nothing. Durable when this returns: the files and their folders are synced. A
    transaction that rolls back leaves at most unnamed files behind, never a row without its file.
    """
    hashes = [hashlib.sha256(content).hexdigest() for content, _ in contents]
    for sha256, (content, _) in zip(hashes, contents, strict=True):
        path = queries.path_of(sha256)
        # A damaged file of this name is replaced: the row that is written next vouches for the bytes on the disk.
        if not path.exists() or path.read_bytes() != content:
            _write(path, content)
    named = dict(zip(hashes, contents, strict=True))
    rows = [Blob(sha256=key, media=media, size=len(content)) for key, (content, media) in sorted(named.items())]
    Blob.objects.bulk_create(rows, ignore_conflicts=True)
    return hashes


def park(content: bytes, *, at: datetime) -> str:
    """Lay an upload aside until it is known whether it is wanted; returns the key that only its bringer is given.

    What was parked more than a day ago is cleared away: nobody came back for it.
    """
    folder = queries.parking()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if at.timestamp() - old.stat().st_mtime > PARKED_MOST_S:
            old.unlink(missing_ok=True)
    key = secrets.token_hex(16)
    (folder / key).write_bytes(content)
    return key


def unpark(key: str) -> None:
    """Clear a parked upload away; there may be none any more."""
    (queries.parking() / queries.parking_name(key)).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    new_folders = [folder for folder in (path.parent, path.parent.parent) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)
    for folder in (path.parent, *(each.parent for each in new_folders)):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
