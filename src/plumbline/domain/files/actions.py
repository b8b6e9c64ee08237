"""Writes of files: keep bytes under their hash, durable before the row that names them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from plumbline.domain.files import queries
from plumbline.domain.files.models import Blob


def keep(content: bytes, media: str) -> str:
    """Store bytes and return their SHA-256 in hex. Storing the same bytes again changes nothing.

    Durable when this returns: the file and its folder are synced. A transaction that rolls back leaves at most an
    unnamed file behind, never a row without its file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = queries.path_of(sha256)
    # A damaged file of this name is replaced: the row that is written next vouches for the bytes on the disk.
    if not path.exists() or path.read_bytes() != content:
        _write(path, content)
    Blob.objects.bulk_create([Blob(sha256=sha256, media=media, size=len(content))], ignore_conflicts=True)
    return sha256


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
