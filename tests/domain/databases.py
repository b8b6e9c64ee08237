"""Connections of their own to a test's database: other roles than the application's, and a second clerk's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TypeVar

import psycopg
from django.db import connections, transaction

from plumbline.config import postgres
from plumbline.config.postgres_roles import SUPER
from plumbline.errors import PlumblineError

T = TypeVar("T")
PATIENCE_S = 60


@contextmanager
def connected(role: str = SUPER) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Open a connection to this test's database under a role; each statement commits."""
    name = str(connections["default"].settings_dict["NAME"])
    with postgres.connection(Path(os.environ["PLUMBLINE_TEST_SOCKET"]), database=name, role=role) as opened:
        yield opened


def sqlstate(role: str, statement: str) -> str:
    """Return the SQLSTATE with which a statement is refused under a role, or "done"."""
    with connected(role) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            return str(error.sqlstate)
    return "done"


def own_connection(step: Callable[[], T]) -> T:
    """Run a step in this thread and close the connection the thread opened for it."""
    try:
        return step()
    finally:
        connections.close_all()


def outcome(step: Callable[[], object]) -> str:
    """Run a step and return "done", or the name of the kind of error with which it was refused."""
    try:
        step()
    except PlumblineError as error:
        return type(error).__name__
    return "done"


def together(*steps: Callable[[], T]) -> list[T]:
    """Run steps at the same time, each on a connection of its own; return their answers in order."""
    with ThreadPoolExecutor(len(steps)) as pool:
        running = [pool.submit(own_connection, step) for step in steps]
        return [each.result(PATIENCE_S) for each in running]


@contextmanager
def left_open(step: Callable[[], T]) -> Iterator[T]:
    """Do a step in another transaction that stays open, uncommitted, for the length of the block."""
    done: Future[T] = Future()
    may_commit = Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                done.set_result(step())
                may_commit.wait(PATIENCE_S)
        except BaseException as error:
            if not done.done():
                done.set_exception(error)
            raise

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(own_connection, hold)
        try:
            yield done.result(PATIENCE_S)
        finally:
            may_commit.set()
            running.result(PATIENCE_S)
