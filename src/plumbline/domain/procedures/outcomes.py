"""Effects of acts on outcome documents: issued as the definition lays it out, ended or halted by later acts.

Fills in the template of `rulebook.procedures.documents`. Leaves number, seal and log to `certificates`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import OutcomeChange, OutcomeDraft
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.evidence.document.content import Bilingual
from plumbline.evidence.document.outcome import Line, Outcome, Part
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Document, Wording
from plumbline.rulebook.provenance import Provenance

About = Mapping[str, object]
Effect = Callable[..., None]
NOTHING = Bilingual("–", "–")
TRUTHS = {True: Bilingual("是", "Yes"), False: Bilingual("否", "No")}
UNCHECKED = Bilingual(
    "本文件依据的规则数据尚未由人核对原文。",
    "The rule data behind this document have not been compared with the original text by a person.",
)
NO_END = Bilingual("没有写明期限", "No period is stated")


def issue(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:
    """Issue a document of the case. Raises: what issuing raises; the act is then not done either."""
    document = turn.procedure.documents[str(about["document"])]
    houses = directory.organisations({case.owner_id, case.body_id})
    draft = OutcomeDraft(
        name=document.name,
        case_id=case.id,
        sequence=case.sequence,
        act=turn.act.name,
        owner_id=case.owner_id,
        body_id=case.body_id,
        region_code=case.region_code,
        content=_content(turn, document, case=case, houses=(houses[case.owner_id], houses[case.body_id]), at=at),
    )
    certificates.issue_outcome(actor, draft, at=at)


def _changing(kind: str) -> Effect:
    def change(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:
        """Log what becomes of the document the case has issued."""
        wanted = OutcomeChange(case.id, str(about["document"]), kind, turn.act.name)
        certificates.change_outcome(actor, wanted, at=at)

    return change


EFFECTS: Mapping[str, Effect] = {
    "issue": issue,
    "revoke_document": _changing("revoked"),
    "suspend_document": _changing("suspended"),
    "restore_document": _changing("reinstated"),
}


def _content(
    turn: Turn,
    document: Document,
    *,
    case: CaseFacts,
    houses: tuple[OrganisationFacts, OrganisationFacts],
    at: datetime,
) -> Outcome:
    owner, body = houses
    holder, granter = Bilingual(owner.name_zh, owner.name_en), Bilingual(body.name_zh, body.name_en)
    day, said = legal_day(at), {**turn.said, **case.details, **turn.form}
    values = {
        "case.number": _both(case.number),
        "case.day": _both(day.isoformat()),
        "applicant.name": Wording(owner.name_zh, owner.name_en or owner.name_zh),
        "applicant.uscc": _both(owner.uscc),
        "body.name": Wording(body.name_zh, body.name_en or body.name_zh),
    }
    printed = {key: printed_value(turn.procedure.fields[key], said.get(key)) for key in document.fields}
    values |= {key: Wording(each.zh, each.en) for key, each in printed.items()}
    until = document.validity.last_day(day, until=str(said.get(document.validity.until) or ""))
    return Outcome(
        number="",
        kind=document.code,
        title=_text(document.title),
        grants=_text(document.grants),
        holder=holder,
        holder_uscc=owner.uscc,
        body=granter,
        body_code="",
        procedure=Bilingual(turn.procedure.zh, turn.procedure.en),
        procedure_id=turn.procedure.id,
        edition=turn.procedure.edition,
        case_number=case.number,
        granted_on=day,
        valid_until=until,
        validity=_note(document.validity.provenance) or (Bilingual("") if until else NO_END),
        text=tuple(_text(each.filled(values)) for each in document.text),
        parts=tuple(
            Part(_text(each.title), tuple(_line(turn.procedure.fields[key], printed[key]) for key in each.fields))
            for each in document.sections
        ),
        notes=_notes(document.provenance),
        lookup_code="",
        demo=False,
    )


def _line(field: Field, value: Bilingual) -> Line:
    return Line(Bilingual(field.zh, field.en), value)


def printed_value(field: Field, value: object) -> Bilingual:
    """Return a value as it is printed, in both languages; a dash where nothing was said."""
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, list):
        parts = [_row(field, each) if isinstance(each, Mapping) else printed_value(field, each) for each in value]
        return _joined(parts, "；", en="; ")
    if isinstance(value, bool):
        return TRUTHS[value]
    if choice := field.choice(str(value)):
        return Bilingual(choice.zh, choice.en)
    text = f"{value} {field.unit}" if field.unit else str(value)
    return Bilingual(text, text)


def _row(field: Field, row: Mapping[str, object]) -> Bilingual:
    parts = [printed_value(each, row.get(each.key)) for each in field.fields if row.get(each.key)]
    return _joined(parts, "，", en=", ")


def _joined(parts: Sequence[Bilingual], zh: str, *, en: str) -> Bilingual:
    """Return parts as one text; the same in both languages where every part is, so that it is not printed twice."""
    text = zh.join(each.zh for each in parts)
    return Bilingual(text, text if all(each.zh == each.en for each in parts) else en.join(each.en for each in parts))


def _notes(provenance: Provenance) -> tuple[Bilingual, ...]:
    note = _note(provenance)
    return (*((note,) if note else ()), *(() if provenance.is_checked else (UNCHECKED,)))


def _note(provenance: Provenance) -> Bilingual | None:
    return Bilingual(provenance.note_zh, provenance.note_en) if provenance.note_zh else None


def _text(wording: Wording) -> Bilingual:
    return Bilingual(wording.zh, wording.en)


def _both(text: str) -> Wording:
    return Wording(text, text)
