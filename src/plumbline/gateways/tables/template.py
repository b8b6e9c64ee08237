"""Finds the columns of a template in a file: by key, by Chinese or English name, or by the mapping the user gives.

Leaves the meaning of the values to the room whose template it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plumbline.errors import InputError, say
from plumbline.gateways.tables.values import TableRow


@dataclass(frozen=True)
class Column:
    """A column of a template: its key, its headers in both languages, what it holds, and whether it must be there."""

    key: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    is_required: bool = False


@dataclass(frozen=True)
class Template:
    """The columns a kind of import knows."""

    name: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column | None:
        """Return the column of a key, if the template has it."""
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Layout:
    """Where the template's columns stand in one file; `ignored` are the file's columns that nobody reads."""

    width: int
    places: Mapping[str, int]
    headers: Mapping[str, str]
    ignored: tuple[str, ...]

    def values(self, row: TableRow) -> dict[str, str]:
        """Return the values of a row by key; a short row has "" where cells are missing."""
        cells = row.cells
        return {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()}

    def has_right_width(self, row: TableRow) -> bool:
        """Tell whether the row has as many cells as the header (empty ones at its end do not count)."""
        return len(row.cells) >= self.width and not any(row.cells[self.width :])


@dataclass(frozen=True)
class Sheet:
    """A file ready to be taken in: where its columns stand, and its rows, to be read once."""

    layout: Layout
    rows: Iterable[TableRow]


def lay_out(template: Template, headers: tuple[str, ...], *, mapping: Mapping[str, str]) -> Layout:
    """Return where the columns stand. mapping: key of the template to header of the file, before any name is guessed.

    Raises: InputError naming an unknown key, a header that is not in the file, or a required column that is missing.
    """
    places: dict[str, int] = {}
    for key, header in mapping.items():
        _check_mapping(template, headers, key=key, header=header)
        places[key] = headers.index(header)
    for place, header in enumerate(headers):
        named = _key_of(template, header)
        if named and named not in mapping and place not in places.values():
            places.setdefault(named, place)
    missing = [column for column in template.columns if column.is_required and column.key not in places]
    if missing:
        raise InputError(
            say("文件缺少必需的列：{names}", names="、".join(f"{column.zh}（{column.key}）" for column in missing)),
            where=say("文件的列是：{names}", names="、".join(headers)),
            remedy=say("按模板补上列名；在命令行也可以用 --map 键=列名 指明文件里的哪一列"),
            field="file",
        )
    ignored = tuple(header for place, header in enumerate(headers) if place not in places.values())
    return Layout(len(headers), places, {key: headers[place] for key, place in places.items()}, ignored)


def _key_of(template: Template, header: str) -> str | None:
    wanted = header.casefold()
    names = ((column.key, (column.key, column.zh, column.en.casefold())) for column in template.columns)
    return next((key for key, accepted in names if wanted in accepted), None)


def _check_mapping(template: Template, headers: tuple[str, ...], *, key: str, header: str) -> None:
    if template.column(key) is None:
        raise InputError(
            say("模板里没有 {key} 这一列", key=key),
            remedy=say("可用的键：{keys}", keys="、".join(column.key for column in template.columns)),
            field="map",
        )
    if header not in headers:
        raise InputError(
            say("文件里没有“{header}”这一列", header=header),
            remedy=say("文件的列是：{names}", names="、".join(headers)),
            field="map",
        )
