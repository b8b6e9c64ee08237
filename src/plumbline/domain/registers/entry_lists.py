"""The list of a simple register as its file declares it: its fields as typed columns, and what every register has.

Values lie in one column of JSON, and each field is read out of it as its type says: it can be narrowed by, but not
sorted by, since no index serves the order of a field. What every register has is named with a hyphen, which the name of
no field has; a field that is named like a word of every address gets one at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateField, DecimalField, Func, JSONField, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import searching
from plumbline.domain.registers.models import Period
from plumbline.domain.rows.listing import asking
from plumbline.domain.rows.listing.spec import (
    BEGINS,
    EQUAL,
    SPAN,
    Choice,
    Column,
    Condition,
    Kind,
    ListSpec,
    Operator,
    Sort,
)
from plumbline.domain.rows.searching.asking import read_or_none
from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, say
from plumbline.rulebook.forms import Field
from plumbline.rulebook.registers import Register

START = "entries-"
NUMBER, HELD, DAY, WRITTEN = "entry-number", "in-force", "on-day", "written-at"
NOW, ALL = "now", "all"
SPANS = {
    NOW: Choice(say("今天有效")),
    "ended": Choice(say("已结束")),
    "later": Choice(say("还没有开始")),
    ALL: Choice(say("全部")),
}
TRUTHS = {"true": Choice(say("是")), "false": Choice(say("否"))}
WORDS_OF_ADDRESSES = frozenset({asking.TEXT, asking.SORT, asking.COLUMNS, asking.PLACE, "size"})
_NUMBER = DecimalField(max_digits=30, decimal_places=9)
_TYPES: Mapping[str, tuple[Kind, str, Any]] = {  # Any: a field of the ORM
    "integer": (Kind.INTEGER, "bigint", BigIntegerField()),
    "decimal": (Kind.DECIMAL, "numeric", _NUMBER),
    "date": (Kind.DATE, "date", DateField()),
}
_CODES = frozenset({"code", "organisation", "instrument"})


class _Read(Func):
    """A text as a type of the database; nothing where it is none, as a row of an older edition may be."""

    def as_sql(  # type: ignore[override]  # of Django's arguments only the compiler is needed
        self, compiler: SQLCompiler, *_unused: object, **_more: object
    ) -> tuple[str, list[Any]]:  # Any: parameters of whichever kind
        """Return the text, looked at and then read."""
        text, params = compiler.compile(self.source_expressions[0])
        kind = self.extra["kind"]
        return f"(case when pg_input_is_valid({text}, '{kind}') then ({text})::{kind} end)", [*params, *params]


@dataclass(frozen=True)
class _Part:
    """The part of a register that a list shows. own: whether its readers see who wrote what besides the fields."""

    register: Register
    fields: Sequence[Field]

    @property
    def title(self) -> str:
        """The column an entry is called by."""
        return column_of(self.register.fields[self.register.title])

    def rows(self) -> QuerySet[Period]:
        """Return what stands, with the fields read out of the values."""
        standing = Period.objects.filter(register=self.register.id, replaced_by__isnull=True)
        return standing.annotate(**{f"of_{field.key}": _read(field) for field in self.fields})

    def columns(self, *, on: date) -> list[Column]:
        """Return the columns: the title, the listed fields, the state and the days, the other fields."""
        register = self.register
        listed = [each for each in register.listed_fields if each in self.fields]
        rest = [each for each in self.fields if each not in listed]
        states = {name: Choice(Term(each.zh, each.en), each.kind) for name, each in register.states.items()}
        return [
            *(_column(register, each) for each in listed),
            Column(HELD, say("起止"), Kind.CHOICE, operators=EQUAL, choices=lambda: SPANS,
                   where=lambda text: _held(text, on), is_column=False),
            Column(DAY, say("哪一天有效"), Kind.DATE, operators=EQUAL, is_column=False,
                   where=lambda text: holding(date.fromisoformat(text))),
            Column("state", say("状态"), Kind.CHOICE, "state", operators=EQUAL, choices=lambda: states),
            Column("valid_from", say("起始日期"), Kind.DATE, "valid_from", operators=SPAN),
            Column("valid_to", say("终止日期"), Kind.DATE, "valid_to", operators=(*SPAN, Operator.EMPTY),
                   is_sortable=True, is_nullable=True),
            *(replace(_column(register, each), is_shown=False) for each in rest),
            Column(NUMBER, say("编号"), Kind.INTEGER, "number", is_column=False),
        ]  # fmt: skip

    @property
    def areas(self) -> list[str]:
        """The columns that hold the code of a region."""
        return [column_of(each) for each in self.fields if each.type == "region" and not each.many]


def entries(register: Register, on: date) -> ListSpec:
    """Return the list of a register's entries on a day: what holds then, unless others are asked for."""
    part = _Part(register, tuple(register.fields.values()))
    own = (
        Column(WRITTEN, say("登记时间"), Kind.MOMENT, "written_at", sort_path="pk", is_sortable=True, is_shown=False),
        Column("written-by", say("经办人"), path="person_name", is_shown=False),
    )  # fmt: skip
    return ListSpec(
        f"{START}{register.id}",
        register.name,
        f"entry.{register.id}.read",
        rows=lambda scope: part.rows().filter(_seen(scope)),
        columns=(*part.columns(on=on), *own),
        sort=Sort(part.title),
        joins=(directory.divisions(*part.areas),),
        search=lambda text: _matching(register, text, names=("title", "key")),
        search_hint=say("名称或编号里的字，也认首字母"),
        usual=(Condition(HELD, Operator.ONE_OF, (NOW,)),),
        yields=(DAY,),
        keeps=(HELD,),
    )


