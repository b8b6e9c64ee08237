"""A list as a page shows it: the address read, typed filters, chips, heads that sort, cells by kind, the pager.

Portal and console show the same component; they differ by the frame around it. Leaves what a list is to `rows.listing`
and the rooms, files to `list_export`, acts on many rows to `bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http.request import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import (
    Column,
    Condition,
    Kind,
    ListSpec,
    Operator,
    Row,
    Sort,
    Wanted,
)
from plumbline.domain.rows.types import Scope
from plumbline.errors import InputError, InputErrors
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell, Line
from plumbline.faces.kit.shapes import Chip, Fault, Option
from plumbline.faces.kit.templatetags.kit import text_of

NUMBERS = frozenset({Kind.DATE, Kind.MOMENT, Kind.INTEGER, Kind.DECIMAL})
EVERY = "all"
"""The choice by which a usual condition is set aside."""
MANY = 8
"""A column with more choices is a list to open, not boxes to tick."""


Show = Callable[[Row], Cell]


@dataclass(frozen=True)
class Offer:
    """An act on many rows that the reader may begin from the list."""

    name: str
    label: str


@dataclass(frozen=True)
class ListFace:
    """How a face shows a list. base: the address of the files, views and bulk acts,
    empty where there are none; cells: columns shown otherwise than
    by their kind; needs: the keys of a row such a cell reads (a cell without an entry may read anything); key: what a
    row is ticked by."""

    spec: ListSpec
    url: str
    base: str
    cells: Mapping[str, Show] = field(default_factory=dict)
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    link: Callable[[Row], str] = lambda _row: ""
    key: Callable[[Row], str] = lambda row: str(row["id"])
    symbol: str = "list"
    offers: Sequence[Offer] = ()
    is_work: bool = True

    def needed(self, columns: Sequence[Column]) -> frozenset[str] | None:
        """Return the keys of a row that some columns read; None where one may read anything."""
        if any(each.key in self.cells and each.key not in self.needs for each in columns):
            return None
        read = (self.needs[each.key] if each.key in self.cells else (each.key,) for each in columns)
        return frozenset(key for keys in read for key in keys)


@dataclass(frozen=True)
class Head:
    """The head of a column. url: sorts by it, else the other way round; order: as aria-sort says it."""

    label: str
    css: str
    url: str = ""
    order: str = ""


@dataclass(frozen=True)
class FilterField:
    """A field of the filter. kind: text, date, checks or select."""

    name: str
    kind: str
    label: str
    hint: str = ""
    value: str = ""
    options: Sequence[Option] = ()
    error: str = ""


@dataclass(frozen=True)
class ListView:
    """All that the component shows. is_bare: nothing is in the list at all, whatever is asked of it."""

    face: ListFace
    query: str
    hint: str
    address: str
    chips: Sequence[Chip]
    fields: Sequence[FilterField]
    columns: Sequence[Option]
    heads: Sequence[Head]
    lines: Sequence[Line]
    count: str
    sort: str
    place: str = ""
    previous_url: str = ""
    next_url: str = ""
    everywhere_url: str = ""
    is_bare: bool = False
    faults: Sequence[Fault] = ()

    @property
    def status(self) -> int:
        """The status of the page: what cannot be asked is refused."""
        return 422 if self.faults else 200

    @property
    def title(self) -> str:
        """The name of the list."""
        return text_of(self.face.spec.title)

    @property
    def export_csv(self) -> str:
        """The address of the same list as CSV."""
        return self._file("csv")

    @property
    def export_xlsx(self) -> str:
        """The address of the same list as a workbook."""
        return self._file("xlsx")

    def _file(self, kind: str) -> str:
        return f"{self.face.base}export.{kind}{self.address.removeprefix(self.face.url)}"

    @property
    def is_filtered(self) -> bool:
        """True when some condition of the reader's narrows the list."""
        return bool(self.chips)

    @property
    def has_errors_in_fields(self) -> bool:
        """True when a field of the filter is at fault, so that it must be seen."""
        return any(each.error for each in self.fields)


