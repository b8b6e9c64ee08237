"""Entries of the simple registers in words: values as a reader understands them, states, areas, a register's basis.

Shared by console and portal; nothing here knows a register by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.rows.listing.spec import Row
from plumbline.errors import PlumblineError
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell as ListCell
from plumbline.faces.kit.evaluation import named, source_words
from plumbline.faces.kit.lists import Show
from plumbline.rulebook.forms import Field
from plumbline.rulebook.registers import Register


@dataclass(frozen=True)
class Cell:
    """One value as a page shows it. url: where it leads, "" for nowhere; is_number: set at the right, in figures."""

    label: str
    text: str
    url: str = ""
    is_number: bool = False
    note: str = ""


@dataclass(frozen=True)
class BasisWords:
    """Why a register has these fields, in the reader's language."""

    sentence: str
    document: str
    sources: str
    note: str
    is_checked: bool


def cells(fields: Iterable[Field], values: Mapping[str, object], *, with_empty: bool = True) -> list[Cell]:
    """Return the values of some fields as a page shows them."""
    return [_cell(field, values.get(field.key)) for field in fields if with_empty or values.get(field.key) is not None]


def list_cells(register: Register) -> dict[str, Show]:
    """Return the cells of a list that show more than the value: a number with its unit, the values of a repeated field.

    A file gets what an import reads back: the number alone, the values divided as they are typed.
    """
    fields = [field for field in register.fields.values() if field.many or field.unit]
    return {kept.column_of(field): _shown(field) for field in fields}


def _shown(field: Field) -> Show:
    key = kept.column_of(field)
    css = "" if field.many else "n"

    def show(row: Row) -> ListCell:
        value = row.get(key)
        if value is None:
            return ListCell(formats.DASH, css=css)
        written = kept.entry_text(field, value) if field.many else value
        return ListCell(words(field, value), css=css, value=written)

    return show


def words(field: Field, value: object) -> str:
    """Return a value in the reader's language, an en dash for none."""
    if value is None:
        return formats.DASH
    if isinstance(value, list):
        return (", " if formats.is_english() else "、").join(words(field, each) for each in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _single(field, value)


def _single(field: Field, value: object) -> str:
    if field.type == "choice":
        choice = field.choice(str(value))
        return named(choice) if choice else str(value)
    if field.type == "region":
        return region_words(str(value))
    if field.type in {"integer", "decimal"}:
        return formats.quantity(Decimal(str(value)), field.unit) if field.unit else formats.number(str(value))
    return str(value)


def region_words(code: str) -> str:
    """Return the name of an area with its code, the code alone where no edition knows it."""
    try:
        return f"{directory.path(code)[0].name} {code}"
    except PlumblineError:
        return code


def state_words(register: Register, state: str) -> tuple[str, str]:
    """Return (state kind, word) of an entry."""
    known = register.states.get(state)
    return (known.kind, named(known)) if known else ("unk", state)


def span_words(valid_from: date, valid_to: date | None) -> str:
    """Return the days something holds."""
    if valid_to is None:
        return _("{since} 起").format(since=formats.day(valid_from))
    return _("{since} 至 {until}").format(since=formats.day(valid_from), until=formats.day(valid_to))


def about(register: Register) -> str:
    """Return what a register holds."""
    return formats.either(register.about_zh, register.about_en)


def help_words(field: Field) -> str:
    """Return the help of a field, and what was not seen of it in law."""
    helps = formats.either(field.help_zh, field.help_en) if field.help_zh else ""
    note = formats.either(field.note_zh, field.note_en) if field.note_zh else ""
    example = _("例如 {example}").format(example=field.example) if field.example and not helps else ""
    return " ".join(part for part in (helps, example, note) if part)


def basis_words(register: Register) -> BasisWords:
    """Return why a register has these fields, with what was not seen."""
    basis = register.basis
    found = basis.provenance
    return BasisWords(
        formats.either(basis.sentence_zh, basis.sentence_en),
        formats.either(basis.document_zh, basis.document_en),
        source_words(found.sources),
        formats.either(found.note_zh, found.note_en) if found.note_zh else "",
        found.is_checked,
    )


def _cell(field: Field, value: object) -> Cell:
    note = formats.either(field.note_zh, field.note_en) if field.note_zh else ""
    url = str(value) if field.type == "url" and isinstance(value, str) else ""
    return Cell(named(field), words(field, value), url, field.type in {"integer", "decimal", "date"}, note)


def changed(register: Register, before: Mapping[str, object], *, after: Mapping[str, object]) -> Sequence[str]:
    """Return a phrase for each field whose value changed."""
    return [
        _("{field}：{old} → {new}").format(
            field=named(field), old=words(field, before.get(key)), new=words(field, after.get(key))
        )
        for key, field in register.fields.items()
        if before.get(key) != after.get(key)
    ]
