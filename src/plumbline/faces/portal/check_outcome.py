"""What the public check says of an outcome document: the verdict, what was granted to whom by whom, and its history.

Made from the signed record of a document that was found. Leaves the look-up to the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from plumbline.domain.certificates.types import OutcomeCheck, OutcomeFacts
from plumbline.errors import InputError
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.outcomes import in_language, status_words, texts_in_language
from plumbline.rulebook import procedures


@dataclass(frozen=True)
class OutcomePart:
    """A section of the document as it is printed."""

    title: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class OutcomeAnswer:
    """Everything a public page shows of an outcome document."""

    kind: str
    word: str
    until: str
    text: str
    is_demo: bool
    replacement_number: str
    replacement_code: str
    facts: Sequence[tuple[str, str]]
    words: Sequence[str]
    parts: Sequence[OutcomePart]
    notes: Sequence[str]
    history: Sequence[tuple[str, str]]
    evidence: Sequence[tuple[str, str]]
    logged_index: int | None
    bundle_code: str
    code: str
    at: datetime


def outcome_answer(found: OutcomeCheck, document: OutcomeFacts, *, at: datetime) -> OutcomeAnswer:
    """Return the page of a document that was found."""
    facts = document.facts
    kind, word = status_words(found.verdict)
    return OutcomeAnswer(
        kind=kind,
        word=word,
        until=_until(found.verdict, document),
        text=_sentence(found.verdict, in_language(facts.get("title"))),
        is_demo=facts.get("demo") is True,
        replacement_number=document.replaced_by,
        replacement_code=document.replaced_by_code,
        facts=_facts(document),
        words=texts_in_language(facts.get("text")),
        parts=_parts(facts.get("parts")),
        notes=[*texts_in_language([facts.get("validity")]), *texts_in_language(facts.get("notes"))],
        history=_history(document),
        evidence=[
            (_("签发时间"), formats.moment(document.issued_at)),
            (_("记录 SHA-256"), document.record_sha256),
            (_("PDF SHA-256"), document.pdf_sha256),
        ],
        logged_index=found.logged_index,
        bundle_code=document.code,
        code=document.code,
        at=at,
    )


def _until(verdict: str, document: OutcomeFacts) -> str:
    if verdict == "due":
        return _("有效期到 {day}").format(day=formats.day_words(document.valid_until))
    if verdict in {"valid", "pending"}:
        day = formats.day_words(document.valid_until) if document.valid_until else ""
        return _("至 {day}").format(day=day) if day else ""
    return _("自 {day}起").format(day=formats.day_words(document.events[-1].at))


def _sentence(verdict: str, title: str) -> str:
    sentences = {
        "valid": _("这份“{title}”由下面的单位签发，现在有效。"),
        "due": _("这份“{title}”的有效期过了。"),
        "suspended": _("这份“{title}”现在暂停，恢复以前不要依据它。"),
        "revoked": _("不要再依据这份“{title}”。"),
        "superseded": _("这份“{title}”已由另一份代替，看新的那份。"),
        "pending": _("这份“{title}”已经签发，还没有写进公开日志；写进以前不要依据它。"),
    }
    return sentences[verdict].format(title=title)


def _facts(document: OutcomeFacts) -> list[tuple[str, str]]:
    facts = document.facts
    holder = facts.get("holder")
    uscc = holder.get("uscc") if isinstance(holder, Mapping) else ""
    until = formats.day(document.valid_until) if document.valid_until else ""
    lines = [
        (_("名称"), in_language(facts.get("title"))),
        (_("准予的事项"), in_language(facts.get("grants"))),
        (_("持有单位"), in_language(holder)),
        (_("统一社会信用代码"), str(uscc or "")),
        (_("决定单位"), in_language(facts.get("body"))),
        (_("决定日期"), formats.day(document.granted_on)),
        (_("有效期至"), until or _("没有写明期限")),
        (_("编号"), document.number),
        (_("业务编号"), str(facts.get("case", ""))),
    ]
    return [(name, value) for name, value in lines if value]


def _parts(parts: object) -> list[OutcomePart]:
    rows = [each for each in parts if isinstance(each, Mapping)] if isinstance(parts, list) else []
    return [
        OutcomePart(
            in_language(part.get("title")),
            [(in_language(line["label"]), in_language(line["value"])) for line in part["lines"]],
        )
        for part in rows
    ]


def _history(document: OutcomeFacts) -> list[tuple[str, str]]:
    """Return what happened to the document with its days, the issue first; each by the act of the case that did it."""
    first = (formats.day(document.granted_on), _("已经签发"))
    words = {
        "suspended": _("暂停：{act}"),
        "reinstated": _("恢复：{act}"),
        "revoked": _("撤销：{act}"),
        "superseded": _("更换：{act}"),
    }
    return [
        first,
        *((formats.day(each.at), words[each.kind].format(act=_act(document, each.act))) for each in document.events),
    ]


def _act(document: OutcomeFacts, name: str) -> str:
    """Return the name of an act in the reader's language; as the statement says it where the edition is gone."""
    try:
        return named(procedures.load(document.procedure, document.edition).act(name))
    except InputError:
        return name
