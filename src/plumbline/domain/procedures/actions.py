"""Writes of procedures: a case opened, an act done, with its guards, what follows, and telling whose turn it is.

What a definition says in words is done for every procedure; what the code of one procedure adds stands in its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.notices import actions as notices
from plumbline.domain.procedures import drawing, queries, verification
from plumbline.domain.procedures.choosing import require_assignable
from plumbline.domain.procedures.following import follow
from plumbline.domain.procedures.guarding import pass_guards
from plumbline.domain.procedures.own_code import NOTHING, OwnCode
from plumbline.domain.procedures.telling import tell_awaited
from plumbline.errors import InputError, Term, say
from plumbline.rulebook.procedures import Procedure

_OWN: Mapping[str, OwnCode] = {"verification": verification.OWN}
"""The procedures with code of their own."""


@transaction.atomic
def perform(actor: Actor, case_id: UUID, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Do one act on a case, other than those on a single job. Raises: what its guards raise; nothing is half done."""
    request = engine.asking(request, about=case_id)
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    turn = engine.begin(actor, case_id, request=request)
    if turn.act.per_job:
        raise InputError(say("“{act}”要逐台器具办理", act=Term(turn.act.zh, turn.act.en)))
    own = _OWN.get(turn.procedure.id, NOTHING)
    if not turn.act.amends:  # what is applied for is asked by the guard, as of a new application
        engine.require_offered(turn.act, turn.form, offered=own.offered(turn))
    require_assignable(turn, at=at)
    pass_guards(actor, turn, at=at)
    if own_guard := own.guards.get(turn.act.name):
        own_guard(actor, turn, at=at)
    turn, request = drawing.carried_out(actor, turn, request=request, at=at)
    case = engine.complete(actor, turn, request=request, at=at)
    if own_effect := own.effects.get(turn.act.name):
        own_effect(actor, turn, case=case, at=at)
    follow(actor, turn, case=case, at=at)
    tell_awaited(actor, case, before=turn.case, at=at)
    return case


@transaction.atomic
def apply(actor: Actor, found: Procedure, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case. Raises: InputErrors beside the fields; AccessError; RuleError if nobody in the area decides."""
    act = queries.require_opening(actor, found)
    request = engine.asking(replace(request, act=act.name, seen=0), about=actor.organisation_id)
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    opening, _body = queries.to_be_opened(actor, found, form=request.form, at=at)
    cleaned = engine.examine(actor, opening, act_name=act.name, form=request.form)
    opening = queries.called(opening, found, form=cleaned)
    turn = engine.first_turn(opening, act=act, form=cleaned, at=at)
    pass_guards(actor, turn, at=at)
    case = engine.open_case(actor, opening, request=request, at=at)
    follow(actor, turn, case=case, at=at)
    told = say(
        "{owner}提交了“{procedure}” {number}",
        owner=Term(case.owner_name, case.owner_name_en or case.owner_name),
        procedure=Term(found.zh, found.en),
        number=case.number,
    )
    notices.tell(case.body_id, told, link=f"/cases/{case.number}", at=at)
    return case