def view_of(face: ListFace, given: QueryDict, *, scope: Scope) -> ListView:
    """Return a list as its address asks for it; asked for what it has not, the faults and no rows."""
    spec = face.spec
    try:
        wanted = read(face, given)
        columns = spec.shown(wanted)
        page = paging.page_of(spec, wanted, scope=scope, needed=face.needed(columns))
    except InputError as error:
        return _refused(face, given, error=error)
    shows = [(text_of(each.title), shower(face, each)) for each in columns]
    lines = [_line(face, row, shows=shows) for row in page.rows]
    is_bare = not lines and not paging.counted(spec, scope=scope).rows
    return ListView(
        face=face,
        query=wanted.text,
        hint=text_of(spec.search_hint) if spec.search else "",
        address=address(face, replace(wanted, token="")),  # a place, no secret
        chips=_chips(face, wanted),
        fields=_fields(spec, spec.in_force(wanted), errors={}),
        columns=_column_options(spec, columns),
        heads=[_head(face, wanted, column=each) for each in columns],
        lines=lines,
        count=count_words(page.count),
        sort=_sort_text(wanted),
        place=_("第 {first} 到 {last} 条").format(
            first=formats.number(page.before + 1), last=formats.number(page.before + len(lines))
        ),
        previous_url=address(face, replace(wanted, token=page.previous)) if page.previous else "",
        next_url=address(face, replace(wanted, token=page.next)) if page.next else "",
        everywhere_url="" if lines or is_bare else _everywhere(face, wanted),
        is_bare=is_bare,
    )  # fmt: skip


def read(face: ListFace, given: QueryDict) -> Wanted:
    """Return what an address wants. Raises: InputErrors beside the fields."""
    return asking.read(face.spec, {name: given.getlist(name) for name in given})


def address(face: ListFace, wanted: Wanted) -> str:
    """Return the address of what is wanted: the link one can send."""
    said = urlencode(asking.pairs(wanted))
    return f"{face.url}?{said}" if said else face.url


def count_words(count: paging.Count) -> str:
    """Return how many rows there are, as far as counted."""
    if count.is_whole:
        return ngettext("{n} 条", "{n} 条", count.rows).format(n=formats.number(count.rows))
    return _("{n} 条以上").format(n=formats.number(count.rows)) if count.rows else _("很多条")


def _everywhere(face: ListFace, wanted: Wanted) -> str:
    """Return the address of the same among the rows that the usual conditions leave out; empty where none holds."""
    usual = {each.column for each in face.spec.usual}
    held = [each for each in face.spec.in_force(wanted) if each.column in usual and EVERY not in each.values]
    if not held:
        return ""
    rest = tuple(each for each in wanted.conditions if each not in held)
    every = tuple(Condition(each.column, Operator.ONE_OF, (EVERY,)) for each in held)
    return address(face, replace(wanted, conditions=(*rest, *every), token=""))  # a place, no secret


def _line(face: ListFace, row: Row, *, shows: Sequence[tuple[str, Show]]) -> Line:
    """Return a row of the table; its first cell leads to its page."""
    cells = [(label, show(row)) for label, show in shows]
    url = face.link(row)
    if url and cells:
        cells[0] = (cells[0][0], replace(cells[0][1], url=url))
    return Line(face.key(row), cells[0][1].text if cells else "", cells)


def shower(face: ListFace, column: Column) -> Show:
    """Return what makes the cells of a column: the words of its choices are looked up once, not for each row."""
    if column.key in face.cells:
        return face.cells[column.key]
    make = _makers(column)
    none = Cell(formats.DASH, css="n" if column.kind in NUMBERS else "")

    def show(row: Row) -> Cell:
        value = row.get(column.key)
        return none if value is None or value == "" else make(value)

    return show


def _makers(column: Column) -> Callable[[Any], Cell]:  # Any: a value of the kind of the column
    """Return what makes a cell of a value, by the kind of the column."""
    if column.kind == Kind.CHOICE:
        cells = {code: Cell(text_of(each.title), kind=each.state) for code, each in column.choices().items()}
        return lambda value: cells.get(str(value)) or Cell(str(value))
    if column.kind == Kind.NAME:
        return lambda value: Cell(text_of(value), css="sub")
    if column.kind in NUMBERS:
        return lambda value: Cell(_printed(value), css="n", value=value)
    css = "code nw" if column.kind == Kind.CODE else ""
    return lambda value: Cell(str(value), css=css)


def _printed(value: date | datetime | Decimal | int) -> str:
    if isinstance(value, datetime):
        return formats.moment(value)
    if isinstance(value, date):
        return formats.day(value)
    return formats.number(value)


def words_of(spec: ListSpec, condition: Condition) -> tuple[str, str]:
    """Return a condition in words: the column, and what is asked of it."""
    column = spec.column(condition.column)
    if column is None:
        return condition.column, "、".join(condition.values)
    choices = column.choices()
    values = [text_of(choices[value].title) if value in choices else value for value in condition.values]
    said = (", " if formats.is_english() else "、").join(values)
    words = {
        Operator.STARTS: _("开头是 {value}"),
        Operator.FROM: _("从 {value} 起"),
        Operator.TO: _("到 {value} 止"),
    }
    if condition.operator == Operator.EMPTY:
        return text_of(column.title), _("没有") if condition.values[0] == asking.YES else _("有")
    return text_of(column.title), words.get(condition.operator, "{value}").format(value=said)


