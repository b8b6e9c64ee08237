"""One act on a case of any procedure: its guards, the act, what follows, and the people whose turn it is told.

What a definition says in words is done for every procedure; what the code of one procedure adds stands in its own file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.procedures import verification
from plumbline.domain.procedures.following import EFFECTS
from plumbline.domain.procedures.guarding import GUARDS
from plumbline.domain.procedures.own_code import NOTHING, OwnCode
from plumbline.domain.procedures.telling import tell_awaited
from plumbline.errors import InputError, Term, say

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
    pass_guards(actor, turn, at=at)
    if own_guard := own.guards.get(turn.act.name):
        own_guard(actor, turn, at=at)
    case = engine.complete(actor, turn, request=request, at=at)
    if own_effect := own.effects.get(turn.act.name):
        own_effect(actor, turn, case=case, at=at)
    follow(actor, turn, case=case, at=at)
    tell_awaited(actor, case, before=turn.case, at=at)
    return case


def pass_guards(actor: Actor, turn: Turn, *, at: datetime) -> None:
    """Pass if every guard the definition names for an act holds. Raises: as the guards."""
    for word in turn.act.guards:
        GUARDS[word.name](actor, turn, word.about, at=at)


def follow(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:
    """Do what the definition says follows from an act."""
    for word in turn.act.effects:
        EFFECTS[word.name](actor, turn, word.about, case=case, at=at)
