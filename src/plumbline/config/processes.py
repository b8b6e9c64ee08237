"""Child processes that end when their parent ends, and how to recognise one again after a crash.

Answers: start a child that cannot become an orphan; is the process with this number still the one we started; what
did it say last?
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal the kernel sends to a process when the thread that started it ends."""

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(signal_number: int, parent: int) -> None:
    """Ask the kernel to send this process the signal when its parent ends. `parent` is the expected parent's number.

    The signal ends us from here on: before an exec, a handler inherited from the parent would swallow it.
    """
    if signal_number != signal.SIGKILL:
        signal.signal(signal_number, signal.SIG_DFL)
    _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # It ended before we asked.
        os.kill(os.getpid(), signal_number)


@dataclass(frozen=True)
class Account:
    """The operating-system account a child runs as."""

    name: str
    uid: int
    gid: int


def start_child(
    command: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    death_signal: int = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us, and so that it ends when we end.

    Must be called in the main thread: the kernel watches the thread, not the process. `output` takes both streams.
    """
    parent = os.getpid()

    def before_exec() -> None:
        end_with_parent(death_signal, parent)

    identity: dict[str, object] = {}
    if account is not None:
        identity = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # the stubs cannot follow **identity
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment) if environment is not None else None,
        cwd="/",
        start_new_session=True,
        preexec_fn=before_exec,  # noqa: PLW1509  # prctl and nothing else; the launcher has one thread
        **identity,
    )


def start_time(pid: int) -> int | None:
    """Return when the process started, in clock ticks since boot, or None if there is no such living process."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if after_name[0] in {"Z", "X"} else int(after_name[19])


def wait_until(is_so: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Ask again and again until it is so or the time is up; say whether it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def end_strangers(known: Mapping[int, int], *, patience_s: float = 5.0) -> None:
    """End processes left by a killed launcher: `known` maps process number to start time, so no other is touched."""
    alive = {pid for pid, started in known.items() if start_time(pid) == started}
    for sending in (signal.SIGTERM, signal.SIGKILL):
        for pid in alive:
            _send(pid, sending)
        if wait_until(lambda: not any(start_time(pid) == known[pid] for pid in alive), seconds=patience_s):
            return


def _send(pid: int, signal_number: int) -> None:
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log file, or nothing if it is not there."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""
