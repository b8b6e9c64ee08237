"""Reads days as people write them: 2015-05-04, 20150504, 2015/5/4, 2015.5.4, 2015年5月4日; and notices parts of days.

Pure: imports no dataframe engine, so that a room's rules may ask it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?|(\d{4})(\d{2})(\d{2})")
_PART = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})月?|年)?")


@dataclass(frozen=True)
class DayRead:
    """What a text says of a day: `day` if it is whole; `is_part` if only a year or month stands there."""

    day: date | None
    is_part: bool = False
    is_wrong: bool = False


@lru_cache(maxsize=8_192)
def known_day(text: str) -> DayRead:
    """Return what `read_day` does, remembered: a file says the same days over and over."""
    return read_day(text)


def read_day(text: str) -> DayRead:
    """Return what a text says. An empty text says nothing: day None, neither part nor wrong."""
    if not text:
        return DayRead(None)
    if whole := _FULL.fullmatch(text):
        year, month, day = (int(part) for part in whole.groups() if part is not None)
        try:
            return DayRead(date(year, month, day))
        except ValueError:
            return DayRead(None, is_wrong=True)
    part = _PART.fullmatch(text)
    if part and 1 <= int(part[2] or 1) <= 12 and 1900 <= int(part[1]) <= 2999:
        return DayRead(None, is_part=True)
    return DayRead(None, is_wrong=True)
