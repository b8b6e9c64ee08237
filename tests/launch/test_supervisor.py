"""Services are kept alive with a growing pause, given up where there is none, and all ended at the end."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plumbline.config.processes import end_strangers, start_child, start_time, wait_until
from plumbline.config.supervisor import Service, Supervisor, cut_log

FOREVER = "import time\nwhile True: time.sleep(1)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{FOREVER}"
Make = Callable[[str], tuple[Supervisor, Service]]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Supervisor] = []

    def one(code: str) -> tuple[Supervisor, Service]:
        service = Service("sample", [sys.executable, "-c", code], tmp_path / "sample.log")
        made.append(Supervisor(postgres=None, run_folder=tmp_path))
        made[-1].add(service)
        return made[-1], service

    yield one
    for supervisor in made:
        supervisor.stop()


def watch_until(supervisor: Supervisor, is_so: Callable[[], bool]) -> bool:
    def look() -> bool:
        supervisor.watch_once()
        return is_so()

    return wait_until(look, seconds=10)


def test_a_service_that_dies_is_started_again(make: Make) -> None:
    supervisor, service = make(FOREVER)
    assert service.process is not None
    first = service.process.pid
    service.process.kill()
    assert watch_until(supervisor, lambda: service.process is not None and service.process.pid != first)


def test_each_death_makes_the_pause_longer(make: Make) -> None:
    supervisor, service = make("raise SystemExit(3)")
    assert watch_until(supervisor, lambda: service.deaths == 1)
    first_pause = service.start_again_at - time.monotonic()
    assert watch_until(supervisor, lambda: service.deaths == 2)
    assert service.start_again_at - time.monotonic() > first_pause


def test_a_service_this_release_does_not_have_is_given_up(make: Make) -> None:
    supervisor, service = make("raise SystemExit(64)")
    assert watch_until(supervisor, lambda: service.is_given_up)
    assert service.process is None


def test_the_end_of_the_log_is_shown_with_the_death(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    supervisor, service = make("raise SystemExit('the reason')")
    watch_until(supervisor, lambda: service.deaths == 1)
    assert "the reason" in capsys.readouterr().err


def test_a_service_deaf_to_sigterm_is_ended_all_the_same(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plumbline.config.supervisor.STOP_PATIENCE_S", 0.5)
    supervisor, service = make(DEAF)
    assert service.process is not None
    pid = service.process.pid
    supervisor.stop()
    assert start_time(pid) is None


def test_what_a_killed_launcher_left_is_ended_and_a_reused_number_is_not(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", FOREVER])
    other = subprocess.Popen([sys.executable, "-c", FOREVER])
    known = {left.pid: start_time(left.pid) or 0, other.pid: 1}
    end_strangers(known, patience_s=2)
    assert left.wait(5) < 0
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from plumbline.config.processes import start_child\n"
        f"child = start_child([sys.executable, '-c', {FOREVER!r}], output=-3)\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert wait_until(lambda: start_time(child) is None, seconds=5)


def test_a_child_has_a_session_of_its_own_so_that_ctrl_c_reaches_the_launcher_alone() -> None:
    child = start_child([sys.executable, "-c", FOREVER], output=subprocess.DEVNULL)
    session = int(Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[3])
    child.kill()
    child.wait()
    assert session == child.pid


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plumbline.config.supervisor.LARGEST_LOG_BYTES", 10)
    log = tmp_path / "web.log"
    log.write_text("x" * 11)
    cut_log(log)
    assert (tmp_path / "web.log.1").read_text() == "x" * 11
    assert not log.exists()


def test_a_child_whose_parent_has_ended_ends_whatever_handler_it_inherited() -> None:
    code = (
        "import signal; from plumbline.config.processes import end_with_parent\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "end_with_parent(signal.SIGTERM, 0)\n"
        "print('runs on without a parent')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, b"")
