"""Documents a procedure may issue, as its file says them: names, what they grant, what they print, how long they hold.

A template is data: paragraphs with the names of values in braces, and sections of fields. Closed lists, no expressions;
what names a person never prints.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from plumbline.errors import say
from plumbline.rulebook.calendar import add_months
from plumbline.rulebook.forms import Field
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import Table, known

VALUES = ("case.number", "case.day", "applicant.name", "applicant.uscc", "body.name")
"""What a document may name besides fields of the forms."""
UNPRINTED = ("file", "person")
"""Types of fields that are no text on paper."""
_CODE = re.compile(r"[A-Z]{2,4}")


@dataclass(frozen=True)
class Wording:
    """A text in both languages; names of values stand in braces."""

    zh: str
    en: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the values both languages speak of."""
        found = (name for text in (self.zh, self.en) for _, name, _, _ in string.Formatter().parse(text))
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def filled(self, values: Mapping[str, Wording]) -> Wording:
        """Return the text with each name replaced by its value in that language."""
        return Wording(
            _NAME.sub(lambda found: values[found[1]].zh, self.zh), _NAME.sub(lambda found: values[found[1]].en, self.en)
        )


_NAME = re.compile(r"\{([a-z0-9_.]+)\}")


@dataclass(frozen=True)
class Printed:
    """A section of a document: its heading, and the fields it prints by the names their forms give them."""

    title: Wording
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Validity:
    """How long a document holds: months from its day, or until the day of a field, or without end (neither is said).

    provenance: where that is from; status "unknown" says that no rule was seen.
    """

    months: int
    until: str
    provenance: Provenance

    def last_day(self, granted_on: date, *, until: str) -> date | None:
        """Return the last day a document of a day holds, None where no day ends it. until: what the field says."""
        if self.months:
            last = add_months(granted_on, self.months)
            return last if last.day < granted_on.day else last - timedelta(days=1)  # a month that lacks the day ends it
        return date.fromisoformat(until) if self.until and until else None


@dataclass(frozen=True)
class Document:
    """A document of a procedure. code: its letters in the number; title: what is printed over it."""

    name: str
    code: str
    zh: str
    en: str
    title: Wording
    grants: Wording
    text: tuple[Wording, ...]
    sections: tuple[Printed, ...]
    validity: Validity
    provenance: Provenance

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field of the forms it speaks of, each once."""
        named = [name for text in self.text for name in text.names if name not in VALUES]
        named += [field for section in self.sections for field in section.fields]
        return tuple(dict.fromkeys([*named, *([self.validity.until] if self.validity.until else [])]))

    @property
    def steering(self) -> list[object]:
        """Return what of it binds a case: its letters, what it prints, how long it holds; not its wording."""
        return [self.name, self.code, list(self.fields), self.validity.months, self.validity.until]


def read_documents(table: Table) -> Mapping[str, Document]:
    """Take the documents of a procedure, none where it says none. Raises: InputError naming file, key and remedy."""
    return MappingProxyType({name: _document(name, row) for name, row in table.tables("documents").items()})


def _document(name: str, row: Table) -> Document:
    code = row.text("code")
    if not _CODE.fullmatch(code):
        what = say("规则文件 {file} 的 {key} 写着“{value}”", file=row.file, key=row.path("code"), value=code)
        raise row.fault(what, "code", remedy=say("写两到四个大写字母，印在编号里"))
    zh, en = row.text("zh"), row.text("en")
    document = Document(
        name=name,
        code=code,
        zh=zh,
        en=en,
        title=Wording(row.text_or("title_zh", zh), row.text_or("title_en", en)),
        grants=Wording(row.text("grants_zh"), row.text("grants_en")),
        text=tuple(_wording(each) for each in row.rows("text")),
        sections=tuple(_section(each) for each in row.rows("sections")),
        validity=_validity(row.table("validity")),
        provenance=take_provenance(row),
    )
    row.finish()
    return document


def _wording(row: Table) -> Wording:
    wording = Wording(row.text("zh"), row.text("en"))
    row.finish()
    for text in (wording.zh, wording.en):
        if "{" in _NAME.sub("", text) or "}" in _NAME.sub("", text):
            what = say("规则文件 {file} 的 {key} 的花括号里不是值的名字", file=row.file, key=row.key)
            raise row.fault(what, "zh", remedy=say("写成 {example}，或写一个字段的名字", example="{applicant.name}"))
    return wording


def _section(row: Table) -> Printed:
    section = Printed(Wording(row.text("zh"), row.text("en")), row.some_texts("prints"))
    row.finish()
    return section


def _validity(row: Table) -> Validity:
    months = row.positive("valid_months") if row.has("valid_months") else 0
    validity = Validity(months, row.text_or("until", ""), take_provenance(row))
    if validity.months and validity.until:
        what = say("规则文件 {file} 的 {key} 写了两种有效期", file=row.file, key=row.key)
        raise row.fault(what, "until", remedy=say("valid_months 和 until 只写一个，都不写就是没有规定期限"))
    row.finish()
    return validity


def prove_documents(documents: Mapping[str, Document], fields: Mapping[str, Field], *, table: Table) -> None:
    """Pass if all a document speaks of is a known value or a field that may be printed. Raises: InputError."""
    for document in documents.values():
        key = f"documents.{document.name}"
        known(document.fields, is_known=fields.__contains__, table=table, name=key)
        for name in document.fields:
            _prove_printed(fields[name], table, key=key)
        until = document.validity.until
        if until and fields[until].type != "date":
            what = say("规则文件 {file} 的 {key} 的有效期不是日期", file=table.file, key=key)
            raise table.fault(what, key, remedy=say("until 写一个日期字段"))


def _prove_printed(field: Field, table: Table, *, key: str) -> None:
    if field.is_personal or any(each.is_personal for each in field.fields):
        what = say("规则文件 {file} 的 {key} 要印“{field}”，那是个人信息", file=table.file, key=key, field=field.zh)
        raise table.fault(what, key, remedy=say("去掉它：文件公开可查，个人信息不上文件"))
    if field.type in UNPRINTED or any(each.type in UNPRINTED for each in field.fields):
        what = say("规则文件 {file} 的 {key} 要印“{field}”，那不是文字", file=table.file, key=key, field=field.zh)
        raise table.fault(what, key, remedy=say("去掉它"))
