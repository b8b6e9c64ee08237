"""The set-up stage in one call: environment, assets, translations; each skipped when its stamp says it stands."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable

from launch import assets, environment
from launch.faults import SetupError

__all__ = ["SetupError", "set_up"]


def set_up(*, with_tests: bool) -> None:
    """Bring everything a verb needs into place. Two set-ups of one clone wait for each other. Raises SetupError."""
    folder = environment.HOME / "build"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        side_by_side(
            lambda: environment.install(with_tests=with_tests),
            lambda: assets.install(with_tests=with_tests),
        )
        assets.compile_translations()


def side_by_side(*works: Callable[[], None]) -> None:
    """Do the works at the same time; raise the first fault when all have ended."""
    faults: list[Exception] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # raised again below, in the main thread
            faults.append(error)

    threads = [threading.Thread(target=guarded, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
