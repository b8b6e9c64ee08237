"""One server for all who need it: started by the first, stopped when the last is done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from launch.rehearsal import RunningCopy, wait_until

from plumbline.config.data_folder import DataFolder
from plumbline.config.postgres import is_answering
from tests.structure.source import HOME

USE = """
import sys, time
from pathlib import Path
from plumbline.config.data_folder import DataFolder
from plumbline.config.database_use import database
with database(DataFolder(Path(sys.argv[1]))) as ours:
    print("ours" if ours else "found", flush=True)
    sys.stdin.readline()
"""
User = subprocess.Popen[str]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    yield made
    RunningCopy(HOME, made.root).clear_away()


def use(folder: DataFolder) -> User:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(folder.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def said(user: User) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def finish(user: User) -> None:
    assert user.stdin is not None
    user.stdin.close()


def test_the_server_stays_until_the_last_user_is_done(folder: DataFolder) -> None:
    first = use(folder)
    assert said(first) == "ours"
    second = use(folder)
    assert said(second) == "found"
    finish(first)
    assert not wait_until(lambda: first.poll() is not None, seconds=1)
    assert is_answering(folder.socket_folder)
    finish(second)
    assert (second.wait(20), first.wait(30)) == (0, 0)
    assert not is_answering(folder.socket_folder)


def test_two_users_who_come_at_once_start_one_server(folder: DataFolder) -> None:
    users = [use(folder), use(folder)]
    assert sorted(said(user) for user in users) == ["found", "ours"]
    list(map(finish, users))
    assert [user.wait(30) for user in users] == [0, 0]


def test_a_server_left_by_a_killed_user_is_taken_over(folder: DataFolder) -> None:
    first = use(folder)
    assert said(first) == "ours"
    first.kill()
    second = use(folder)
    assert said(second) == "ours"
    finish(second)
    assert second.wait(30) == 0


def test_nothing_is_left_in_the_folder_of_the_socket(folder: DataFolder) -> None:
    user = use(folder)
    said(user)
    finish(user)
    user.wait(30)
    assert not folder.socket_folder.exists()


def test_an_operators_database_is_never_started_by_us(folder: DataFolder) -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://app@nowhere.invalid/x"}
    user = subprocess.run(
        [sys.executable, "-c", USE, str(folder.root)],
        input="\n",
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert user.stdout.strip() == "found"
    assert not folder.socket_folder.exists()
