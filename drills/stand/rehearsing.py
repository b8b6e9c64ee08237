"""What drills share: their size from the command line, killing a database whole, asking the log's own audit."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar  # a plan is a dataclass of numbers

from launch.environment import HOME

from plumbline.config.postgres import Postgres
from plumbline.config.serving import COMMANDS

Say = Callable[[str], None]
P = TypeVar("P")


def at_any_size(name: str, plan: Callable[..., P], rehearse: Callable[[P, Say], list[str]]) -> int:
    """Rehearse with the numbers of a plan as the command line gives them; return 1 if it did not come back whole."""
    parser = argparse.ArgumentParser(prog=f"python -m drills.{name}")
    whole: Any = plan()  # Any: a dataclass whose fields are numbers
    for each in fields(whole):
        size = getattr(whole, each.name)
        parser.add_argument(f"--{each.name.replace('_', '-')}", type=type(size), default=size)
    asked = plan(**vars(parser.parse_args(sys.argv[1:])))
    begun = time.monotonic()
    faults = rehearse(asked, lambda sentence: print(f"[{time.monotonic() - begun:6.1f} s] {sentence}", flush=True))
    for fault in faults:
        print(f"FAULT: {fault}")
    print("FAIL" if faults else "PASS", flush=True)
    return 1 if faults else 0


def kill_server(postgres: Postgres) -> int:
    """Kill a database server and all it has started with -9; return how many processes that were."""
    server = postgres.process
    if server is None:
        raise RuntimeError("there is no server to kill")
    pids = [server.pid, *children_of(server.pid)]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    server.wait()
    return len(pids)


def children_of(pid: int) -> list[int]:
    """Return the living children of a process, whatever session each has made for itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == pid:
            found.append(int(stat.parent.name))
    return found


def audit_faults(say: Say) -> list[str]:
    """Run `plumbline log audit` as an operator would; return its findings if it has any."""
    ended = subprocess.run([*COMMANDS, "log", "audit"], cwd=HOME, capture_output=True, text=True, check=False)
    say(f"log audit: {ended.stdout.strip()}")
    return [] if ended.returncode == 0 else [f"log audit: {ended.stdout} {ended.stderr}"]
