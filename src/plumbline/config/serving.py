"""`serve` and `demo`: everything between a set-up clone and the first page, and back down again.

Order of a start: one launcher per data folder; what a killed one left is ended; a port of our own; then side by side
the web server, which loads the platform and waits at its door, and the database with schema, static files and demo
data; the door is opened; the address is printed; the log sequencer and the worker. On two cores a restart takes as
long as the web server takes to load: whatever else there is to do is done beside it, or after the first page.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from plumbline.config.data_folder import DataFolder, data_folder, write_whole
from plumbline.config.locks import open_lock, shut_door, try_lock
from plumbline.config.ports import HeldPort, hold_port, is_free
from plumbline.config.processes import start_child, tail, wait_until
from plumbline.config.supervisor import Service, Supervisor
from plumbline.errors import InputError, OutsideError, StateError, say
from plumbline.faces.commands.terminal import is_chinese, tell, warn

HOST = "127.0.0.1"
WORKERS, THREADS_A_WORKER = 2, 4
PACKAGE = Path(__file__).resolve().parent.parent
COMMANDS = [sys.executable, "-m", "plumbline.faces.commands.main"]


def serve(arguments: list[str], *, is_demo: bool) -> int:
    """Run the platform until Ctrl-C; return the exit code. Raises errors of the family before anything runs."""
    options = _parser(is_demo=is_demo).parse_args(arguments)
    base_url = checked_address(options.base_url) if options.base_url else None
    folder = data_folder()
    folder.prepare()
    with only_launcher(folder):
        decide_mode(folder, is_demo=is_demo)
        supervisor = Supervisor(postgres=None, run_folder=folder.run)
        supervisor.clear_the_way()
        supervisor.listen_to_signals()
        held = settle_address(folder, wanted=options.port, base_url=base_url)
        web, *others = services(folder, held.port)
        with shut_door(folder) as door, ended(supervisor):
            supervisor.add(web)
            with records(folder, supervisor):
                if not supervisor.is_stopping:
                    door.close()
                    wanted = [*COMMANDS, "seed-demo", "--city"] if is_demo and options.city else None
                    run(supervisor, folder, port=held.port, others=others, then=wanted)
                tell(say("正在停止"))
                held.release()
                supervisor.stop()
    tell(say("已全部停止"))
    return 0


@contextmanager
def ended(supervisor: Supervisor) -> Iterator[None]:
    """Have no service of the supervisor outlive the block, however it is left."""
    try:
        yield
    finally:
        supervisor.stop()


@contextmanager
def records(folder: DataFolder, supervisor: Supervisor) -> Iterator[None]:
    """Have the database for the time of the block, with all a page needs: this release's schema, static files, demo."""
    from plumbline.config.database_use import database  # noqa: PLC0415  # brings the driver: loaded beside the web server
    from plumbline.config.schema import bring_up_to_date  # noqa: PLC0415  # as above

    with database(folder) as postgres:
        supervisor.postgres = postgres
        collecting = begin_static(
            folder
        )  # beside the migrations; earlier, it would compile what the web server compiles
        is_changed = bring_up_to_date(folder)
        finish_static(folder, collecting)
        if folder.config().get("mode") == "demo" and (is_changed or not is_seeded(folder)):
            seed_demo(folder, supervisor)
        yield


