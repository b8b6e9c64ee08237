"""Legal days, months, and working days: holidays and make-up days as published by the State Council.

Answers for the years the package `chinesecalendar` (MIT) knows; beyond them it is None (unknown), never a guess.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from plumbline.errors import InputError, say

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def legal_day(at: datetime) -> date:
    """Return the day on which something happens by law: the day in China."""
    return at.astimezone(LEGAL_ZONE).date()


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_known(day: date) -> bool:
    """Tell whether the calendar of the year of that day is known."""
    return is_working_day(day) is not None


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool | None:
    """Tell whether a day is a working day; None when the calendar of its year is not known.

    Kept in memory: a page of cases asks for the same month again for each of its rows.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def add_working_days(start: date, days: int) -> date | None:
    """Return the last day of a limit of `days` working days; the start day is not counted.

    Returns None when the limit reaches into a year whose calendar is not known. Raises InputError when days < 1.
    """
    if days < 1:
        raise InputError(say("工作日数必须至少为 1，现在是 {days}", days=days), field="days")
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        working = is_working_day(day)
        if working is None:
            return None
        left -= int(working)
    return day


@lru_cache(maxsize=4096)
def working_days_between(start: date, end: date) -> int | None:
    """Return the number of working days after `start` up to and including `end`; negative when `end` is earlier.

    Returns None when a day between lies in a year whose calendar is not known.
    """
    if end < start:
        backwards = working_days_between(end, start)
        return None if backwards is None else -backwards
    count = 0
    for offset in range(1, (end - start).days + 1):
        working = is_working_day(start + timedelta(days=offset))
        if working is None:
            return None
        count += int(working)
    return count
