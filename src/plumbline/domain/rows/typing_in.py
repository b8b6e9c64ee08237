"""Reads what people write into the fields of a form: text to typed value, or the code of what is wrong.

Pure. A form, an import and an act ask the same here; which organisations, areas, instruments and entries exist, the
room that owns the form asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from plumbline.domain.rows.findings import Sentences
from plumbline.domain.rows.unseen import unseen
from plumbline.errors import InputError, InputErrors, Text, say
from plumbline.gateways.tables.days import read_day
from plumbline.gateways.tables.numbers import folded, read_number, read_yes_no
from plumbline.rulebook.forms import Field

Value = str | int | bool | list["Value"]
SENTENCES = {
    "missing": Sentences(say("这一格是空的"), say("填写这一项")),
    "too_long": Sentences(say("这一格太长，最多 {other} 个字符"), say("缩短这一格")),
    "unseen": Sentences(say("有看不见的字符：{other}"), say("删掉这些字符，重新输入")),
    "number_wrong": Sentences(say("“{value}”不是数"), say("写成 1234.5 这样，千分位可以用逗号")),
    "whole_wrong": Sentences(say("“{value}”不是整数"), say("写成 1234 这样")),
    "places": Sentences(say("小数位数太多，最多 {other} 位"), say("按规定的位数填写；不要自动舍入")),
    "too_small": Sentences(say("“{value}”小于最小值 {other}"), say("核对数值和单位")),
    "too_large": Sentences(say("“{value}”大于最大值 {other}"), say("核对数值和单位")),
    "day_part": Sentences(say("“{value}”不是完整的日期"), say("补全到日，写成 2024-05-01 这样")),
    "day_wrong": Sentences(say("日期“{value}”看不懂"), say("写成 2024-05-01 这样")),
    "choice_unknown": Sentences(say("没有“{value}”这个选项"), say("从这些里选：{other}")),
    "pattern_wrong": Sentences(say("“{value}”不合这一项的格式"), say("写成 {other} 这样")),
    "credit_code_wrong": Sentences(say("“{value}”不是统一社会信用代码"), say("18 位，照营业执照或法人证书填写")),
    "region_wrong": Sentences(say("“{value}”不是行政区划代码"), say("填六位代码，例如 330305")),
    "instrument_wrong": Sentences(say("“{value}”不是器具码"), say("对照器具上的标签，形如 PL-4K7M-2X9Q-8H-T")),
    "url_wrong": Sentences(say("“{value}”不是网址"), say("以 https:// 开头写全")),
    "yes_no_wrong": Sentences(say("“{value}”不是“是”也不是“否”"), say("写“是”或“否”")),
    "organisation_unknown": Sentences(say("没有登记信用代码为 {value} 的单位"), say("先在单位名录里登记这个单位")),
    "region_unknown": Sentences(say("行政区划代码“{value}”不存在"), say("填写六位代码，例如 330305")),
    "instrument_unknown": Sentences(say("没有器具 {value}，或者您无权查看"), say("核对器具码，或先登记这台器具")),
    "link_unknown": Sentences(say("“{other}”里没有“{value}”"), say("先登记它，或改正这一格")),
}
_DIVIDERS = re.compile(r"[;；\n]+")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_REGION = re.compile(r"([1-9][0-9]{5})(?:\s.*)?")
_INSTRUMENT = re.compile(r"PL-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}-[0-9A-Z]")
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Reading:
    """What a text says: a value (None where it is empty), or the code of what is wrong, with what it clashes with."""

    value: Value | None
    code: str = ""
    other: str = ""


def read(field: Field, text: str) -> Reading:
    """Return what a text says in a field; a repeated field is divided at semicolons and line breaks."""
    if not text.strip():
        return Reading(None, "missing" if field.is_required else "")
    if lacking := unseen(text):
        return Reading(None, "unseen", "、".join(f"U+{ord(each):04X}" for each in sorted(lacking)[:10]))
    if not field.many:
        return _within(field, text.strip())
    readings = [_within(field, part.strip()) for part in _DIVIDERS.split(text) if part.strip()]
    wrong = next((reading for reading in readings if reading.code), None)
    return wrong or Reading([reading.value for reading in readings if reading.value is not None])


def read_all(fields: Mapping[str, Field], typed: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of a form. Raises: InputErrors with a sentence beside each field at fault."""
    readings = {key: read(field, typed.get(key, "")) for key, field in fields.items()}
    faults = [
        fault(key, typed.get(key, ""), code=reading.code, other=reading.other)
        for key, reading in readings.items()
        if reading.code
    ]
    if faults:
        raise InputErrors(faults)
    return {key: reading.value for key, reading in readings.items() if reading.value is not None}


