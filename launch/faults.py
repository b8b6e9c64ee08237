"""What can go wrong before the product can speak for itself."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.say import words


class SetupError(Exception):
    """A fault of the set-up: what is wrong and what to do, already in the reader's language."""


def run(command: Sequence[str | Path], what: str, *, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program to its end and return what it printed. Raises SetupError with the end of its output."""
    try:
        result = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise SetupError(words(f"找不到程序 {command[0]}", f"The program {command[0]} was not found")) from error
    if result.returncode != 0:
        said = (result.stderr + result.stdout).strip()[-1500:]
        raise SetupError(words(f"{what} 未能完成:\n{said}", f"{what} did not succeed:\n{said}"))
    return result.stdout