def _chips(face: ListFace, wanted: Wanted) -> list[Chip]:
    bare = replace(wanted, token="")  # a place, no secret
    chips = [Chip(_("含有"), wanted.text, address(face, replace(bare, text="")))] if wanted.text else []
    return chips + [Chip(*words_of(face.spec, each), address(face, wanted.without(each))) for each in wanted.conditions]


def _head(face: ListFace, wanted: Wanted, *, column: Column) -> Head:
    css = "n" if column.kind in NUMBERS else ""
    label = text_of(column.title)
    if not column.is_sortable:
        return Head(label, css)
    sort = wanted.sort or face.spec.sort
    is_this = sort.column == column.key
    following = Sort(column.key, is_this and not sort.is_descending)
    url = address(face, replace(wanted, sort=following, token=""))  # a place, no secret
    order = ("descending" if sort.is_descending else "ascending") if is_this else ""
    return Head(label, css, url, order)


def _sort_text(wanted: Wanted) -> str:
    return "" if wanted.sort is None else f"{'-' if wanted.sort.is_descending else ''}{wanted.sort.column}"


def _column_options(spec: ListSpec, shown: Sequence[Column]) -> list[Option]:
    return [
        Option(each.key, text_of(each.title), is_selected=each in shown, is_disabled=each.is_fixed)
        for each in spec.columns
        if each.is_column
    ]


# ---------------------------------------------------------------- the filter


def _fields(spec: ListSpec, held: Sequence[Condition], *, errors: Mapping[str, str]) -> list[FilterField]:
    typed = {asking.name_of(each): each.values for each in held}
    asked = [(column, operator) for column in spec.columns for operator in _asked(column)]
    return [_field(column, operator, typed=typed, errors=errors) for column, operator in asked]


def _asked(column: Column) -> list[Operator]:
    """Return the operators a column has fields for: where a text may begin so, it need not be typed whole."""
    if Operator.STARTS in column.operators:
        return [each for each in column.operators if each != Operator.ONE_OF]
    return list(column.operators)


def _field(
    column: Column, operator: Operator, *, typed: Mapping[str, Sequence[str]], errors: Mapping[str, str]
) -> FilterField:
    name = asking.name_of(Condition(column.key, operator, ()))
    values = typed.get(name, ())
    label = text_of(column.title)
    found = FilterField(name, "text", label, text_of(column.hint) if column.hint else "", "".join(values[:1]),
                        error=errors.get(name, ""))  # fmt: skip
    if operator == Operator.EMPTY:
        words = {asking.NO: _("有"), asking.YES: _("没有")}
        options = [Option(value, word, is_selected=value in values) for value, word in words.items()]
        return replace(found, kind="select", label=_("{name}有没有").format(name=label), options=options)
    if operator in {Operator.FROM, Operator.TO}:
        words_from, words_to = _("{name}从").format(name=label), _("{name}到").format(name=label)
        kind = "date" if column.kind in {Kind.DATE, Kind.MOMENT} else "text"
        return replace(found, kind=kind, label=words_from if operator == Operator.FROM else words_to)
    if operator == Operator.STARTS:
        return replace(found, label=_("{name}开头").format(name=label))
    if column.kind == Kind.CHOICE:
        choices = column.choices()
        options = [Option(code, text_of(each.title), is_selected=code in values) for code, each in choices.items()]
        return replace(found, kind="checks" if 1 < len(options) <= MANY else "select", options=options)
    return replace(found, kind="date") if column.kind in {Kind.DATE, Kind.MOMENT} else found


def _refused(face: ListFace, given: QueryDict, *, error: InputError) -> ListView:
    """Return the list with what was typed and why it cannot be asked; no row is shown under a condition ignored."""
    errors: Sequence[InputError] = error.errors if isinstance(error, InputErrors) else [error]
    beside = {each.field: text_of(each.what) for each in errors if each.field}
    spec = face.spec
    held = [
        Condition(column.key, operator, tuple(given.getlist(name)))
        for column in spec.columns
        for operator in column.operators
        if given.getlist(name := asking.name_of(Condition(column.key, operator, ())))
    ]
    fields = _fields(spec, held, errors=beside)
    known = {each.name for each in fields}
    return ListView(
        face=face,
        query=given.get(asking.TEXT, ""),
        hint=text_of(spec.search_hint) if spec.search else "",
        address=face.url,
        chips=(),
        fields=fields,
        columns=_column_options(spec, spec.shown(Wanted())),
        heads=(),
        lines=(),
        count="",
        sort="",
        faults=[
            Fault(each.what, f"f-{each.field}" if each.field in known else "", each.remedy or "") for each in errors
        ],
    )
