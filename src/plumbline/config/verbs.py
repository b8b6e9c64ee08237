"""The verbs that need the database and not the whole platform: they have it for as long as they take.

Answers: how a command, a migration and a developer's database are run. Leaves what a command does to `faces.commands`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from plumbline.config.data_folder import data_folder
from plumbline.config.database_use import database
from plumbline.config.processes import end_with_parent
from plumbline.config.schema import bring_up_to_date
from plumbline.errors import say
from plumbline.faces.commands.main import EXIT_UNKNOWN, main, verb_named
from plumbline.faces.commands.terminal import tell, warn


def run_verb(verb: str, rest: list[str]) -> int:
    """Run one verb; return its exit code. Raises errors of the family."""
    if verb == "dev-db":
        return dev_db()
    if verb == "migrate":
        return migrate()
    return run_command(verb, rest)


def run_command(name: str, rest: list[str]) -> int:
    """Run one verb of `faces.commands`, with the database running for as long as it takes where it needs one."""
    verb = verb_named(name)
    if verb is None:
        warn(say("没有命令 {name}，./plumbline help 列出全部命令", name=name))
        return EXIT_UNKNOWN
    if verb.is_alone:
        return main([name, *rest])
    folder = data_folder()
    if verb.makes_demo and "mode" not in folder.config():
        folder.prepare()
        folder.keep(mode="demo")
    with database(folder):
        if verb.needs_schema:
            bring_up_to_date(folder)
        return run_beside(["-m", "plumbline.faces.commands.main", name, *rest])


def run_beside(arguments: list[str]) -> int:
    """Run our Python in the same terminal. Ctrl-C reaches the child by itself; we wait for it to finish."""
    before = signal.signal(signal.SIGINT, _wait_for_child)
    parent = os.getpid()
    try:
        with subprocess.Popen(
            [sys.executable, *arguments],
            preexec_fn=lambda: end_with_parent(signal.SIGTERM, parent),  # noqa: PLW1509  # we have one thread
        ) as child:
            return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _wait_for_child(_number: int, _frame: object) -> None:
    """Do nothing: a handler, unlike SIG_IGN, is not inherited by the child."""


def migrate() -> int:
    """Bring the database to this release's schema."""
    folder = data_folder()
    with database(folder):
        is_changed = bring_up_to_date(folder)
    tell(say("数据库结构已更新") if is_changed else say("数据库结构已是最新"))
    return 0


def dev_db() -> int:
    """Run the database of the data folder in the foreground, at this release's schema, for developers."""
    folder = data_folder()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    with database(folder) as ours:
        tell(say("数据库在 {folder} 应答，Ctrl-C 停止", folder=folder.socket_folder))
        try:
            while ours is None or ours.is_running():
                time.sleep(0.5)
        except KeyboardInterrupt:
            return 0
    return 1
