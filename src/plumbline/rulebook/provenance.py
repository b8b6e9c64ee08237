"""Where a rule value comes from and how sure we are. Answers: may it be relied on, and what is shown beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plumbline.errors import Text, say
from plumbline.rulebook.reading import Table, known
from plumbline.rulebook.sources import exists

STATUSES = ("verified", "from memory", "unknown", "assumption", "pattern")


@dataclass(frozen=True)
class Provenance:
    """Status and sources of a rule value. `clause` is None where no clause was seen; `checked_by` a person, or ""."""

    status: str
    sources: tuple[str, ...]
    clause: str | None
    checked_by: str
    note_zh: str
    note_en: str

    @property
    def is_checked(self) -> bool:
        """Tell whether a person has compared the value with the text of the rule."""
        return bool(self.checked_by)


def take_provenance(table: Table) -> Provenance:
    """Take status, source, clause, checked_by and notes. "verified" without a source is refused."""
    status = table.choice("status", STATUSES)
    ids = known(table.texts("source"), is_known=exists, table=table, name="source")
    if status == "verified" and not ids:
        what = say("规则文件 {file} 的 {key} 标为已见出处却没有写出处", file=table.file, key=table.path("source"))
        raise table.fault(what, "source", remedy=say("写出 sources.toml 中的出处编号，或把状态改为 from memory"))
    clause = table.text_or("clause", "unknown")
    note_zh, note_en = table.text_or("note_zh", ""), table.text_or("note_en", "")
    if bool(note_zh) != bool(note_en):
        what = say("规则文件 {file} 的 {key} 只有一种语言的说明", file=table.file, key=table.path("note_zh"))
        raise table.fault(what, "note_zh", remedy=say("同时写中文和英文"))
    return Provenance(
        status=status,
        sources=ids,
        clause=None if clause == "unknown" else clause,
        checked_by=table.text_or("checked_by", ""),
        note_zh=note_zh,
        note_en=note_en,
    )


def banner(provenances: Iterable[Provenance]) -> Text | None:
    """Return the banner to show where any of the values was not yet checked by a person, else None."""
    if all(provenance.is_checked for provenance in provenances):
        return None
    return say("本规则数据尚未由人核对原文")