def _parser(*, is_demo: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./plumbline demo" if is_demo else "./plumbline serve")
    parser.add_argument("--port", type=int, help="8000 to 8099 by default; kept in the data folder")
    parser.add_argument("--base-url", help="the address printed in codes, fixed at the first start")
    if is_demo:
        parser.add_argument("--city", action="store_true", help="fill in a whole city in the background")
    return parser


@contextmanager
def only_launcher(folder: DataFolder) -> Iterator[None]:
    """Be the one launcher of this data folder; the kernel frees the lock however we end. Raises StateError."""
    with open_lock(folder.run / "launcher.lock") as lock:
        if not try_lock(lock):
            address = folder.config().get("base_url", "")
            raise StateError(
                say("平台已经在运行：{address}", address=address),
                where=say("数据目录 {folder}", folder=folder.root),
                remedy=say("在浏览器中打开该地址，或先停止正在运行的平台"),
            )
        yield


def decide_mode(folder: DataFolder, *, is_demo: bool) -> None:
    """Keep whether this folder holds a demo or real records; never turn one into the other."""
    kept = folder.config().get("mode")
    if kept is None:
        folder.keep(mode="demo" if is_demo else "live")
    elif is_demo and kept != "demo":
        raise StateError(
            say("数据目录 {folder} 保存的是真实记录，不能写入演示数据", folder=folder.root),
            remedy=say("用环境变量 PLUMBLINE_DATA 指定另一个目录来运行演示"),
        )


def settle_address(folder: DataFolder, *, wanted: int | None, base_url: str | None) -> HeldPort:
    """Hold the kept port, or another with a clear message; keep port, address and log name at the first start."""
    kept = folder.config()
    port = wanted or int(kept.get("port", 0)) or None
    if port is not None:
        wait_until(lambda: is_free(HOST, port), seconds=3)  # a web server just killed lets go in a moment
    held = hold_port(HOST, port)
    if port is not None and held.port != port:
        warn(say("端口 {port} 已被其他程序占用，本次改用端口 {other}", port=port, other=held.port))
    if "port" not in kept or (wanted is not None and held.port == wanted):
        folder.keep(port=held.port)
    if "base_url" not in kept:
        address = base_url or f"http://localhost:{held.port}"
        folder.keep(base_url=address, log_origin=f"{urlsplit(address).netloc}/nqi/{datetime.now(UTC).year}")
    elif base_url is not None and base_url != kept["base_url"]:
        raise StateError(
            say("印在证书上的地址已定为 {address}，不能再改", address=kept["base_url"]),
            where=say("数据目录 {folder}", folder=folder.root),
            remedy=say("去掉 --base-url 后再次启动"),
        )
    return held


def checked_address(text: str) -> str:
    """Return a web address without its last slash. Raises InputError if codes could not carry it."""
    parts = urlsplit(text.rstrip("/"))
    is_whole = (
        parts.scheme in {"http", "https"} and parts.hostname and not (parts.path or parts.query or parts.fragment)
    )
    if not is_whole or any(character.isspace() or character == "+" for character in text):
        raise InputError(
            say("地址 {text} 无效", text=text),
            where=say("参数 --base-url"),
            remedy=say("写成 https://主机名 或 http://主机名:端口，不带路径"),
        )
    return parts.geturl()


def collect_static(folder: DataFolder) -> None:
    """Collect static files under names that carry their content, where any has changed since the last time."""
    finish_static(folder, begin_static(folder))


def begin_static(folder: DataFolder) -> subprocess.Popen[bytes] | None:
    """Start to collect the static files, or return None where all stand."""
    stamp = folder.static / ".stamp"
    if stamp.exists() and stamp.read_text() == fingerprint_of_static():
        return None
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    with _static_log(folder).open("wb") as log:
        return start_child(command, output=log, environment=environment)


def finish_static(folder: DataFolder, collecting: subprocess.Popen[bytes] | None) -> None:
    """Wait until the static files stand. Raises OutsideError with what was said when they could not be collected."""
    if collecting is None:
        return
    if collecting.wait() != 0:
        raise OutsideError(
            say("网页资源未能收集：{reason}", reason=tail(_static_log(folder))),
            remedy=say("改正原因后再次启动"),
            may_retry=False,
        )
    (folder.static / ".stamp").write_text(fingerprint_of_static())


def _static_log(folder: DataFolder) -> Path:
    return folder.run / "static.log"


def fingerprint_of_static() -> str:
    """Return a hash over names, sizes and times of all static files of the faces."""
    seen = hashlib.sha256()
    for path in sorted(PACKAGE.glob("faces/*/static/**/*")):
        state = path.stat()
        seen.update(f"{path.relative_to(PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def is_seeded(folder: DataFolder) -> bool:
    """Say whether this release's demo was written to its end, so that a restart need not load Django."""
    return folder.config().get("demo_seed") == fingerprint_of_demo()


def fingerprint_of_demo() -> str:
    """Return a hash over what writes the demo and names its accounts."""
    commands, seen = PACKAGE / "faces" / "commands", hashlib.sha256()
    for path in (PACKAGE / "rulebook" / "roles.toml", commands / "seed_demo.py", *sorted(commands.glob("demo/*.py"))):
        seen.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def seed_demo(folder: DataFolder, supervisor: Supervisor) -> None:
    """Write the demo, its progress shown; the command goes on where a killed one stopped. Raises OutsideError."""
    log_file = folder.run / "seed-demo.log"
    with log_file.open("wb") as log, subprocess.Popen([*COMMANDS, "seed-demo"], stderr=log) as child:
        while child.poll() is None:
            if supervisor.is_stopping:
                child.terminate()
            time.sleep(0.02)
    if supervisor.is_stopping:
        return
    if child.returncode != 0:
        raise OutsideError(
            say("演示数据未能写完，日志末尾：{tail}", tail=tail(log_file)),
            where=say("日志 {file}", file=log_file),
            remedy=say("再次运行 ./plumbline demo，已写入的部分会保留"),
            may_retry=True,
        )
    folder.keep(demo_seed=fingerprint_of_demo())


def services(folder: DataFolder, port: int) -> list[Service]:
    """Return the processes of a running platform, the web server first."""
    run_as = {"DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    web = [sys.executable, "-m", "plumbline.config.web", str(port)]
    return [
        Service("web", web, folder.run / "web.log", run_as, death_signal=signal.SIGKILL),
        Service("log-sequencer", [*COMMANDS, "log", "sequence"], folder.run / "log-sequencer.log", run_as),
        Service("worker", [sys.executable, "-m", "plumbline.config.worker"], folder.run / "worker.log", run_as),
    ]


def run(
    supervisor: Supervisor, folder: DataFolder, *, port: int, others: Iterable[Service], then: list[str] | None = None
) -> None:
    """Print the address when the web server answers, start the other services, watch until asked to stop.

    then: a command to run once all of them are started.
    """
    while not supervisor.is_stopping and not answers(port):
        supervisor.watch_once()
        time.sleep(0.02)
    if not supervisor.is_stopping:
        tell_address(folder, port)
        for service in others:  # not before the first page: on two cores each loading program delays it
            supervisor.add(service)
        if then is not None:
            subprocess.run(then, check=False)  # it says itself what is wrong, and the platform runs on
    supervisor.run()


def answers(port: int) -> bool:
    """Say whether the web server answers."""
    asked = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        asked.request("GET", "/alive", headers={"Host": f"localhost:{port}"})
        return asked.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asked.close()


def tell_address(folder: DataFolder, port: int) -> None:
    """Print where the platform answers, how it is stopped, and in a demo who may sign in."""
    kept = folder.config()
    tell(say("平台已运行：{address}", address=f"http://localhost:{port}"))
    if urlsplit(str(kept["base_url"])).port not in {None, port}:
        warn(say("证书上的编码印的仍是 {address}，在该端口空出之前扫码无法打开", address=kept["base_url"]))
    if kept.get("mode") == "demo":
        print(demo_accounts(folder), end="", flush=True)
    tell(say("按 Ctrl-C 停止"))


def demo_accounts(folder: DataFolder) -> str:
    """Return who may sign in, as `seed-demo --accounts` tells it; kept, so that a restart need not load Django."""
    kept = folder.run / f"accounts-{'zh' if is_chinese() else 'en'}.txt"
    wanted = fingerprint_of_demo()
    if kept.exists() and kept.read_text().startswith(f"{wanted}\n"):
        return kept.read_text().partition("\n")[2]
    asked = subprocess.run([*COMMANDS, "seed-demo", "--accounts"], stdout=subprocess.PIPE, text=True, check=False)
    if asked.returncode == 0:
        write_whole(kept, f"{wanted}\n{asked.stdout}".encode())
    return asked.stdout
