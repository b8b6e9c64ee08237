"""What no application can mean, told beside its field: a telephone number that is none, a day nobody plans for.

Asks more than the engine of cases, which takes any text: only what a person types here passes this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from plumbline.errors import InputError, say

DIGITS_LEAST, DIGITS_MOST = 5, 20
WRITTEN = frozenset("0123456789+-() /#,;转分机extEXT.、；，（）－")
AHEAD = timedelta(days=366)


def implausible(values: Mapping[str, object], *, today: date) -> list[InputError]:
    """Return the faults of an application's telephone number and wanted day; empty fields are left to the engine."""
    faults = [_phone_fault(str(values.get("contact_phone") or "").strip())]
    faults.append(_day_fault(str(values.get("wanted_on") or "").strip(), today=today))
    return [fault for fault in faults if fault is not None]


def _phone_fault(text: str) -> InputError | None:
    digits = sum(each.isdigit() for each in text)
    if not text or (DIGITS_LEAST <= digits <= DIGITS_MOST and set(text) <= WRITTEN):
        return None
    return InputError(
        say("“{text}”不像电话号码", text=text[:40]),
        remedy=say("写手机号，或带区号的座机号，例如 0577-12345678 转 801"),
        field="contact_phone",
    )


def _day_fault(text: str, *, today: date) -> InputError | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day - today <= AHEAD:
        return None
    return InputError(
        say("希望的日期 {day} 在一年以后", day=day.isoformat()),
        remedy=say("核对年份；一年以后的，到时再申请"),
        field="wanted_on",
    )
