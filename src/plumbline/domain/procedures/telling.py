"""Tells the people whose turn it is: the person an awaited act is bound to, and whoever stands in for them."""

from __future__ import annotations

from datetime import datetime

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Addressee
from plumbline.errors import Term, say
from plumbline.rulebook.calendar import legal_day


def tell_awaited(actor: Actor, case: CaseFacts, *, before: CaseFacts, at: datetime) -> None:
    """Tell whom a case now waits for, where an act has changed that; nobody is told of what they did themselves."""
    if (case.state, case.people) == (before.state, before.people):
        return
    procedure = cases.procedure_of(case)
    awaited = (act for act in procedure.acts_from(case.state, case.details) if case.state not in act.aside_from)
    act = next(awaited, None)
    person = case.people.get(act.person.get(case.state, "")) if act else None
    if act is None or person is None:
        return
    turn = say("业务 {number} 等您“{act}”", number=case.number, act=Term(act.zh, act.en))
    right = f"{procedure.id}.{act.name}"
    for each in {person, *accounts.delegates_for(person, case.body_id, right=right, on=legal_day(at))}:
        if each != actor.person_id:
            notices.tell_person(Addressee(case.body_id, each), turn, link=f"/cases/{case.number}", at=at)
