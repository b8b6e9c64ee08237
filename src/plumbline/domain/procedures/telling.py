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
from plumbline.errors import Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import Act


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
