"""What an import finds in a file, and how an import ended. Pure, so that a room's rules may ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plumbline.errors import InputError, Text, say

CHECK, ALL_OR_NOTHING, GOOD_ROWS = "check", "all_or_nothing", "good_rows"
MODES = (CHECK, ALL_OR_NOTHING, GOOD_ROWS)


@dataclass(frozen=True)
class Finding:
    """One thing in one cell. column: key of the template; code: key of the room's sentences; other: what it clashes
    with.

    group: findings of one cause share it (two rows of one serial number are one group); "" stands alone.
    """

    line: int
    column: str
    value: str
    code: str
    is_error: bool
    other: str = ""
    group: str = ""


@dataclass(frozen=True)
class Sentences:
    """The sentence of a finding's code, and what to do. Both may use {value} and {other}."""

    what: Text
    remedy: Text


@dataclass(frozen=True)
class Tally:
    """How often one code was found: in how many rows, in how many groups of one cause."""

    code: str
    is_error: bool
    rows: int
    groups: int


@dataclass(frozen=True)
class Intake:
    """How an import ended. read = new + unchanged + refused; `is_written`: the new ones are in the register.

    warned: rows not refused that carry a warning.
    """

    read: int
    new: int
    unchanged: int
    refused: int
    warned: int
    is_written: bool
    tallies: tuple[Tally, ...]


def check_mode(mode: str) -> str:
    """Return the mode. Raises: InputError if there is no such mode."""
    if mode not in MODES:
        raise InputError(
            say("没有“{mode}”这种导入方式", mode=mode),
            remedy=say("可用：{modes}", modes="、".join(MODES)),
            field="mode",
        )
    return mode


def sentence(sentences: Mapping[str, Sentences], finding: Finding) -> tuple[Text, Text]:
    """Return what is wrong and what to do, with the finding's values in."""
    known = sentences[finding.code]
    values = {"value": finding.value, "other": finding.other}
    return Text(known.what.template, values), Text(known.remedy.template, values)
