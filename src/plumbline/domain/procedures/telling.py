"""Tells the people whose turn it is: the person an awaited act is bound to, and whoever stands in for them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Addressee
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import Act, Procedure


def tell_opened(case: CaseFacts, found: Procedure, *, at: datetime) -> None:
    """Tell who decides that a case has come in."""
    told = say(
        "{owner}提交了“{procedure}” {number}",
        owner=Term(case.owner_name, case.owner_name_en or case.owner_name),
        procedure=Term(found.zh, found.en),
        number=case.number,
    )
    notices.tell(case.body_id, told, link=f"/cases/{case.number}", at=at)


def tell_parent(case: CaseFacts, *, at: datetime) -> None:
    """Tell who decides the case that opened this one that this one has ended."""
    if case.ended_at is None or case.parent_id is None:
        return
    with scoped(EVERYTHING):
        parent = cases.case(case.parent_id)
    state = cases.procedure_of(case).states[case.state]
    told = say(
        "业务 {parent} 的相关业务 {number} 已办结：{state}",
        parent=parent.number,
        number=case.number,
        state=Term(state.zh, state.en),
    )
    notices.tell(parent.body_id, told, link=f"/cases/{parent.number}", at=at)


def tell_awaited(actor: Actor, case: CaseFacts, *, before: CaseFacts, at: datetime) -> None:
    """Tell whom a case now waits for, where an act has changed that; nobody is told of what they did themselves."""
    if (case.states, case.people) == (before.states, before.people):
        return
    for each in cases.procedure_of(case).possible(case.states, case.details):
        person = case.people.get(each.act.person.get(each.state, ""))
        if each.is_awaited and person is not None:
            _tell(actor, case, act=each.act, person=person, at=at)
            return


def _tell(actor: Actor, case: CaseFacts, *, act: Act, person: UUID, at: datetime) -> None:
    turn = say("业务 {number} 等您“{act}”", number=case.number, act=Term(act.zh, act.en))
    right = f"{case.procedure}.{act.name}"
    for each in {person, *accounts.delegates_for(person, case.body_id, right=right, on=legal_day(at))}:
        if each != actor.person_id:
            notices.tell_person(Addressee(case.body_id, each), turn, link=f"/cases/{case.number}", at=at)
