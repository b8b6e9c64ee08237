"""Writes of procedures: a case opened, an act done, with its guards, what follows, and telling whose turn it is.

What a definition says in words is done for every procedure; what the code of one procedure adds stands in its own file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.notices import actions as notices
from plumbline.domain.procedures import drawing, queries, verification
from plumbline.domain.procedures.choosing import require_assignable
from plumbline.domain.procedures.deciding import BODIES, called
from plumbline.domain.procedures.following import HAND_OVER, follow
from plumbline.domain.procedures.guarding import pass_guards
from plumbline.domain.procedures.own_code import NOTHING, OwnCode
from plumbline.domain.procedures.telling import tell_awaited, tell_opened, tell_parent
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, Term, say
from plumbline.rulebook.procedures import MOVE, Procedure

_OWN: Mapping[str, OwnCode] = {"verification": verification.OWN}
"""The procedures with code of their own."""


@transaction.atomic
def perform(actor: Actor, case_id: UUID, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Do one act on a case, other than those on a single job. Raises: what its guards raise; nothing is half done."""
    request = engine.asking(request, about=case_id)
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    if request.act == MOVE.name:
        return _move(actor, case_id, request=request, at=at)
    turn = engine.begin(actor, case_id, request=request)
    if turn.act.per_job:
        raise InputError(say("“{act}”要逐台器具办理", act=Term(turn.act.zh, turn.act.en)))
    own = _OWN.get(turn.procedure.id, NOTHING)
    if not turn.act.amends:  # what is applied for is asked by the guard, as of a new application
        engine.require_offered(turn.act, turn.form, offered={**_offered(turn, at=at), **own.offered(turn)})
    _require_same_about(turn)
    require_assignable(turn, at=at)
    pass_guards(actor, turn, at=at)
    if own_guard := own.guards.get(turn.act.name):
        own_guard(actor, turn, at=at)
    turn, request = drawing.carried_out(actor, turn, request=request, at=at)
    case = engine.complete(actor, turn, request=request, at=at)
    if own_effect := own.effects.get(turn.act.name):
        own_effect(actor, turn, case=case, at=at)
    follow(actor, turn, case=case, at=at)
    if any(word.name == HAND_OVER for word in turn.act.effects):
        with scoped(EVERYTHING):  # also where it was given to a house whose cases the actor does not see
            case = cases.case(case.id)
    tell_awaited(actor, case, before=turn.case, at=at)
    tell_parent(case, at=at)
    return case


def _offered(turn: Turn, *, at: datetime) -> Mapping[str, Collection[str]]:
    """Return what the lists hold that every procedure may ask from: the houses that may decide."""
    if all(each.choices_from != BODIES for each in turn.act.form):
        return {}
    return {BODIES: [str(each.id) for each in queries.other_bodies(turn.case, at=at)]}


def _move(actor: Actor, case_id: UUID, *, request: ActRequest, at: datetime) -> CaseFacts:
    case = engine.move(actor, case_id, request=request, at=at)
    now = cases.procedure_of(case)
    told = say(
        "业务 {number} 转到“{procedure}”第 {edition} 版办理", number=case.number,
        procedure=Term(now.zh, now.en), edition=now.edition,
    )  # fmt: skip
    notices.tell(case.owner_id, told, link=f"/my/cases/{case.number}", at=at)
    return case


def _require_same_about(turn: Turn) -> None:
    """Pass unless an amended application would be about another case. Raises: InputError beside the field."""
    for each in turn.act.form if turn.act.amends else ():
        if each.type == "case" and turn.form.get(each.key) != turn.folded.details.get(each.key):
            raise InputError(say("补正时不能换成另一项业务"), remedy=say("撤回后就那项业务另行提出"), field=each.key)


@transaction.atomic
def apply(actor: Actor, found: Procedure, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case. Raises: InputErrors beside the fields; AccessError; RuleError if nobody in the area decides."""
    act = queries.require_opening(actor, found)
    request = engine.asking(replace(request, act=act.name, seen=0), about=actor.organisation_id)
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    opening = queries.asked_for(actor, found, form=request.form, at=at)
    cleaned = engine.examine(actor, opening, act_name=act.name, form=request.form)
    opening = called(opening, found, form=cleaned)
    turn = engine.first_turn(opening, act=act, form=cleaned, at=at)
    pass_guards(actor, turn, at=at)
    case = engine.open_case(actor, opening, request=request, at=at)
    follow(actor, turn, case=case, at=at)
    tell_opened(case, found, at=at)
    return case
