"""Keeps the processes of a running platform alive: starts them, starts them again with a pause, stops them in order.

Answers: what runs now, what died and why, how all of it ends. Leaves to `serving` which processes those are.
Everything happens in the main thread, because the kernel ties a child to the thread that started it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.config.processes import end_strangers, start_child, start_time, tail
from plumbline.errors import PlumblineError, say
from plumbline.faces.commands.main import EXIT_UNKNOWN
from plumbline.faces.commands.terminal import tell, tell_error, warn

if TYPE_CHECKING:  # it brings the driver, which a start loads beside the web server
    from plumbline.config.postgres import Postgres

FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S = 0.5, 30.0, 60.0
STOP_PATIENCE_S = 10.0
LARGEST_LOG_BYTES = 20_000_000


@dataclass
class Service:
    """One process to keep alive. `environment` is added to ours; `death_signal` reaches it should we be killed."""

    name: str
    command: Sequence[str]
    log_file: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    death_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    is_given_up: bool = False


class Supervisor:
    """Runs the services above one database until told to stop. `postgres` is None where another runs it."""

    def __init__(self, *, postgres: Postgres | None, run_folder: Path) -> None:
        """Take the database, if it is ours, and the folder of notes; nothing is started yet."""
        self.services: list[Service] = []
        self.postgres = postgres
        self.known_file = run_folder / "processes.json"
        self.is_stopping = False
        self._postgres_deaths = 0

    def clear_the_way(self) -> None:
        """End what a killed launcher may have left; a process is known by its number and its start time together."""
        if self.known_file.exists():
            known = json.loads(self.known_file.read_text() or "{}")
            end_strangers({int(pid): int(started) for pid, started in known.items()})

    def listen_to_signals(self) -> None:
        """Stop cleanly at Ctrl-C, at `kill`, and when the terminal closes. A shell's `&` leaves SIGINT ignored."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, _number: int, _frame: object) -> None:
        self.is_stopping = True

    def add(self, service: Service) -> None:
        """Start one more service and keep it alive from now on."""
        self.services.append(service)
        self._start(service)
        self._note_known()

    def watch_once(self) -> None:
        """Look at everything once: start again what died, after a pause that grows with each death."""
        if self.postgres is not None and not self.postgres.is_running():
            self._restart_postgres(self.postgres)
        for service in self.services:
            self._watch(service)

    def run(self) -> None:
        """Watch until asked to stop."""
        while not self.is_stopping:
            self.watch_once()
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop every service: the last started first, with a time to finish what it does. The database is not ours."""
        running = [each.process for each in reversed(self.services) if each.process and each.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + STOP_PATIENCE_S
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.known_file.unlink(missing_ok=True)

    def _restart_postgres(self, postgres: Postgres) -> None:
        warn(say("数据库进程意外结束，正在重新启动；日志 {file}", file=postgres.place.log_file))
        self._postgres_deaths += 1
        time.sleep(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * self._postgres_deaths) if self._postgres_deaths > 1 else 0)
        try:
            postgres.start()
        except PlumblineError as error:
            tell_error(error)
        else:
            tell(say("数据库已恢复"))

    def _start(self, service: Service) -> None:
        cut_log(service.log_file)
        with service.log_file.open("ab") as log:
            service.process = start_child(
                service.command,
                output=log,
                death_signal=service.death_signal,
                environment={**os.environ, **service.environment},
            )
        service.started_at = time.monotonic()

    def _watch(self, service: Service) -> None:
        now = time.monotonic()
        if service.is_given_up:
            return
        if service.process is not None:
            if service.process.poll() is None:
                if service.deaths and now - service.started_at > STEADY_S:
                    service.deaths = 0
                return
            self._note_death(service, now)
        elif now >= service.start_again_at:
            self._start(service)
            self._note_known()

    def _note_death(self, service: Service, now: float) -> None:
        code = service.process.returncode if service.process else 0
        service.process = None
        if code == EXIT_UNKNOWN:
            service.is_given_up = True
            warn(say("本版本没有服务 {name}", name=service.name))
            return
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**service.deaths)
        service.deaths += 1
        service.start_again_at = now + pause_s
        warn(
            say(
                "服务 {name} 以代码 {code} 结束，{pause} 秒后重新启动；日志 {file} 末尾：\n{tail}",
                name=service.name,
                code=code,
                pause=f"{pause_s:g}",
                file=service.log_file,
                tail=tail(service.log_file),
            )
        )

    def _note_known(self) -> None:
        numbers = [each.process.pid for each in self.services if each.process is not None]
        known = {str(pid): started for pid in numbers if (started := start_time(pid)) is not None}
        self.known_file.write_text(json.dumps(known))


def cut_log(path: Path) -> None:
    """Set a log that has grown large aside, keeping one older one."""
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
