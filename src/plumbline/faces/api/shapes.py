"""The values the API hands out, as its document describes them. A field that may be missing is null, never left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ninja import Schema
from pydantic import ConfigDict

from plumbline.errors import InputError, InputErrors, Term
from plumbline.faces.api.problems import Problem

REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429, 500, 503})
"""The statuses in which a request may be refused; each with a problem."""


class Said(Schema):
    """The base of what is sent to us: a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Name(Schema):
    """A name in both languages."""

    zh: str
    en: str


class Region(Schema):
    """A division of GB/T 2260."""

    code: str
    name: str


class Count(Schema):
    """How many rows there are. is_whole false: at least so many; with 0 rows, not counted in time."""

    rows: int
    is_whole: bool


def answers(shape: object, *, status: int = 200) -> Any:  # Any: as ninja declares it
    """Return what an operation may answer: its shape, or a problem."""
    return {status: shape, REFUSALS: Problem}


@contextmanager
def fields_named(names: Mapping[str, str]) -> Iterator[None]:
    """Have the faults an action finds stand beside the names the body has for its fields. names: theirs to ours."""
    try:
        yield
    except InputError as error:
        faults = [
            InputError(each.what, where=each.where, remedy=each.remedy, field=names.get(each.field or "", each.field))
            for each in error.faults
        ]
        raise InputErrors(faults) from error


def name_of(value: object) -> Name | None:
    """Return a name as the API says it."""
    if isinstance(value, Term):
        return Name(zh=value.zh, en=value.en)
    return Name(zh=str(value), en=str(value)) if value else None


def named(thing: object) -> Name:
    """Return the name of something of the rulebook, which has one in both languages."""
    return Name(zh=str(getattr(thing, "zh")), en=str(getattr(thing, "en")))  # noqa: B009  # whatever has both


def region_of(text: str | None) -> Region | None:
    """Return a division from its code and name, as lists write them."""
    code, _gap, name = (text or "").partition(" ")
    return Region(code=code, name=name) if code else None


def either(zh: str, en: str) -> Name:
    """Return a name; the Chinese one where there is no English one."""
    return Name(zh=zh, en=en or zh)


def part(facts: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return an object within facts, empty where there is none."""
    found = facts.get(name)
    return found if isinstance(found, Mapping) else {}
