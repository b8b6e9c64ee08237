"""A running copy: one launcher, clean stops, nothing left after kill -9, ports and addresses that stay."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from launch.rehearsal import RunningCopy, running, wait_until

from tests.structure.source import HOME

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Keep a test of another worker from taking the port that this one has just freed."""
    with (Path(os.environ["PLUMBLINE_TEST_FOLDER"]) / "ports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCopy]:
    """Keep one data folder for the tests that do not need a first start."""
    with running(HOME, tmp_path_factory.mktemp("serving") / "a data folder") as made:
        yield made


@pytest.fixture
def copy(standing: RunningCopy) -> Iterator[RunningCopy]:
    yield standing
    standing.end()


@pytest.fixture
def new_copy(tmp_path: Path) -> Iterator[RunningCopy]:
    with running(HOME, tmp_path / "the neighbour's") as made:
        yield made


def ask(copy: RunningCopy, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Give one more command for the same data folder."""
    environment = {**os.environ, "PLUMBLINE_DATA": str(copy.data), "PLUMBLINE_LANG": "zh"}
    return subprocess.run(
        [HOME / "plumbline", *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def count_contenttypes(copy: RunningCopy) -> str:
    """Return how many rows of a table made by the migrations the application role sees."""
    code = "from django.contrib.contenttypes.models import ContentType as C; print('rows', C.objects.count())"
    return ask(copy, "manage", "shell", "--no-imports", "-c", code).stdout.strip().splitlines()[-1]


def listen_on(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def test_a_stopped_copy_leaves_no_process(copy: RunningCopy) -> None:
    copy.start("serve")
    assert copy.stop(signal.SIGINT) == 0
    assert copy.processes() == {}
    assert "已全部停止" in copy.said()


def test_a_killed_launcher_leaves_no_orphan_and_loses_nothing(copy: RunningCopy) -> None:
    copy.start("serve")
    before = count_contenttypes(copy)
    port = copy.port()
    copy.stop(signal.SIGKILL)
    assert wait_until(lambda: copy.processes() == {}, seconds=10), copy.processes()
    copy.start("serve")
    assert copy.port() == port
    assert count_contenttypes(copy) == before


def test_a_killed_launcher_can_be_started_again_at_once(copy: RunningCopy) -> None:
    copy.start("serve")
    port = copy.port()
    copy.stop(signal.SIGKILL)
    copy.start("serve")
    assert copy.port() == port


def test_a_killed_database_and_a_killed_web_server_come_back(copy: RunningCopy) -> None:
    copy.start("serve")
    (database,) = [pid for pid, command in copy.processes().items() if "bin/postgres -D" in command]
    os.kill(database, signal.SIGKILL)
    assert wait_until(lambda: "数据库已恢复" in copy.said(), seconds=20)
    web = min(pid for pid, command in copy.processes().items() if "plumbline.config.web" in command)
    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: "服务 web 以代码 -9 结束" in copy.said() and copy.get("/alive")[0] == 200, seconds=20)
    assert count_contenttypes(copy).startswith("rows ")


def test_a_second_launcher_of_the_same_folder_is_refused_with_the_address(copy: RunningCopy) -> None:
    copy.start("serve")
    second = ask(copy, "serve")
    assert second.returncode == 1
    assert f"平台已经在运行：http://localhost:{copy.port()}" in second.stderr


def test_a_taken_port_gives_a_message_and_another_while_the_printed_address_stays(copy: RunningCopy) -> None:
    copy.start("serve")
    port, address = copy.port(), copy.config()["base_url"]
    copy.stop()
    with listen_on(int(port or 0)):
        copy.start("serve")
        assert copy.port() != port
        assert f"端口 {port} 已被其他程序占用，本次改用端口 {copy.port()}" in copy.said()
    assert copy.config()["base_url"] == address
    copy.stop()
    copy.start("serve")
    assert copy.port() == port


def test_two_copies_run_side_by_side_and_the_address_in_codes_is_fixed_at_the_first_start(
    copy: RunningCopy, new_copy: RunningCopy
) -> None:
    copy.start("serve")
    new_copy.start("serve", "--base-url", "https://quality.example")
    assert copy.port() != new_copy.port()
    assert copy.config()["installation"] != new_copy.config()["installation"]
    assert str(new_copy.config()["log_origin"]).startswith("quality.example/nqi/20")
    new_copy.stop()
    other = ask(new_copy, "serve", "--base-url", "https://other.example")
    assert other.returncode == 1
    assert "印在证书上的地址已定为 https://quality.example" in other.stderr


def test_an_address_with_a_path_is_refused(new_copy: RunningCopy) -> None:
    refused = ask(new_copy, "serve", "--base-url", "https://quality.example/here")
    assert refused.returncode == 2
    assert "地址 https://quality.example/here 无效" in refused.stderr


def test_a_folder_of_real_records_never_becomes_a_demo(copy: RunningCopy) -> None:
    copy.start("serve")
    copy.stop()
    demo = ask(copy, "demo")
    assert demo.returncode == 1
    assert "保存的是真实记录" in demo.stderr


def test_a_command_started_beside_a_running_copy_uses_its_database(copy: RunningCopy) -> None:
    copy.start("serve")
    servers = [command for command in copy.processes().values() if "bin/postgres -D" in command]
    assert count_contenttypes(copy).startswith("rows ")
    assert len(servers) == 1


def test_answers_carry_the_strict_headers(copy: RunningCopy) -> None:
    copy.start("serve")
    asked = subprocess.run(
        ["curl", "-sI", f"http://localhost:{copy.port()}/alive"], capture_output=True, text=True, check=True
    ).stdout.lower()
    assert "content-security-policy: " in asked
    assert "unsafe-inline" not in asked
    assert "x-content-type-options: nosniff" in asked
    assert "permissions-policy: " in asked
