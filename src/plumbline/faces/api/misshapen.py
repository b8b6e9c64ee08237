"""What is wrong with input that is not of the shape asked, in sentences beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plumbline.errors import InputError, Text, say

Limits = Mapping[str, Any]  # Any: as the library tells them
Saying = Callable[[str, Limits], tuple[Text, Text]]


def fault(told: Limits) -> InputError:
    """Return one fault in words. told: as the library tells it; `loc`: the place, our parameter, the path in it."""
    place = [str(part) for part in told["loc"]]
    inner = place[2:] if place[0] == "body" and len(place) > 2 else place[1:]
    field = ".".join(inner) or place[0]
    kind = str(told["type"])
    saying = next((each for begins, each in _SAYINGS if kind.startswith(begins)), _mistyped)
    what, remedy = saying(field[:80], told.get("ctx", {}))
    return InputError(what, remedy=remedy, field=field[:200])


def _missing(field: str, _limits: Limits) -> tuple[Text, Text]:
    return say("没有填 {field}", field=field), say("填好后再发")


def _unknown(field: str, _limits: Limits) -> tuple[Text, Text]:
    return say("不认识 {field}", field=field), say("去掉它，或核对名称")


def _other(field: str, limits: Limits) -> tuple[Text, Text]:
    return say("{field} 只能是 {allowed}", field=field, allowed=limits.get("expected", "")), say("从所列的里选")


def _no_date(field: str, _limits: Limits) -> tuple[Text, Text]:
    return say("{field} 不是日期", field=field), say("写成 2026-11-20 这样")


def _no_id(field: str, _limits: Limits) -> tuple[Text, Text]:
    return say("{field} 不是 id", field=field), say("用清单里给出的 id")


def _beyond(field: str, limits: Limits) -> tuple[Text, Text]:
    bound = next((limits[name] for name in ("max_length", "min_length", "le", "ge") if name in limits), "")
    return say("{field} 超出了范围，界限是 {bound}", field=field, bound=bound), say("改到范围以内")


def _mistyped(field: str, _limits: Limits) -> tuple[Text, Text]:
    return say("{field} 的类型不对", field=field), say("按接口文档里的类型写")


_SAYINGS: tuple[tuple[tuple[str, ...], Saying], ...] = (
    (("missing",), _missing),
    (("extra_forbidden",), _unknown),
    (("literal_error", "enum"), _other),
    (("date",), _no_date),
    (("uuid",), _no_id),
    (("string_too", "too_long", "too_short", "less_than", "greater_than"), _beyond),
)
