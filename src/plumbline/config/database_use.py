"""Who uses the database of a data folder, and for how long: so that it stops when the last one is done, not before.

Answers: is it outside (`DATABASE_URL`), already running, or to be started by us for as long as we need it?
Every user holds a shared lock on `run/users.lock`; whoever started the server waits for the others before stopping it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from plumbline.config.data_folder import DataFolder
from plumbline.config.locks import open_lock, try_lock
from plumbline.config.postgres import Postgres, is_answering, place_of
from plumbline.config.processes import wait_until
from plumbline.errors import StateError, say

WAIT_FOR_OTHER_S = 90


def is_outside() -> bool:
    """Say whether an operator's own database service is named, so that none of ours is started."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def database(folder: DataFolder) -> Iterator[Postgres | None]:
    """Have a database that answers for the time of the block. Yields our own server, or None if another runs it."""
    folder.prepare()
    if is_outside():
        yield None
        return
    with open_lock(folder.run / "users.lock") as users, open_lock(folder.run / "server.lock") as server:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a server is being stopped
        ours = _start_or_find(folder, server)
        try:
            yield ours
        finally:
            if ours is not None:
                fcntl.flock(users, fcntl.LOCK_EX)  # waits for the other users
                ours.stop()


def _start_or_find(folder: DataFolder, server: IO[bytes]) -> Postgres | None:
    """Start the server if nobody has; else wait until the one somebody is starting answers."""
    ours: list[Postgres] = []

    def is_there() -> bool:
        if not try_lock(server):
            return is_answering(folder.socket_folder)
        postgres = Postgres(place_of(folder))
        postgres.start()  # first ends a server left by a killed launcher: nobody living holds the lock
        ours.append(postgres)
        return True

    if not wait_until(is_there, seconds=WAIT_FOR_OTHER_S, every=0.05):
        raise StateError(
            say("另一个进程正在启动数据库，但数据库一直没有应答"),
            where=say("数据目录 {folder}", folder=folder.root),
            remedy=say("查看该目录下 run/postgres.log"),
        )
    return ours[0] if ours else None
