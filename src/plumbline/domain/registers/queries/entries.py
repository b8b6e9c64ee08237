"""Reads of the simple registers: lists, one entry with its history, counts for targets, what is public.

What the running scope may not see does not exist here; what a role may read at all, `rulebook.registers` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from plumbline.domain.registers import entry_intake, entry_lists, searching
from plumbline.domain.registers.models import Entry, Period
from plumbline.domain.registers.types import PeriodFacts, PublicEntry
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.findings import Sentences
from plumbline.domain.rows.listing.spec import ListSpec
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.taking import Found
from plumbline.domain.rows.typing_in import Value
from plumbline.errors import Hidden, say
from plumbline.gateways.tables.template import Template
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.forms import Field

NUMBER, HELD, DAY = entry_lists.NUMBER, entry_lists.HELD, entry_lists.DAY
START, SPANS, column_of = entry_lists.START, entry_lists.SPANS, entry_lists.column_of
_FIELDS = tuple(part.name for part in fields(PeriodFacts))


def list_of_entries(register_id: str, on: date) -> ListSpec:
    """Return the list of a register's entries, as its file declares it, on a day. Raises: Hidden for no register."""
    return entry_lists.entries(rulebook.by_id(register_id), on)


def list_of_published(register_id: str, on: date) -> ListSpec:
    """Return the list of a public register as everybody reads it on a day. Raises: Hidden for any other."""
    register = rulebook.by_id(register_id)
    if not register.is_public:
        raise Hidden(say("没有这个名册"), remedy=say("从名册总表里选"))
    return entry_lists.published(register, on)


def periods_by_id(ids: Sequence[UUID]) -> tuple[PeriodFacts, ...]:
    """Return several rows in the order of their ids, those that are visible, in one query."""
    found = {row.id: period_facts(row) for row in Period.objects.filter(pk__in=ids)}
    return tuple(found[key] for key in ids if key in found)


def visible_entries(register_id: str, *, most: int) -> int:
    """Return how many standing rows of a register the running scope sees; no more than `most` are counted."""
    return _standing(register_id)[:most].count()


def entry_history(register_id: str, number: int) -> tuple[PeriodFacts, ...]:
    """Return every row ever written of an entry, the latest written first. Raises: Hidden if none is visible."""
    rows = Period.objects.filter(register=register_id, number=number).order_by("-written_at", "-id")
    found = tuple(period_facts(row) for row in rows)
    if not found:
        raise no_such_entry()
    return found


def periods(register_id: str, number: int) -> tuple[PeriodFacts, ...]:
    """Return what stands of an entry, the earliest first. Raises: Hidden if nothing of it is visible."""
    found = tuple(period_facts(row) for row in _standing(register_id).filter(number=number).order_by("valid_from"))
    if not found:
        raise no_such_entry()
    return found


def period_on(register_id: str, number: int, *, on: date) -> PeriodFacts:
    """Return what stands of an entry on a day, else its latest period. Raises: Hidden if nothing of it is visible."""
    found = periods(register_id, number)
    return next((each for each in found if each.holds(on)), found[-1])


def number_of(register_id: str, key: str) -> int | None:
    """Return the number of the entry of a key, None where there is none; whoever asks need not see it."""
    with scoped(EVERYTHING):
        found = Entry.objects.filter(register=register_id, key=key).values_list("number", flat=True).first()
    return None if found is None else int(found)


def state_on(register_id: str, number: int, *, on: date) -> str:
    """Return the state of an entry on a day, empty where nothing is said of that day; whoever asks need not see it."""
    with scoped(EVERYTHING):
        standing = _standing(register_id).filter(number=number, valid_from__lte=on)
        return str(standing.order_by("-valid_from").values_list("state", flat=True).first() or "")


def search_entries(query: Query, *, registers: Iterable[str], on: date) -> Found[PeriodFacts]:
    """Return what some registers say on a day of the entries meant by what was typed, as far as the scope sees."""
    found = searching.entries(query, registers=registers, on=on)
    rows = Period.objects.filter(pk__in=found.hits) if found.hits else ()
    held = {row.id: period_facts(row) for row in rows}
    return found.of([held[key] for key in found.hits])


def search_published(query: Query, *, on: date) -> Found[tuple[str, int, str]]:
    """Return (register, number, title) of the entries everybody may read that are called so on a day."""
    public = [each.id for each in rulebook.all_registers().values() if each.is_public]
    return searching.published(query, registers=public, on=on)


def published_entry(register_id: str, number: int, *, on: date) -> PublicEntry:
    """Return one entry of a public register as everybody reads it. Raises: Hidden if there is none on that day."""
    with connection.cursor() as cursor:
        cursor.execute("select * from registers_published_entry(%s, %s, %s)", [register_id, number, on])
        row = cursor.fetchone()
    if row is None:
        raise no_such_entry()
    return _public_entry(register_id, row)


def no_such_entry() -> Hidden:
    """Return the one answer for an entry that is unknown or foreign."""
    return Hidden(say("没有这一条，或者您无权查看"), remedy=say("从名册里重新选择"))


def _public_entry(register_id: str, row: tuple[Any, ...]) -> PublicEntry:  # Any: columns of several types
    number, title, state, region_code, valid_from, valid_to, held = row
    return PublicEntry(number, title, state, region_code, valid_from, valid_to, _public(register_id, held))


def _public(register_id: str, held: object) -> dict[str, object]:
    """Return the fields that are public by the file too: what was withdrawn from the public shows at once."""
    values = json.loads(held) if isinstance(held, str) else held
    public = {field.key for field in rulebook.by_id(register_id).public_fields}
    return {key: value for key, value in values.items() if key in public} if isinstance(values, dict) else {}


def _standing(register_id: str) -> QuerySet[Period]:
    return Period.objects.filter(register=register_id, replaced_by__isnull=True)


def period_facts(row: Period) -> PeriodFacts:
    """Return the value of a row."""
    return PeriodFacts(**{name: getattr(row, name) for name in _FIELDS})


def entry_text(field: Field, value: object) -> str:
    """Return a value as it is typed into a form or a file: what reading it gives back."""
    return typing_in.written(field, cast("Value | None", value))


def entry_template(register_id: str) -> Template:
    """Return the columns an import of a register knows."""
    return entry_intake.template(rulebook.by_id(register_id))


def entry_sentences() -> Mapping[str, Sentences]:
    """Return the sentences of what an import of entries finds."""
    return entry_intake.SENTENCES
