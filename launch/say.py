"""The few sentences said before the catalogue of translations can be read: each in both languages."""

from __future__ import annotations

import os
import sys
import time

BEGUN = time.monotonic()


def words(chinese: str, english: str) -> str:
    """Return the sentence in the language of the terminal (`PLUMBLINE_LANG`, else the shell's locale)."""
    names = ("PLUMBLINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return chinese if chosen.lower().startswith("zh") else english


def step(chinese: str, english: str) -> None:
    """Say what is being done, with the seconds since the start."""
    print(f"[{time.monotonic() - BEGUN:5.1f} s] {words(chinese, english)}", file=sys.stderr, flush=True)
