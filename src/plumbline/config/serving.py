"""`serve` and `demo`: everything between a set-up clone and the first page, and back down again.

Order of a start: one launcher per data folder; what a killed one left is ended; database; schema; static files;
demo data; a port of our own; web server and log sequencer; then the address is printed.
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

from plumbline.config.data_folder import DataFolder, data_folder
from plumbline.config.database_use import database, try_lock
from plumbline.config.ports import HeldPort, hold_port, is_free
from plumbline.config.postgres import tail
from plumbline.config.processes import wait_until
from plumbline.config.schema import bring_up_to_date
from plumbline.config.supervisor import Service, Supervisor
from plumbline.errors import InputError, OutsideError, StateError, say
from plumbline.faces.commands.terminal import tell, warn

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
        with database(folder) as postgres:
            supervisor.postgres = postgres
            is_changed = bring_up_to_date(folder)
            held = settle_address(folder, wanted=options.port, base_url=base_url)
            collect_static(folder)
            if folder.config().get("mode") == "demo" and (is_changed or not is_seeded(folder)):
                seed_demo(folder, supervisor)
            if not supervisor.is_stopping:
                run(supervisor, folder, port=held.port)
            tell(say("正在停止"))
            held.release()
            supervisor.stop()
    tell(say("已全部停止"))
    return 0


def _parser(*, is_demo: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plumbline demo" if is_demo else "plumbline serve")
    parser.add_argument("--port", type=int, help="8000 to 8099 by default; kept in the data folder")
    parser.add_argument("--base-url", help="the address printed in codes, fixed at the first start")
    return parser


@contextmanager
def only_launcher(folder: DataFolder) -> Iterator[None]:
    """Be the one launcher of this data folder; the kernel frees the lock however we end. Raises StateError."""
    with (folder.run / "launcher.lock").open("ab") as lock:
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
    stamp = folder.static / ".stamp"
    wanted = fingerprint_of_static()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise OutsideError(
            say("网页资源未能收集：{reason}", reason=(result.stderr or result.stdout).strip()[-1500:]),
            remedy=say("改正原因后再次启动"),
            may_retry=False,
        )
    stamp.write_text(wanted)


def fingerprint_of_static() -> str:
    """Return a hash over names, sizes and times of all static files of the faces."""
    return _fingerprint(PACKAGE.glob("faces/*/static/**/*"))


def _fingerprint(paths: Iterable[Path]) -> str:
    seen = hashlib.sha256()
    for path in sorted(paths):
        state = path.stat()
        seen.update(f"{path.relative_to(PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def is_seeded(folder: DataFolder) -> bool:
    """Say whether this release's demo was written to its end, so that a restart need not load Django to ask."""
    return folder.config().get("demo_seed") == _fingerprint_of_demo()


def _fingerprint_of_demo() -> str:
    commands = PACKAGE / "faces" / "commands"
    return _fingerprint([commands / "seed_demo.py", *(commands / "demo").glob("*.py")])


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
    folder.keep(demo_seed=_fingerprint_of_demo())


def services(folder: DataFolder, port: int) -> list[Service]:
    """Return the processes of a running platform, the web server first."""
    run_as = {"PLUMBLINE_SUPERVISED": "1", "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS_A_WORKER), "--backpressure", "64"),
        *(
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "3",
            "--no-ws",
            "--http",
            "1",
            "--log-level",
            "warning",
        ),
        "plumbline.config.wsgi:application",
    ]
    return [
        Service("web", web, folder.run / "web.log", run_as, death_signal=signal.SIGKILL),
        Service("log-sequencer", [*COMMANDS, "log", "sequence"], folder.run / "log-sequencer.log", run_as),
    ]


def run(supervisor: Supervisor, folder: DataFolder, *, port: int) -> None:
    """Start the services, print the address when the first page answers, then watch until asked to stop."""
    web, *others = services(folder, port)
    supervisor.add(web)
    while not supervisor.is_stopping and not answers(port):
        supervisor.watch_once()
        time.sleep(0.02)
    if not supervisor.is_stopping:
        for service in others:  # not before the first page: on two cores each loading program delays it
            supervisor.add(service)
        tell_address(folder, port)
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
        subprocess.run([*COMMANDS, "seed-demo", "--accounts"], check=False)
    tell(say("按 Ctrl-C 停止"))
