"""The launcher killed with -9 again and again, also in the middle of a start: no orphan, nothing lost."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from launch.environment import HOME
from launch.rehearsal import RunningCopy, running, wait_until

EARLY_S = (0.2, 0.5, 0.9, 1.4, 2.0)


def run(say: Callable[[str], None]) -> list[str]:
    """Kill at several moments; return what was not as it should be."""
    with tempfile.TemporaryDirectory(prefix="plumbline drill ") as folder:
        Path(folder).chmod(0o755)
        with running(HOME, Path(folder) / "data") as copy:
            copy.start("serve")
            kept = copy.config()
            say(f"running on port {copy.port()}")
            faults = [fault for after_s in EARLY_S for fault in kill_once(copy, after_s, say)]
            if copy.config() != kept:
                faults.append(f"the kept settings changed: {kept} -> {copy.config()}")
            return faults


def kill_once(copy: RunningCopy, after_s: float, say: Callable[[str], None]) -> list[str]:
    """Kill the running copy, start it, kill that start after some time; return orphans."""
    copy.stop(signal.SIGKILL)
    copy.launch("serve")
    time.sleep(after_s)
    copy.stop(signal.SIGKILL)
    gone = wait_until(lambda: not copy.processes(), seconds=15)
    left = [] if gone else [f"left after kill at {after_s} s: {copy.processes()}"]
    say(f"killed {after_s} s into a start: {'no process left' if gone else 'ORPHANS'}")
    say(f"up again in {copy.start('serve'):.1f} s")
    return left