def fault(key: str, text: str, *, code: str, other: str = "") -> InputError:
    """Return the error of a field for the code of what is wrong."""
    values = {"value": text[:80], "other": other}
    known = SENTENCES[code]
    return InputError(Text(known.what.template, values), remedy=Text(known.remedy.template, values), field=key)


def written(field: Field, value: Value | None) -> str:
    """Return a value as it is typed in: what `read` reads back."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "；".join(written(field, each) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _within(field: Field, text: str) -> Reading:
    reading = _READERS[field.type](field, text)
    if not reading.code and isinstance(reading.value, str) and len(reading.value) > field.most_characters:
        return Reading(None, "too_long", str(field.most_characters))
    return reading


def _text(_field: Field, text: str) -> Reading:
    return Reading(text)


def _code(field: Field, text: str) -> Reading:
    bare = folded(text)
    if re.fullmatch(field.pattern, bare) is None:
        return Reading(None, "pattern_wrong", field.example or field.pattern)
    return Reading(bare)


def _integer(field: Field, text: str) -> Reading:
    number = read_number(text, field.unit)
    if number is None or number != number.to_integral_value() or abs(number) >= 10**15:
        return Reading(None, "whole_wrong")
    return _bounded(field, number, value=int(number))


def _decimal(field: Field, text: str) -> Reading:
    number = read_number(text, field.unit)
    if number is None or abs(number) >= 10**15:
        return Reading(None, "number_wrong")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.places:
        short = number.quantize(Decimal(1).scaleb(-field.places))
        if short != number:
            return Reading(None, "places", str(field.places))
        number = short
    return _bounded(field, number, value=format(abs(number) if number == 0 else number, "f"))


def _bounded(field: Field, number: Decimal, *, value: Value) -> Reading:
    if field.least is not None and number < field.least:
        return Reading(None, "too_small", str(field.least))
    if field.most is not None and number > field.most:
        return Reading(None, "too_large", str(field.most))
    return Reading(value)


def _day(_field: Field, text: str) -> Reading:
    said = read_day(folded(text))
    if said.day is None:
        return Reading(None, "day_part" if said.is_part else "day_wrong")
    return Reading(said.day.isoformat())


def _choice(field: Field, text: str) -> Reading:
    wanted = folded(text).casefold()
    for choice in field.choices:
        if wanted in {choice.value.casefold(), folded(choice.zh).casefold(), choice.en.casefold()}:
            return Reading(choice.value)
    return Reading(None, "choice_unknown", "、".join(choice.zh for choice in field.choices))


def _yes_no(_field: Field, text: str) -> Reading:
    said = read_yes_no(text)
    return Reading(None, "yes_no_wrong") if said is None else Reading(said)


def _organisation(_field: Field, text: str) -> Reading:
    bare = "".join(folded(text).upper().split()).replace("-", "")
    return Reading(bare) if _CREDIT_CODE.fullmatch(bare) else Reading(None, "credit_code_wrong")


def _region(_field: Field, text: str) -> Reading:
    """Read a code, alone or with the name of the division behind it, as lists offer it."""
    found = _REGION.fullmatch(folded(text))
    return Reading(found[1]) if found else Reading(None, "region_wrong")


def _instrument(_field: Field, text: str) -> Reading:
    bare = folded(text).upper()
    return Reading(bare) if _INSTRUMENT.fullmatch(bare) else Reading(None, "instrument_wrong")


def _url(_field: Field, text: str) -> Reading:
    return Reading(text) if _URL.fullmatch(text) else Reading(None, "url_wrong")


_READERS = {
    "text": _text,
    "link": _text,
    "code": _code,
    "integer": _integer,
    "decimal": _decimal,
    "date": _day,
    "choice": _choice,
    "yes_no": _yes_no,
    "organisation": _organisation,
    "region": _region,
    "instrument": _instrument,
    "url": _url,
}
