"""A peer at work beside us: a script of bench/peers in an environment of its own, asked line by line.

The script does its work once for each line it reads and answers with the seconds it took; at the end of its input it
answers with its peak memory in KiB.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launch.environment import HOME

from bench.report import peer_python


class Peer:
    """A running peer. `about` is what it said of itself before the first question."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.about = self._line()

    def seconds(self, work: str = "again") -> float:
        """Let it do its work once; return the seconds it took, as it measured them itself. work: the line it reads."""
        if self._process.stdin is None:
            raise RuntimeError("the peer is not listening")
        print(work, file=self._process.stdin, flush=True)
        return float(self._line())

    def end(self) -> int:
        """End it; return its peak memory in KiB."""
        if self._process.stdin is None:
            raise RuntimeError("the peer is not listening")
        self._process.stdin.close()
        return int(self._line())

    def _line(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"the peer ended with code {self._process.wait(10)}")
        return line.strip()


@contextmanager
def peer(name: str, script: str, arguments: Sequence[str | Path]) -> Iterator[Peer]:
    """Have the script of bench/peers run in the environment of bench/peers/<name>.txt.

    Raises: RuntimeError if the environment cannot be made.
    """
    command = [peer_python(name), HOME / "bench" / "peers" / script, *arguments]
    with subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, "PYTHONPATH": str(HOME)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Peer(process)
        finally:
            process.kill()
