"""Reads rule files strictly: every key known, every name in both languages; an error names file, line, key and remedy.

Leaves the meaning of the values to the module that owns the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, cast

from plumbline.errors import InputError, Text, say
from plumbline.rulebook.lines import line_of

RULEBOOK = Path(__file__).resolve().parent
T = TypeVar("T")


class Table:
    """One table of a rule file. Each method that reads a key takes it away; `finish` refuses what nobody took."""

    def __init__(self, data: Mapping[str, object], *, file: str, key: str = "", text: str = "") -> None:
        self._left = dict(data)
        self._text = text
        self.file = file
        self.key = key

    def has(self, name: str) -> bool:
        """Tell whether the key is there and not yet taken."""
        return name in self._left

    def names(self) -> tuple[str, ...]:
        """Return the keys not yet taken, in the order of the file."""
        return tuple(self._left)

    def is_text(self, name: str) -> bool:
        """Tell whether the key holds a text."""
        return isinstance(self._left.get(name), str)

    def text(self, name: str) -> str:
        """Take a text that must not be empty."""
        value = self._take(name, str)
        if not value.strip():
            raise self.fault(say("规则文件 {file} 的 {key} 是空的", file=self.file, key=self.path(name)), name)
        return value

    def text_or(self, name: str, default: str) -> str:
        """Take a text that may be missing or empty."""
        return self._take(name, str) if self.has(name) else default

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts; a missing key is an empty list."""
        if not self.has(name):
            return ()
        values = self._take(name, list)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self._wrong_kind(name)
        return tuple(cast("list[str]", values))

    def some_texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts that has at least one."""
        values = self.texts(name)
        if not values:
            what = say("规则文件 {file} 的 {key} 至少要有一项", file=self.file, key=self.path(name))
            raise self.fault(what, name, remedy=say("写上至少一项"))
        return values

    def text_lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Take a list of lists of texts."""
        rows = self._take(name, list)
        if not all(isinstance(row, list) and all(isinstance(value, str) for value in row) for row in rows):
            raise self._wrong_kind(name)
        return tuple(tuple(row) for row in rows)

    def flag(self, name: str) -> bool:
        """Take true or false; a missing key is false."""
        return self._take(name, bool) if self.has(name) else False

    def whole(self, name: str) -> int:
        """Take a whole number."""
        value = self._take(name, int)
        if isinstance(value, bool):
            raise self._wrong_kind(name)
        return value

    def wholes(self, name: str) -> tuple[int, ...]:
        """Take a list of whole numbers."""
        values = self._take(name, list)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            raise self._wrong_kind(name)
        return tuple(values)

    def positive(self, name: str) -> int:
        """Take a whole number of at least 1."""
        value = self.whole(name)
        if value < 1:
            what = say("规则文件 {file} 的 {key} 必须至少为 1", file=self.file, key=self.path(name))
            raise self.fault(what, name, remedy=say("写一个正整数"))
        return value

    def decimal(self, name: str) -> Decimal:
        """Take a number with the digits the file wrote ("0.30" stays 0.30)."""
        value: int | Decimal = self._take(name, (int, Decimal))
        if isinstance(value, bool) or not Decimal(value).is_finite():
            raise self._wrong_kind(name)
        return Decimal(value)

    def decimal_or_none(self, name: str) -> Decimal | None:
        """Take a number, or None where the key is missing."""
        return self.decimal(name) if self.has(name) else None

    def day(self, name: str) -> date:
        """Take a date."""
        return self._take(name, date)

    def day_or_none(self, name: str) -> date | None:
        """Take a date, or None where the key is missing."""
        return self.day(name) if self.has(name) else None

    def table(self, name: str) -> Table:
        """Take a table."""
        return self._inner(self._take(name, dict), self.path(name))

    def tables(self, name: str) -> dict[str, Table]:
        """Take a table of tables by key; a missing key is none."""
        if not self.has(name):
            return {}
        outer = self.table(name)
        return {inner: outer.table(inner) for inner in outer.names()}

    def rows(self, name: str) -> list[Table]:
        """Take a list of tables; a missing key is none."""
        if not self.has(name):
            return []
        values = self._take(name, list)
        if not all(isinstance(value, dict) for value in values):
            raise self._wrong_kind(name)
        return [self._inner(value, f"{self.path(name)}[{i}]") for i, value in enumerate(values)]

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Take a text that is one of a closed list."""
        value = self.text(name)
        if value not in allowed:
            what = say("规则文件 {file} 的 {key} 写着“{value}”", file=self.file, key=self.path(name), value=value)
            raise self.fault(what, name, remedy=say("写成其中之一：{allowed}", allowed="、".join(allowed)))
        return value

    def finish(self) -> None:
        """Refuse every key that nobody took."""
        for name in self._left:
            what = say("规则文件 {file} 中的键 {key} 不认识", file=self.file, key=self.path(name))
            raise self.fault(what, name, remedy=say("改正键名，或删去这一行"))

    def fault(self, what: Text, name: str = "", *, remedy: Text | None = None) -> InputError:
        """Return the error of a key: what is wrong, in which file, and how to mend it."""
        key = self.path(name) if name else self.key
        return InputError(
            what,
            where=self._where(key),
            remedy=remedy if remedy is not None else say("按规则文件的说明改正这个键"),
            field=key,
        )

    def path(self, name: str) -> str:
        """Return the whole path of a key, as acts.assign.roles."""
        return f"{self.key}.{name}" if self.key else name

    def _where(self, key: str) -> Text:
        line = line_of(self._text, key)
        if line is None:
            return say("规则文件 {file}，键 {key}", file=self.file, key=key)
        return say("规则文件 {file} 第 {line} 行，键 {key}", file=self.file, line=line, key=key)

    def _inner(self, data: Mapping[str, object], key: str) -> Table:
        return Table(data, file=self.file, key=key, text=self._text)

    def _take(self, name: str, kind: type[T] | tuple[type, ...]) -> T:
        if name not in self._left:
            what = say("规则文件 {file} 缺少键 {key}", file=self.file, key=self.path(name))
            raise self.fault(what, name, remedy=say("补上这个键"))
        value = self._left.pop(name)
        if not isinstance(value, kind):
            raise self._wrong_kind(name)
        return cast("T", value)

    def _wrong_kind(self, name: str) -> InputError:
        what = say("规则文件 {file} 的 {key} 类型不对", file=self.file, key=self.path(name))
        return self.fault(what, name, remedy=say("文字加引号，数字和日期不加引号，列表用方括号"))


def read_table(path: Path) -> Table:
    """Return the top table of a rule file. Raises InputError when it is not TOML; decimals keep their digits."""
    return parse_table(path.read_text(encoding="utf-8"), file=path.name)


def parse_table(text: str, *, file: str) -> Table:
    """Return the top table of the text of a rule file named `file`."""
    try:
        return Table(tomllib.loads(text, parse_float=Decimal), file=file, text=text)
    except tomllib.TOMLDecodeError as err:
        raise InputError(
            say("规则文件 {file} 不是正确的 TOML：{fault}", file=file, fault=str(err)),
            where=say("规则文件 {file}", file=file),
            remedy=say("按提示的行和列改正"),
        ) from err


def known(
    values: tuple[str, ...], *, is_known: Callable[[str], bool], table: Table, name: str, among: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return `values` when each is known; else raise the error of key `name`. among: all there are, to be told."""
    for value in values:
        if not is_known(value):
            what = say(
                "规则文件 {file} 的 {key} 提到不存在的“{value}”", file=table.file, key=table.path(name), value=value
            )
            allowed = "、".join(among)
            remedy = say("写成其中之一：{allowed}", allowed=allowed) if allowed else say("改正名称，或先登记这个名称")
            raise table.fault(what, name, remedy=remedy)
    return values
