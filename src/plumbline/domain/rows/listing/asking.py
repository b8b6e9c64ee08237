"""Reads what is wanted of a list from the pairs of an address, and writes it back: the address is the list.

Nothing is ignored: a column the list does not have, one that may not be narrowed or sorted so, a value that is none
are refused, each beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from plumbline.domain.rows.listing.spec import Column, Condition, Kind, ListSpec, Operator, Sort, Wanted
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import InputError, InputErrors, say

TEXT, SORT, COLUMNS, PLACE = "q", "sort", "cols", "page"
MOST_CHARACTERS = 80
MOST_VALUES = 50
YES, NO = "yes", "no"
_LAST = "\U0010ffff"
_DIGITS = re.compile(r"[+-]?\d{1,18}")


def read(spec: ListSpec, given: Mapping[str, Sequence[str]]) -> Wanted:
    """Return what an address wants. given: each name with its values; empty values say nothing.

    Raises: InputErrors, `field` being the name in the address.
    """
    typed = {name: [each.strip() for each in values if each.strip()] for name, values in given.items()}
    errors: list[InputError] = []
    conditions = []
    for name in given:
        if name in {TEXT, SORT, COLUMNS, PLACE}:
            continue
        try:
            column, operator = _asked(spec, name)
            if typed[name]:
                conditions.append(_condition(column, operator, values=typed[name]))
        except InputError as error:
            error.field = name
            errors.append(error)
    try:
        sort, columns = _sort(spec, typed), _columns(spec, typed)
        text = _text(spec, typed)
    except InputError as error:
        errors += getattr(error, "errors", [error])
    if errors:
        raise InputErrors(errors)
    return Wanted(tuple(conditions), text, sort, columns, (typed.get(PLACE) or [""])[0])


def pairs(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the pairs of the address that wants this; its place too, where it has one."""
    found = [(TEXT, wanted.text)] if wanted.text else []
    found += [(name_of(each), value) for each in wanted.conditions for value in each.values]
    if wanted.sort is not None:
        found.append((SORT, f"{'-' if wanted.sort.is_descending else ''}{wanted.sort.column}"))
    found += [(COLUMNS, ",".join(wanted.columns))] if wanted.columns else []
    return found + ([(PLACE, wanted.token)] if wanted.token else [])


def name_of(condition: Condition) -> str:
    """Return the name a condition has in an address: `state`, `issued_at.from`."""
    return f"{condition.column}.{condition.operator}" if condition.operator else condition.column


def where(spec: ListSpec, wanted: Wanted) -> Q:
    """Return the condition the rows must meet. Raises: InputErrors for a value that stands for nothing."""
    every = Q()
    errors: list[InputError] = []
    for condition in spec.in_force(wanted):
        column = spec.column(condition.column)
        if column is None:
            raise _no_column(condition.column)
        try:
            every &= _q(column, condition)
        except InputError as error:
            error.field = name_of(condition)
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    return every & spec.search(wanted.text) if wanted.text and spec.search is not None else every


def begins_with(path: str, text: str) -> Q:
    """Return the condition that a text begins so, as a span: under row security no index serves LIKE."""
    return Q(**{f"{path}__gte": text, f"{path}__lt": text + _LAST})


def _asked(spec: ListSpec, name: str) -> tuple[Column, Operator]:
    key, _dot, word = name.partition(".")
    column = spec.column(key)
    if column is None:
        raise _no_column(key)
    operator = next((each for each in column.operators if each == word), None)
    if operator is None:
        raise InputError(
            say("这个清单不能按“{name}”这样筛选", name=name), remedy=say("用筛选栏里的条件，或去掉网址里的这一段")
        )
    return column, operator


def _no_column(key: str) -> InputError:
    return InputError(
        say("这个清单没有“{name}”这一列，不能按它筛选", name=key[:MOST_CHARACTERS]),
        remedy=say("用筛选栏里的条件，或去掉网址里的这一段"),
        field=key,
    )


def _condition(column: Column, operator: Operator, *, values: list[str]) -> Condition:
    if len(values) > MOST_VALUES or any(len(value) > MOST_CHARACTERS for value in values):
        raise InputError(say("条件太长"), remedy=say("每个值不超过 {n} 个字符，一次不超过 {m} 个值", n=80, m=50))
    require_seen(dict.fromkeys([column.key], "".join(values)))
    if operator != Operator.ONE_OF and len(values) > 1:
        raise InputError(say("这个条件只能填一个值"), remedy=say("留下一个"))
    condition = Condition(column.key, operator, tuple(dict.fromkeys(values)))
    _check(column, condition)
    return condition


