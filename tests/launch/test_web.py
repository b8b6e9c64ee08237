"""The web server loads beside the database, opens when it is let, and is loaded once for all its workers."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from launch.rehearsal import living, wait_until

from plumbline.config.data_folder import DataFolder
from plumbline.config.locks import shut_door, wait_at_door
from plumbline.config.ports import hold_port
from plumbline.config.processes import start_child
from plumbline.config.serving import HOST, WORKERS, answers

pytestmark = pytest.mark.slow
Web = subprocess.Popen[bytes]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    made.static.mkdir()
    return made


@pytest.fixture
def port() -> Iterator[int]:
    held = hold_port(HOST, None)
    yield held.port
    held.release()


@contextmanager
def web_server(folder: DataFolder, port: int) -> Iterator[Web]:
    """Run the web server of a folder that has no database."""
    environment = {**os.environ, "PLUMBLINE_DATA": str(folder.root)}
    command = [sys.executable, "-m", "plumbline.config.web", str(port)]
    with (folder.run / "web.log").open("wb") as log:
        process = start_child(command, output=log, environment=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_waiting_at_door(web: Web) -> bool:
    """Say whether the kernel lists the process among those that wait for a lock (the lines with an arrow)."""
    waiting = [line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
    return any(words[5] == str(web.pid) for words in waiting)


def workers(web: Web) -> set[int]:
    found = (pid for pid, _command in living() if Path(f"/proc/{pid}/stat").exists())
    return {pid for pid in found if parent_of(pid) == web.pid}


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_the_web_server_is_loaded_before_it_is_let_open(folder: DataFolder, port: int) -> None:
    with shut_door(folder) as door, web_server(folder, port) as web:
        assert wait_until(lambda: is_waiting_at_door(web), seconds=60)
        assert not answers(port)
        door.close()
        assert wait_until(lambda: answers(port), seconds=30)


def test_a_web_server_is_known_to_live_where_no_database_answers(folder: DataFolder, port: int) -> None:
    with web_server(folder, port):
        assert wait_until(lambda: answers(port), seconds=60)
        asked = http.client.HTTPConnection(HOST, port, timeout=20)
        asked.request("GET", "/", headers={"Host": f"localhost:{port}"})
        assert asked.getresponse().status == http.HTTPStatus.SERVICE_UNAVAILABLE


def test_the_workers_end_with_the_web_server(folder: DataFolder, port: int) -> None:
    with web_server(folder, port) as web:
        assert wait_until(lambda: answers(port) and len(workers(web)) == WORKERS, seconds=60)
        left = workers(web)
        web.kill()
        assert wait_until(lambda: not left & {pid for pid, _command in living()}, seconds=10)


def test_a_web_server_told_to_stop_at_the_door_stops(folder: DataFolder, port: int) -> None:
    with shut_door(folder), web_server(folder, port) as web:
        assert wait_until(lambda: is_waiting_at_door(web), seconds=60)
        web.terminate()
        assert web.wait(20) != 0


def test_an_open_door_is_passed(folder: DataFolder) -> None:
    with shut_door(folder) as door:
        door.close()
        wait_at_door(folder)
