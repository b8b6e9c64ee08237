"""Reads one field of a form and proves it: known type, both languages, sound pattern, bounds in order.

Every fault names file, key and remedy. Leaves to the owner of the form what the fields must be to each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

from plumbline.errors import say
from plumbline.rulebook import roles
from plumbline.rulebook.forms.model import BY, KNOWN, MOST_CHARACTERS, ROW_TYPES, Choice, Field
from plumbline.rulebook.reading import Table, known

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PATTERN = re.compile(r"(?:[^\\?(]|\\[.\-/+*()\[\]]|\((?!\?)|\(\?:|(?<=[\])}a-zA-Z0-9])\?)+")
"""What both Python and PostgreSQL read alike: no looking around, no back references, no classes by letter."""
_NESTED = re.compile(r"[*+}]\)(?:[*+]|\{)")
"""A repeated group that ends in a repetition: the time to refuse a text could grow without bound."""
CONTENTS = ("pdf", "image", "table", "text", "package")
"""Kinds of content a file may have, told by the bytes themselves."""
_LONG = frozenset({"url", "long_text"})


def read_field(key: str, row: Table, *, types: tuple[str, ...], taken: Collection[str] = ()) -> Field:
    """Take a field of one of the types and return it. taken: keys that stand for something else. Raises: InputError."""
    if not _KEY.fullmatch(key) or key in taken:
        what = say("字段名“{key}”不能用", key=key)
        remedy = say("用小写字母、数字和下划线")
        if taken:
            remedy = say("用小写字母、数字和下划线；{taken} 另有用处", taken="、".join(taken))
        raise row.fault(what, remedy=remedy)
    kind, example = row.choice("type", types), row.text_or("example", "")
    field = Field(
        key=key,
        zh=row.text("zh"),
        en=row.text("en"),
        type=kind,
        help_zh=row.text_or("help_zh", ""),
        help_en=row.text_or("help_en", ""),
        is_required=row.flag("required"),
        is_public=row.flag("public"),
        is_listed=row.flag("listed"),
        many=row.flag("many"),
        choices=_choices(row) if kind == "choice" and (types is ROW_TYPES or not row.has("choices_from")) else (),
        pattern=_pattern(row, example) if kind == "code" else "",
        example=example,
        unit=_unit(row, kind),
        places=row.whole("places") if kind == "decimal" else 0,
        least=row.decimal_or_none("least") if kind in {"integer", "decimal"} else None,
        most=row.decimal_or_none("most") if kind in {"integer", "decimal"} else None,
        most_characters=row.positive("most_characters") if row.has("most_characters") else _characters(kind),
        register=row.text("register") if kind == "link" else "",
        note_zh=row.text_or("note_zh", ""),
        note_en=row.text_or("note_en", ""),
    )
    if types is not ROW_TYPES:
        field = _asked(field, row, types=types)
    _refuse_half(row, field)
    row.finish()
    return field


def _asked(field: Field, row: Table, *, types: tuple[str, ...]) -> Field:
    """Return the field with what only a form of an act says of one. A group is personal where one of its fields is."""
    members = _members(row, types) if field.type == "group" else ()
    return replace(
        field,
        section=row.text_or("section", ""),
        choices_from=row.text("choices_from") if not field.choices and field.type == "choice" else "",
        role=_role(row) if field.type == "person" else "",
        by=row.choice("by", BY) if field.type == "person" and row.has("by") else "",
        accepts=_accepts(row) if field.type == "file" else (),
        fields=members,
        known=row.choice("known", KNOWN) if row.has("known") else "",
        when=MappingProxyType(_when(row)),
        is_personal=row.flag("personal") or any(each.is_personal for each in members),
    )


def _refuse_half(row: Table, field: Field) -> None:
    for zh, en, name in (
        (field.help_zh, field.help_en, "help_zh"),
        (field.note_zh, field.note_en, "note_zh"),
    ):
        if bool(zh) != bool(en):
            what = say("规则文件 {file} 的 {key} 只有一种语言的说明", file=row.file, key=row.path(name))
            raise row.fault(what, name, remedy=say("同时写中文和英文"))
    if not 0 <= field.places <= 9:
        raise row.fault(say("小数位数要在 0 到 9 之间"), "places", remedy=say("写 0 到 9"))
    if field.most_characters > MOST_CHARACTERS:
        what = say("一格最多 {limit} 个字符", limit=MOST_CHARACTERS)
        raise row.fault(what, "most_characters", remedy=say("写小一些"))
    if field.least is not None and field.most is not None and field.least > field.most:
        raise row.fault(say("最小值大于最大值"), "least", remedy=say("对调两个值"))


def _characters(kind: str) -> int:
    return MOST_CHARACTERS if kind in _LONG else 200


def _unit(row: Table, kind: str) -> str:
    """Take the unit of a number; a decimal has one, "1" where it is a ratio or a count."""
    if kind == "decimal":
        return row.text("unit")
    return row.text_or("unit", "") if kind == "integer" else ""


def _choices(row: Table) -> tuple[Choice, ...]:
    found = []
    for each in row.rows("choices"):
        found.append(Choice(each.text("value"), each.text("zh"), each.text("en")))
        each.finish()
    values = [choice.value for choice in found]
    names = [*(choice.zh for choice in found), *(choice.en.casefold() for choice in found)]
    if not values or len(set(values)) < len(values) or len(set(names)) < len(names):
        what = say("规则文件 {file} 的 {key} 没有选项，或有重复的选项", file=row.file, key=row.path("choices"))
        raise row.fault(what, "choices", remedy=say("每个选项写一次，值和名称都不重复"))
    return tuple(found)


def _pattern(row: Table, example: str) -> str:
    pattern = row.text("pattern")
    if not _is_plain(pattern):
        what = say("规则文件 {file} 的 {key} 用了本系统不认的写法", file=row.file, key=row.path("pattern"))
        raise row.fault(what, "pattern", remedy=say("只用字符、方括号、圆括号、竖线和次数，如 [A-Z]{2}[0-9]{4}"))
    if example and re.fullmatch(pattern, example) is None:
        raise row.fault(say("例子“{example}”不合它的格式", example=example), "example", remedy=say("改例子或改格式"))
    return pattern


def _is_plain(pattern: str) -> bool:
    if _PATTERN.fullmatch(pattern) is None or _NESTED.search(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _role(row: Table) -> str:
    return known((row.text("role"),), is_known=roles.exists, table=row, name="role", among=roles.all_roles())[0]


def _accepts(row: Table) -> tuple[str, ...]:
    return known(row.some_texts("accepts"), is_known=CONTENTS.__contains__, table=row, name="accepts")


def _members(row: Table, types: tuple[str, ...]) -> tuple[Field, ...]:
    """Take the fields of a group; a group holds no further group."""
    inner = tuple(each for each in types if each != "group")
    members = tuple(read_field(each.text("name"), each, types=inner) for each in row.rows("fields"))
    if not members:
        what = say("规则文件 {file} 的 {key} 至少要有一项", file=row.file, key=row.path("fields"))
        raise row.fault(what, "fields", remedy=say("写上至少一项"))
    return members


def _when(row: Table) -> dict[str, tuple[str, ...]]:
    if not row.has("when"):
        return {}
    inner = row.table("when")
    return {key: inner.some_texts(key) for key in inner.names()}
