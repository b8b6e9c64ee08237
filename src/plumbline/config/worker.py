"""The worker of a running platform: `python -m plumbline.config.worker`. It does errands and what is due, one by one.

It is started after the first page (see `serving`) and gives way to the web server (`nice`). Told to stop, it ends the
piece in hand; killed, it loses that piece alone, which the next worker does again.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import django

from plumbline.errors import say
from plumbline.faces.commands.terminal import warn

if TYPE_CHECKING:  # rooms can be imported once Django is set up
    from plumbline.domain.errands.runner import Runner

IDLE_S = 0.3
PAUSE_S = 1.0
COURTESY = 5
"""How much the worker gives way to processes that somebody waits for, in steps of nice(2)."""


def main() -> int:
    """Work until told to stop; return the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as SIGTERM by itself: while it loads there is nothing to end well
    os.nice(COURTESY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
    django.setup()
    from plumbline.config.works import PERIODIC, WORKS  # noqa: PLC0415  # needs Django set up
    from plumbline.domain.errands.runner import Runner  # noqa: PLC0415  # as above

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    work(Runner(WORKS, PERIODIC), stopping)
    return 0


def work(runner: Runner, stopping: threading.Event) -> None:
    """Do turn after turn until told to stop; a lost database is asked again after a pause."""
    from plumbline.domain.errands.runner import LOST_CONNECTION  # noqa: PLC0415  # needs Django set up

    while not stopping.is_set():
        try:
            is_busy = runner.turn(time.monotonic)
        except LOST_CONNECTION as err:
            warn(say("数据库暂时不可用，一秒后再试：{reason}", reason=str(err).strip()))
            runner.lose()
            stopping.wait(PAUSE_S)
        else:
            if not is_busy:
                stopping.wait(IDLE_S)


if __name__ == "__main__":
    sys.exit(main())
