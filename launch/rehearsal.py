"""A copy of the platform run beside others for a test, a bench or a drill: started, killed, looked at, cleared away.

Knows nothing of the product but its command line, its data folder and its addresses.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

RECORDS_OF_ROOT = Path("/var/lib/plumbline")


class RunningCopy:
    """One `./plumbline serve` or `demo` of a clone, with a data folder of its own."""

    def __init__(self, clone: Path, data: Path) -> None:
        """Take the clone and the data folder; nothing is started yet."""
        self.clone = clone
        self.data = data
        self.output = data.with_name(f"{data.name}.out")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str, patience_s: float = 120) -> float:
        """Start it and wait until its address is printed and answers; return the seconds that took."""
        begun = time.monotonic()
        self.launch(*arguments)
        if not wait_until(self._is_up, seconds=patience_s):
            raise RuntimeError(f"it did not come up:\n{self.said()}")
        return time.monotonic() - begun

    def launch(self, *arguments: str) -> None:
        """Start it and do not wait. Raises RuntimeError if it runs: the other would be lost sight of."""
        if self.process is not None and self.process.poll() is None:
            raise RuntimeError("this copy is running already")
        foreign = ("PLUMBLINE_", "DATABASE_", "DJANGO_", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [self.clone / "plumbline", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**kept, "PLUMBLINE_DATA": str(self.data), "PLUMBLINE_LANG": "zh"},
                start_new_session=True,
            )

    def _is_up(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"it ended:\n{self.said()}")
        return self.port() is not None and self.get("/alive")[0] == http.HTTPStatus.OK

    def said(self) -> str:
        """Return everything it has printed."""
        return self.output.read_text(errors="replace")

    def port(self) -> int | None:
        """Return the port it printed."""
        found = re.search(r"平台已运行：http://localhost:(\d+)", self.said())
        return int(found.group(1)) if found else None

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a page; return its status and its bytes, or 0 where nothing answers."""
        port = self.port()
        asked = http.client.HTTPConnection("127.0.0.1", port or 1, timeout=20)
        try:
            asked.request("GET", path, headers={"Host": f"localhost:{port}"})
            answer = asked.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        finally:
            asked.close()

    def config(self) -> dict[str, object]:
        """Return what the copy keeps of its settings."""
        return tomllib.loads((self.data / "config.toml").read_text())

    def stop(self, signal_number: int = signal.SIGINT, *, patience_s: float = 40) -> int:
        """Send a signal to the launcher alone and wait for its end; return its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal_number)
        return self.process.wait(patience_s)

    def end(self) -> None:
        """Stop it if it runs and wait until none of its processes is left."""
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGTERM)
        wait_until(lambda: not self.processes(), seconds=20)

    def processes(self) -> dict[int, str]:
        """Return every living process of this copy with its command: those that name its data folder or identity."""
        marks = [os.fsencode(self.data)]
        if (self.data / "config.toml").exists():
            marks.append(str(self.config()["installation"]).encode())
        return {pid: shown for pid, shown in living() if any(mark in traces(pid) for mark in marks)}

    def clear_away(self) -> None:
        """End it if it runs and delete what it kept, also where root's records lie."""
        self.end()
        if (self.data / "config.toml").exists() and os.getuid() == 0:
            shutil.rmtree(RECORDS_OF_ROOT / str(self.config()["installation"]), ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self.output.unlink(missing_ok=True)


def living() -> Iterator[tuple[int, str]]:
    """Yield the number and command line of every process but our own."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if command:
                yield int(folder.name), command.replace(b"\0", b" ").decode(errors="replace").strip()


def traces(pid: int) -> bytes:
    """Return the command line and the environment of a process, as far as we may read them."""
    found = b""
    for name in ("cmdline", "environ"):
        try:
            found += Path(f"/proc/{pid}/{name}").read_bytes()
        except OSError:
            continue
    return found


def wait_until(is_so: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until it is so or the time is up; say whether it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def copy_of_tree(clone: Path, target: Path) -> Path:
    """Copy what git knows or would take to another folder, as a fresh clone of the work in hand."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=clone,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, os.fsdecode(names).split("\0")):
        if (clone / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(clone / name, target / name)
    return target


@contextmanager
def running(clone: Path, data: Path) -> Iterator[RunningCopy]:
    """Have a copy to start, and clear it away afterwards."""
    copy = RunningCopy(clone, data)
    try:
        yield copy
    finally:
        copy.clear_away()
