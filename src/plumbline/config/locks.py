"""Locks that are files: the kernel gives each back when its holder ends, however it ends.

Answers: who is the one launcher of a data folder, who starts its database, and when its web server may open.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from plumbline.config.data_folder import DataFolder


@contextmanager
def open_lock(path: Path) -> Iterator[IO[bytes]]:
    """Have the file of a lock; it is given back at the end of the block."""
    with path.open("ab") as file:
        yield file


def try_lock(file: IO[bytes]) -> bool:
    """Take the file's lock if it is free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def shut_door(folder: DataFolder) -> Iterator[IO[bytes]]:
    """Keep the web server of a data folder from opening, until the file is closed or the block ends."""
    with open_lock(_door(folder)) as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield door


def wait_at_door(folder: DataFolder) -> None:
    """Wait until nobody keeps the door shut."""
    with open_lock(_door(folder)) as door:
        fcntl.flock(door, fcntl.LOCK_SH)


def _door(folder: DataFolder) -> Path:
    return folder.run / "door.lock"
