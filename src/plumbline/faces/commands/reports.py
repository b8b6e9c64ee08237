"""A file that a verb writes for its reader: whole or not at all, and a place it cannot be is said before any work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from plumbline.errors import InputError, say


@contextmanager
def written(path: str, *, field: str) -> Iterator[TextIO]:
    """Open a file beside the one asked for; it takes its place when the block has ended well, else it is gone.

    Raises: InputError at once for a place where no file can be written.
    """
    target = Path(path)
    part = target.with_name(f".{target.name}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError
        if target.is_symlink() or (target.exists() and not target.is_file()):  # as /dev/stdout: not ours to replace
            part = target
        file = part.open("w", encoding="utf-8", newline="")
    except (OSError, ValueError) as err:
        raise InputError(
            say("不能写到 {path}", path=path),
            remedy=say("写到已有的文件夹里，写一个文件名，并且要有写的权限"),
            field=field,
        ) from err
    try:
        with file:
            yield file
        if part != target:
            part.replace(target)
    finally:
        if part != target:
            part.unlink(missing_ok=True)
