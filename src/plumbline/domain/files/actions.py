"""Writes of files: keep bytes under their hash, durable before the row that names them; or park an upload a week."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from plumbline.domain.files import queries
from plumbline.domain.files.models import Blob

PARKED_MOST_S = 7 * 86_400


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


def park(chunks: Iterable[bytes], *, at: datetime) -> tuple[str, int]:
    """Lay an upload aside until it is known whether it is wanted; returns its SHA-256, by which it is found, and size.

    What nobody has looked at for a week is cleared away: nobody came back for it.
    """
    folder = queries.parking()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if at.timestamp() - old.stat().st_mtime > PARKED_MOST_S:
            old.unlink(missing_ok=True)
    seen, size = hashlib.sha256(), 0
    part = folder / f".{secrets.token_hex(16)}"
    with part.open("wb") as out:
        for chunk in chunks:
            seen.update(chunk)
            size += out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    part.rename(folder / seen.hexdigest())
    return seen.hexdigest(), size


def keep_parked(sha256: str, *, media: str) -> None:
    """Store a parked file for good under its hash, as `keep` does. Raises: StateError if it was cleared away."""
    source, path = queries.parked(sha256), queries.path_of(sha256)
    if not path.exists():
        _write(path, source.read_bytes())
    Blob.objects.bulk_create([Blob(sha256=sha256, media=media, size=source.stat().st_size)], ignore_conflicts=True)


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