def _check(column: Column, condition: Condition) -> None:
    """Pass if the values are of the column's kind."""
    if condition.operator == Operator.EMPTY:
        if condition.values[0] not in {YES, NO}:
            raise InputError(say("只能是有值或没有值"), remedy=say("从所列的里选"))
        return
    for value in condition.values:
        if column.kind == Kind.CHOICE and column.meaning is None:
            if value not in column.choices():
                raise InputError(say("没有“{value}”这个选项", value=value), remedy=say("从所列的里选"))
        elif column.kind in {Kind.DATE, Kind.MOMENT, Kind.INTEGER, Kind.DECIMAL}:
            typed(column.kind, value)


def typed(kind: Kind, text: str) -> Any:  # Any: the kind says what it is
    """Return the value of a text as a kind of column holds it. Raises: InputError for what is none."""
    if kind in {Kind.DATE, Kind.MOMENT}:
        return _day(text)
    if kind == Kind.INTEGER:
        if _DIGITS.fullmatch(text) is None:
            raise InputError(say("“{value}”不是整数", value=text), remedy=say("只写数字"))
        return int(text)
    if kind == Kind.DECIMAL:
        return _decimal(text)
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise InputError(say("“{value}”不是日期", value=text), remedy=say("写成 2026-11-20 这样")) from err


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as err:
        raise InputError(say("“{value}”不是数", value=text), remedy=say("写成 0.30 这样")) from err
    if not value.is_finite():
        raise InputError(say("“{value}”不是数", value=text), remedy=say("写成 0.30 这样"))
    return value


def _q(column: Column, condition: Condition) -> Q:
    path, first = column.path, condition.values[0]
    if condition.operator == Operator.EMPTY:
        return _empty(column, path, is_empty=first == YES)
    if condition.operator == Operator.STARTS:
        return begins_with(path, first)
    if condition.operator in {Operator.FROM, Operator.TO}:
        return _bound(column, path, condition=condition)
    if column.where is not None:
        return reduce(or_, map(column.where, condition.values))
    values = [part for value in condition.values for part in _meant(column, value)]
    return Q(**{path: values[0]}) if len(values) == 1 else Q(**{f"{path}__in": values})


def _meant(column: Column, value: str) -> Sequence[object]:
    return column.meaning(value) if column.meaning is not None else [typed(column.kind, value)]


def _empty(column: Column, path: str, *, is_empty: bool) -> Q:
    if column.is_nullable:
        return Q(**{f"{path}__isnull": is_empty})
    return Q(**{path: ""}) if is_empty else Q(**{f"{path}__gt": ""})


def _bound(column: Column, path: str, *, condition: Condition) -> Q:
    """Return a lower or upper bound; both are included, of a moment the whole day."""
    value = typed(column.kind, condition.values[0])
    is_lower = condition.operator == Operator.FROM
    if column.kind != Kind.MOMENT:
        return Q(**{f"{path}__{'gte' if is_lower else 'lte'}": value})
    start = timezone.make_aware(datetime.combine(value if is_lower else value + timedelta(days=1), datetime.min.time()))
    return Q(**{f"{path}__{'gte' if is_lower else 'lt'}": start})


def _sort(spec: ListSpec, given: Mapping[str, Sequence[str]]) -> Sort | None:
    text = (given.get(SORT) or [""])[0]
    if not text:
        return None
    column = spec.column(text.removeprefix("-"))
    if column is None or not column.is_sortable:
        raise InputError(
            say("这个清单不能按“{name}”排序", name=text[:MOST_CHARACTERS]),
            remedy=say("按表头上能点的列排序"),
            field=SORT,
        )
    return Sort(column.key, text.startswith("-"))


def _columns(spec: ListSpec, given: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    chosen = [key for text in given.get(COLUMNS, []) for key in text.split(",") if key]
    known = {each.key for each in spec.columns if each.is_column}
    for key in chosen:
        if key not in known:
            raise InputError(
                say("这个清单没有“{name}”这一列", name=key[:MOST_CHARACTERS]), remedy=say("从选列里选"), field=COLUMNS
            )
    usual = [each.key for each in spec.shown(Wanted())]
    fixed = {each.key for each in spec.columns if each.is_fixed}
    return () if fixed | set(chosen) == set(usual) else tuple(dict.fromkeys(chosen))


def _text(spec: ListSpec, given: Mapping[str, Sequence[str]]) -> str:
    text = (given.get(TEXT) or [""])[0]
    if text and spec.search is None:
        raise InputError(say("这个清单没有搜索框"), remedy=say("用筛选栏里的条件"), field=TEXT)
    if len(text) > MOST_CHARACTERS:
        raise InputError(say("搜索的文字太长"), remedy=say("不超过 {n} 个字符", n=MOST_CHARACTERS), field=TEXT)
    require_seen({TEXT: text})
    return text
