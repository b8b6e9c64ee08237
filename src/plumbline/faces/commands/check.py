"""`plumbline check FILE [--trust trust.json]`: prove a downloaded bundle off line. Needs no Django, no database."""

from __future__ import annotations

import sys
from pathlib import Path

from plumbline.errors import InputError, say
from plumbline.evidence import offline

USAGE = say("用法：./plumbline check 文件 [--trust trust.json] [--at 日期] [--json]")
WITH_VALUE = frozenset({"--trust", "--at"})


def run(arguments: list[str]) -> int:
    """Check the bundle named; return the exit code of the verifier (0 authentic, 1 refused, see `offline`).

    Raises: InputError when no file is named, or the one named cannot be read.
    """
    sys.argv[0] = "plumbline check"  # the verifier calls itself by it in its usage
    if not {"-h", "--help"} & set(arguments):
        _require_file(_named(arguments))
    return offline.main(arguments)


def _named(arguments: list[str]) -> str:
    before = ["", *arguments]
    files = [each for each, last in zip(arguments, before, strict=False) if each[:1] != "-" and last not in WITH_VALUE]
    if len(files) != 1:
        what = say("要核验的文件只能写一个") if files else say("没有写明要核验哪个文件")
        raise InputError(what, remedy=USAGE, field="file")
    return files[0]


def _require_file(name: str) -> None:
    path = Path(name)
    try:
        with path.open("rb"):
            return
    except (OSError, ValueError) as err:
        what = say("{name} 是文件夹", name=name) if path.is_dir() else say("读不到文件 {name}", name=name)
        raise InputError(what, remedy=say("核对路径、文件名和读的权限"), field="file") from err
