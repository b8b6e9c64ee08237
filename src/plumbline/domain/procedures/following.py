"""What follows from an act by the effects of `rulebook.procedures.words`: a function a word, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.notices import actions as notices
from plumbline.domain.procedures import outcomes
from plumbline.domain.procedures.deciding import BODY, called, to_be_opened
from plumbline.domain.procedures.telling import tell_opened
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.queries import entries
from plumbline.domain.registers.types import EntryAct, EntryDraft
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.models import new_id
from plumbline.errors import RuleError, Term, say
from plumbline.rulebook import procedures
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import Procedure

About = Mapping[str, object]


class Effect(Protocol):
    """Does what follows. about: what the word is about, as `words.EFFECTS` has it read."""

    def __call__(self, actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None: ...


def tell(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Leave a sentence for a party of the case."""
    words = Term(str(about["zh"]).format(number=case.number), str(about["en"]).format(number=case.number))
    is_applicant = about["who"] == "applicant"
    house, link = (case.owner_id, "/my/cases/") if is_applicant else (case.body_id, "/cases/")
    notices.tell(house, say("{words}", words=words), link=f"{link}{case.number}", at=at)


def enter(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:
    """Write the case's entry into a register; where it holds one of that key in that state, say anew what holds from
    today on. Raises: what writing an entry raises."""
    register = rulebook.by_id(str(about["register"]))
    draft = EntryDraft(
        typed=_typed(register, _mapping(about), turn=turn, case=case, at=at),
        valid_from=legal_day(at),
        state=str(about["state"]),
        reason=_reason(turn, case),
    )
    key = _key(register, draft.typed)
    number = entries.number_of(register.id, key)
    if number is not None and entries.state_on(register.id, number, on=draft.valid_from) == draft.state:
        registers.change_entry(actor, register.id, number=number, change=draft, at=at)
    else:
        registers.register_entry(actor, register.id, draft=draft, at=at)


def mark_entry(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:
    """Do an act of the register on the entry the case has written. Raises: RuleError where there is none."""
    register = rulebook.by_id(str(about["register"]))
    wrote = _written_by(turn.procedure, register.id)
    typed = _typed(register, wrote, turn=turn, case=case, at=at)
    key = _key(register, typed)
    number = entries.number_of(register.id, key)
    if number is None:
        raise RuleError(
            say("名册“{register}”里没有这项业务登记的条目", register=register.name),
            where=say("业务 {number}", number=case.number),
            remedy=say("先在名册里核对“{key}”", key=key),
        )
    act = EntryAct(str(about["act"]), legal_day(at), _reason(turn, case))
    registers.act_on_entry(actor, register.id, number=number, request=act, at=at)


def _key(register: rulebook.Register, typed: Mapping[str, str]) -> str:
    return register.key_of(typing_in.read_all({name: register.fields[name] for name in register.unique}, typed))


def _reason(turn: Turn, case: CaseFacts) -> str:
    said = str(turn.form.get("reason", ""))
    return f"{case.number} {turn.act.zh}：{said}" if said else f"{case.number} {turn.act.zh}"


def _written_by(procedure: Procedure, register_id: str) -> Mapping[str, str]:
    """Return how the procedure fills an entry of a register."""
    words = (word for act in procedure.acts.values() for word in act.effects if word.name == "enter")
    return next((_mapping(word.about) for word in words if word.about["register"] == register_id), {})


def _mapping(about: About) -> Mapping[str, str]:
    said = about["values"]
    return {str(key): str(value) for key, value in said.items()} if isinstance(said, Mapping) else {}


def _typed(
    register: rulebook.Register, values: Mapping[str, str], *, turn: Turn, case: CaseFacts, at: datetime
) -> dict[str, str]:
    """Return the columns of an entry as they would be typed."""
    held = _sourced(values, turn=turn, case=case, at=at)
    return {column: typing_in.written(register.fields[column], _plain(value)) for column, value in held.items()}


def _sourced(values: Mapping[str, str], *, turn: Turn, case: CaseFacts, at: datetime) -> dict[str, object]:
    """Return some values from where the file says: from the forms, from the case, or fixed in the file."""
    houses = directory.organisations({case.owner_id, case.body_id})
    owner, body = houses[case.owner_id], houses[case.body_id]
    own: dict[str, object] = {
        "case.number": case.number,
        "case.day": legal_day(at).isoformat(),
        "applicant.uscc": owner.uscc,
        "applicant.name": owner.name_zh,
        "applicant.region": owner.region_code,
        "body.uscc": body.uscc,
        "body.name": body.name_zh,
    }
    said = {**turn.said, **turn.form, **own}
    return {
        name: source.removeprefix("=") if source.startswith("=") else said.get(source)
        for name, source in values.items()
    }


def _plain(value: object) -> typing_in.Value | None:
    return value if isinstance(value, str | int | bool) else None if value is None else str(value)


def open_case(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:
    """Open a case of another procedure that belongs to this one. Raises: InputErrors; RuleError if nobody decides."""
    found = procedures.load(str(about["procedure"]))
    house = case.owner_id if about["owner"] == "applicant" else case.body_id
    form = _sourced(_mapping(about), turn=turn, case=case, at=at)
    body = str(case.body_id)  # whoever decides this case decides that one, if they may
    opening = called(to_be_opened(house, found, form={**form, BODY: body}, at=at), found, form=form)
    act = found.opening_acts[0]
    request = engine.asking(ActRequest(act.name, form, seen=0, request_id=new_id()), about=house)
    opened = engine.open_sub_case(actor, replace(opening, parent_id=case.id), request=request, at=at)
    child = engine.first_turn(opening, act=act, form=opened.details, at=at)
    follow(actor, child, case=opened, at=at)
    tell_opened(opened, found, at=at)


def hand_over(actor: Actor, turn: Turn, *, about: About, case: CaseFacts, at: datetime) -> None:  # noqa: ARG001  # one signature
    """Give the case to the house that the form names, and tell it."""
    body_id = UUID(str(turn.form[str(about["to"])]))
    engine.hand_over(case, body_id=body_id)
    tell_opened(replace(case, body_id=body_id), turn.procedure, at=at)


HAND_OVER = "hand_over"
EFFECTS: Mapping[str, Effect] = {
    "tell": tell,
    "enter": enter,
    "mark_entry": mark_entry,
    "open_case": open_case,
    HAND_OVER: hand_over,
    **outcomes.EFFECTS,
}


def follow(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:
    """Do what the definition says follows from an act."""
    for word in turn.act.effects:
        EFFECTS[word.name](actor, turn, about=word.about, case=case, at=at)