def published(register: Register, on: date) -> ListSpec:
    """Return the list of a public register as everybody reads it: public fields alone, of what holds on the day.

    Strangers have no scope: who shows it runs it under one that sees the register.
    """
    part = _Part(register, register.public_fields)
    return ListSpec(
        f"published-{register.id}",
        register.name,
        "",
        rows=lambda _scope: part.rows().filter(holding(on)),
        columns=[each for each in part.columns(on=on) if each.key not in {HELD, DAY}],
        sort=Sort(part.title),
        joins=(directory.divisions(*part.areas),),
        search=lambda text: _matching(register, text, names=("title",)),
        search_hint=say("名称里的字，也认首字母"),
    )


def column_of(field: Field) -> str:
    """Return the key of the column of a field."""
    return f"{field.key}-" if field.key in WORDS_OF_ADDRESSES else field.key


def holding(on: date) -> Q:
    """Return the condition of holding on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _held(text: str, on: date) -> Q:
    return {NOW: holding(on), "ended": Q(valid_to__lt=on), "later": Q(valid_from__gt=on)}.get(text, Q())


def _seen(scope: Scope) -> Q:
    """Return the condition of being seen by a scope: said again beside row-level security, so that an index serves."""
    if scope.everything:
        return Q()
    own = Q(owner_id__in=scope.organisations)
    return own | Q(region_code__in=scope.regions) if scope.regions else own


def _matching(register: Register, text: str, *, names: Sequence[str]) -> Q:
    query = read_or_none(text)
    if query is None:
        return asking.begins_with("title", text)
    return searching.entries_meant(query, register=register.id, names=names)


def _read(field: Field) -> Combinable:
    """Return what reads a field out of the values, as its type."""
    if field.many:
        return Cast(KeyTransform(field.key, "values"), JSONField())
    text = Cast(KeyTextTransform(field.key, "values"), TextField())
    if field.type not in _TYPES:
        return text
    _kind, name, output = _TYPES[field.type]
    return _Read(text, kind=name, output_field=output)


def _column(register: Register, field: Field) -> Column:
    """Return the column of a field."""
    if field.key == register.title:
        kind = Kind.CODE if field.type == "code" else Kind.TEXT
        return Column(column_of(field), field.name, kind, "title", operators=BEGINS, is_sortable=True, is_fixed=True)
    if field.key == register.region:
        column = directory.region_column(is_shown=field.is_listed)
        return replace(column, key=column_of(field), title=field.name)
    plain = Column(column_of(field), field.name, path=f"of_{field.key}", is_nullable=not field.is_required)
    if field.many:
        return _repeated(plain, field)
    narrowed = _narrowed(plain, field)
    may_lack = not field.is_required and (field.is_listed or field.type == "date")
    found = _indexed(narrowed, register, field=field)
    return replace(found, operators=(*found.operators, Operator.EMPTY)) if may_lack else found


def _indexed(column: Column, register: Register, *, field: Field) -> Column:
    """Return the column asked where an index serves it: by the key the field alone makes, or by who owns the row."""
    if field.key == register.owner:
        return replace(column, operators=EQUAL, where=_owned, hint=directory.ORGANISATION_HINT)
    if register.unique == (field.key,) and column.operators == BEGINS:
        return replace(column, path="key")
    return column


def _owned(text: str) -> Q:
    return Q(owner_id__in=directory.organisation_meant(text))


def _narrowed(column: Column, field: Field) -> Column:
    """Return the column of a field of one value with its kind, and how it may be narrowed."""
    if field.type in _TYPES:
        kind = _TYPES[field.type][0]
        return replace(column, kind=kind, operators=(*EQUAL, *SPAN) if kind == Kind.INTEGER else SPAN)
    if field.type in {"choice", "yes_no"}:
        choices = _choices(field)
        return replace(column, kind=Kind.CHOICE, operators=EQUAL, choices=lambda: choices)
    if field.type == "region":
        return replace(column, operators=EQUAL, meaning=directory.area_meant, hint=directory.REGION_HINT)
    if field.type == "url":
        return column
    return replace(column, kind=Kind.CODE if field.type in _CODES else Kind.TEXT, operators=BEGINS)


def _repeated(column: Column, field: Field) -> Column:
    """Return the column of a repeated field: narrowed by one of its values."""

    def having(text: str) -> Q:
        value = asking.typed(Kind.INTEGER, text) if field.type == "integer" else text
        return Q(values__contains={field.key: [value]})

    choices = _choices(field)
    kind = Kind.CHOICE if field.type == "choice" else Kind.TEXT
    return replace(column, kind=kind, operators=EQUAL, where=having, choices=lambda: choices)


def _choices(field: Field) -> Mapping[str, Choice]:
    return TRUTHS if field.type == "yes_no" else {each.value: Choice(Term(each.zh, each.en)) for each in field.choices}
