"""How the product writes numbers, dates, quantities, codes and durations in both languages.

Text in, text out; where a decimal text comes in, its decimals stay as they are: this module never rounds a
measured value that is already text. Source of the forms: ISO 80000-1:2022, 7 (thin space, sign, unit after a space).
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUS = "\u2212"
NARROW_NO_BREAK = "\u202f"
NO_BREAK = "\u00a0"
DASH = "\u2013"

Number = str | int | float | Decimal


def is_english() -> bool:
    """True when the reader's language is English."""
    return (get_language() or "").startswith("en")


def _decimal(value: Number) -> Decimal | None:
    """Return the value as a finite Decimal, or None when it is no number. A real minus sign is understood."""
    try:
        number = Decimal(str(value).replace(MINUS, "-").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _grouped(digits: str) -> str:
    """Put a thin space between thousands of a run of digits, from 1 000 on."""
    head = len(digits) % 3
    parts = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return NARROW_NO_BREAK.join(parts)


def number(value: Number | None, decimals: int | None = None) -> str:
    """Return the number with U+2212 and thin spaces between thousands; an en dash for nothing.

    decimals: printed decimals; None keeps those the text has. A plus that stands before a text stays.
    What is no number comes back as it was.
    """
    if value is None or value == "":
        return DASH
    parsed = _decimal(value)
    if parsed is None:
        return str(value)
    text = f"{abs(parsed):.{decimals}f}" if decimals is not None else f"{abs(parsed):f}"
    whole, dot, fraction = text.partition(".")
    is_zero = all(digit in "0." for digit in text)
    plus = "+" if isinstance(value, str) and value.startswith("+") else ""
    sign = "" if is_zero else MINUS if parsed < 0 else plus
    return f"{sign}{_grouped(whole)}{dot}{fraction}"


def signed(value: Number | None, decimals: int | None = None) -> str:
    """Return an error: the sign is always there, plus or U+2212; zero has none."""
    text = number(value, decimals)
    parsed = _decimal(value) if value is not None and value != "" else None
    if parsed is None or text[0] in f"+{MINUS}":
        return text
    return f"+{text}" if any(digit in "123456789" for digit in text) else text


def quantity(value: Number | None, unit: str, *, decimals: int | None = None) -> str:
    """Return value, no-break space, unit: `20 L`, `0.30 %`. No space before an angle sign."""
    text = number(value, decimals)
    return text if not unit or text == DASH else f"{text}{'' if unit in '°′″' else NO_BREAK}{unit}"


def signed_quantity(value: Number | None, unit: str, *, decimals: int | None = None) -> str:
    """Return an error with its unit and its sign: `+0.46 %`; an en dash for none."""
    text = signed(value, decimals)
    return text if not unit or text == DASH else f"{text}{NO_BREAK}{unit}"


def limits(value: Number | None, unit: str = "", *, decimals: int | None = None) -> str:
    """Return a symmetric limit: `±0.30 %`; an unknown one is said to be unknown."""
    if value is None or value == "":
        return _("不明")
    return f"±{quantity(value, unit, decimals=decimals)}"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """Return `2026-12-17`, the local day; an en dash for none."""
    return DASH if not value else _local(value).strftime("%Y-%m-%d")


def moment(value: datetime | None) -> str:
    """Return `2026-11-23 09:16` in local time; an en dash for none."""
    return DASH if not value else _local(value).strftime("%Y-%m-%d %H:%M")


def clock_time(value: datetime | None) -> str:
    """Return `09:14:07` in local time."""
    return DASH if not value else _local(value).strftime("%H:%M:%S")


def either(zh: str, en: str) -> str:
    """Return the name in the reader's language; the Chinese one where there is no English one."""
    return en if en and is_english() else zh


def joined(parts: Iterable[str]) -> str:
    """Return several phrases as one line, parted as the reader's language parts them; empty ones are left out."""
    return ("; " if is_english() else "；").join(part for part in parts if part)


def saved_time(value: datetime | None) -> str:
    """Return when something was kept: `09:14:07` today, `2026-11-20 09:14` on another day."""
    return clock_time(value) if value is None or timezone.localdate(value) == timezone.localdate() else moment(value)


def day_words(value: date | datetime | None) -> str:
    """Return the day in words for a citizen: `2027 年 3 月 1 日` or `1 March 2027`."""
    if not value:
        return DASH
    local = _local(value)
    if not is_english():
        return f"{local.year} 年 {local.month} 月 {local.day} 日".replace(" ", NO_BREAK)
    return f"{local.day}{NO_BREAK}{month_name[local.month]}{NO_BREAK}{local.year}"


def code_groups(code: str, size: int = 5) -> str:
    """Return a look-up code in groups of five: `7K3M9-2QXF4-…`; what is grouped already stays as it is."""
    text = str(code).strip().upper()
    if "-" in text:
        return text
    return "-".join(text[i : i + size] for i in range(0, len(text), size))


def duration(value: timedelta | float | None) -> str:
    """Return a length of time in one whole phrase: days, hours and minutes, minutes, or seconds."""
    if value is None:
        return DASH
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    days, hours, minutes = seconds // 86400, seconds // 3600, seconds // 60
    if days >= 1:
        return ngettext("{n} 天", "{n} 天", days).format(n=days)
    if hours >= 1:
        return _("{h} 小时 {m} 分").format(h=hours, m=minutes - hours * 60)
    if minutes >= 1:
        return ngettext("{n} 分", "{n} 分", minutes).format(n=minutes)
    return ngettext("{n} 秒", "{n} 秒", seconds).format(n=seconds)
