"""What a list is: its columns with their kinds, what may be filtered and sorted, its rows, its joins and its counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.rows.types import Scope
from plumbline.errors import Term, Text, say

Row = Mapping[str, Any]  # Any: a row holds values of every kind of column
Words = Text | Term
Meaning = Callable[[str], Sequence[object]]
"""The values of a column that a typed text stands for. Raises: InputError for a text that stands for nothing."""


class Kind(StrEnum):
    """What a column holds: it decides how a value is typed, shown and exported."""

    TEXT = "text"
    CODE = "code"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    INTEGER = "integer"
    DECIMAL = "decimal"
    NAME = "name"
    """A name in two languages (`errors.Term`)."""


class Operator(StrEnum):
    """How a column may be narrowed. `ONE_OF` with one value is equality."""

    ONE_OF = ""
    STARTS = "starts"
    FROM = "from"
    TO = "to"
    EMPTY = "empty"


EQUAL = (Operator.ONE_OF,)
BEGINS = (Operator.ONE_OF, Operator.STARTS)
SPAN = (Operator.FROM, Operator.TO)


@dataclass(frozen=True)
class Choice:
    """One value of a column of choices: its words, and the state kind it is shown with, if any."""

    title: Words
    state: str = ""


@dataclass(frozen=True)
class Column:
    """One column. path: where the value stands for the ORM; empty: a join brings it, it is neither sorted nor filtered.

    sort_path: what orders in its stead ("pk": the key, made in the order of registration); operators: how it may be
    narrowed, none = not at all; meaning: what a typed text stands for, where that is not the text itself; is_nullable:
    some rows have no value; choices: of a column of choices, asked when needed, since the rulebook is data; is_fixed:
    shown whatever is chosen; is_column False: a condition that has no column.
    """

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    path: str = ""
    sort_path: str = ""
    operators: Sequence[Operator] = ()
    meaning: Meaning | None = None
    where: Callable[[str], Q] | None = None
    choices: Callable[[], Mapping[str, Choice]] = dict
    hint: Text | None = None
    is_sortable: bool = False
    is_nullable: bool = False
    is_shown: bool = True
    is_fixed: bool = False
    is_exported: bool = True
    is_column: bool = True

    @property
    def ordered_at(self) -> str:
        """What the list is ordered by when it is sorted by this column."""
        return self.sort_path or self.path


@dataclass(frozen=True)
class Condition:
    """A condition as typed: of one column, with an operator and its values."""

    column: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True)
class Sort:
    """The order of a list: by a column, then by the id."""

    column: str
    is_descending: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of a list: conditions, free text, order, columns (empty: the usual), and where to go on."""

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    sort: Sort | None = None
    columns: tuple[str, ...] = ()
    token: str = ""

    def having(self, condition: Condition) -> Wanted:
        """Return the same with one more condition, from the beginning."""
        return replace(self, conditions=(*self.conditions, condition), token="")  # a place, no secret

    def without(self, condition: Condition) -> Wanted:
        """Return the same without a condition, from the beginning."""
        rest = tuple(each for each in self.conditions if each != condition)
        return replace(self, conditions=rest, token="")  # a place, no secret


Join = Callable[[Sequence[Row]], Mapping[UUID, Row]]
"""What else a page's rows say, by id: one look-up for all rows of a page, whatever their number."""


@dataclass(frozen=True)
class Joined:
    """A join that says which keys of a row it brings and which it reads, so that a file without them does not ask."""

    brings: tuple[str, ...]
    look_up: Join
    needs: tuple[str, ...] = ()

    def __call__(self, rows: Sequence[Row]) -> Mapping[UUID, Row]:
        """Look the rows up."""
        return self.look_up(rows)


@dataclass(frozen=True)
class ListSpec:
    """A list. rows: the rows a scope may list (row-level security holds besides); right: what reading it asks for.

    also: further paths every row brings, for joins; search: the condition of a free text (it may ask the database);
    usual: conditions in force where the address says nothing about their column, nor of those that `yields` names, nor
    searches, unless `keeps` names their column. Adding a list is one of these.
    """

    name: str
    title: Words
    right: str
    rows: Callable[[Scope], QuerySet[Any]]  # Any: of whichever room's model
    columns: Sequence[Column]
    sort: Sort
    also: Sequence[str] = ()
    joins: Sequence[Join] = ()
    search: Callable[[str], Q] | None = None
    search_hint: Text = field(default_factory=lambda: say("搜索"))
    usual: Sequence[Condition] = ()
    yields: Sequence[str] = ()
    keeps: Sequence[str] = ()

    def column(self, key: str) -> Column | None:
        """Return the column of a key, None where the list has none."""
        return next((each for each in self.columns if each.key == key), None)

    def shown(self, wanted: Wanted) -> list[Column]:
        """Return the columns somebody wants to see: those that stay, and those chosen, in the order of the list."""
        listed = [each for each in self.columns if each.is_column]
        if not wanted.columns:
            return [each for each in listed if each.is_shown or each.is_fixed]
        return [each for each in listed if each.is_fixed or each.key in wanted.columns]

    @property
    def own(self) -> frozenset[str]:
        """The keys that a row of the list's own table has, and those every row brings: what a row may be linked by."""
        return frozenset({each.key for each in self.columns if each.path and "__" not in each.path} | set(self.also))

    def reading(
        self, needed: frozenset[str] | None, *, beside: frozenset[str] = frozenset()
    ) -> tuple[Mapping[str, str], Sequence[Join]]:
        """Return the paths and the joins that bring some keys of a row; all of them for None.

        beside: keys that are brought too, as their paths have them, without a join. A join that does not say what it
        brings is always asked, and reads whatever there is.
        """
        paths = {each.key: each.path for each in self.columns if each.path} | {path: path for path in self.also}
        if needed is None:
            return paths, self.joins
        keys, joins = set(needed), []
        for join in reversed(self.joins):
            if not isinstance(join, Joined):
                keys |= paths.keys()
                joins.append(join)
            elif keys & set(join.brings):
                keys |= set(join.needs)
                joins.append(join)
        return {key: path for key, path in paths.items() if key in keys | beside}, joins[::-1]

    def in_force(self, wanted: Wanted) -> tuple[Condition, ...]:
        """Return the conditions that hold: those wanted, and the usual ones of columns nothing is said about."""
        said = {each.column for each in wanted.conditions}
        if said & set(self.yields):
            return wanted.conditions
        usual = [each for each in self.usual if each.column not in said]
        held = [each for each in usual if not wanted.text or each.column in self.keeps]
        return (*held, *wanted.conditions)

    def extended(
        self, *, columns: Sequence[Column], joins: Sequence[Join], after: str, also: Sequence[str] = ()
    ) -> ListSpec:
        """Return the list with columns a higher room knows, put after one of its own; the join lies in that room."""
        place = next(number for number, each in enumerate(self.columns, start=1) if each.key == after)
        wider = (*self.columns[:place], *columns, *self.columns[place:])
        return replace(self, columns=wider, joins=(*self.joins, *joins), also=(*self.also, *also))
