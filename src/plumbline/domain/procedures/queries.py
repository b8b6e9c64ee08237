"""Reads of procedures: which one may open, who decides, what an application would send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Opening
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.journal import queries as acts
from plumbline.domain.procedures import choosing, deciding, draws
from plumbline.domain.procedures.guarding import pass_guards
from plumbline.errors import Hidden, InputError, say
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures import Act, Procedure

BODY, BODIES = deciding.BODY, deciding.BODIES
assignable = choosing.assignable
draw_of = draws.draw_of


@dataclass(frozen=True)
class Preview:
    """What an application would send, cleaned, to whom, and how the case would be called."""

    form: Mapping[str, object]
    body: OrganisationFacts
    title: str


def procedure(procedure_id: str) -> Procedure:
    """Return a procedure that is opened here. Raises: Hidden for one that is not, or is not there."""
    found = procedures.all_procedures().get(procedure_id)
    if found is None or not found.is_general:
        raise Hidden(say("没有这个程序"), remedy=say("从办事清单里选"))
    return found


def opening_act(actor: Actor, found: Procedure) -> Act | None:
    """Return the act by which this actor may open a case, if there is one."""
    return next((act for act in found.opening_acts if accounts.has_right(actor, f"{found.id}.{act.name}")), None)


def bodies(actor: Actor, found: Procedure, *, at: datetime) -> list[OrganisationFacts]:
    """Return the houses that may decide for the actor's own house, the most local first."""
    return deciding.bodies(actor.organisation_id, found, at=at)


def other_bodies(found: CaseFacts, *, at: datetime) -> list[OrganisationFacts]:
    """Return the houses to which a case may be handed over."""
    able = deciding.bodies(found.owner_id, cases.procedure_of(found), at=at)
    return [each for each in able if each.id != found.body_id]


def asked_for(actor: Actor, found: Procedure, *, form: Mapping[str, object], at: datetime) -> Opening:
    """Return the case that the actor asks for, without its name. Raises: InputError beside a field; RuleError."""
    house = actor.organisation_id
    about = next((each for act in found.opening_acts for each in act.form if each.type == "case"), None)
    number = str(form.get(about.key) or "") if about else ""
    parent = _own_case(actor, number, field=about.key) if about and number else None
    if parent is not None and found.body is not None and found.body.is_of_parent:
        return Opening(found.id, house, parent.body_id, parent.region_code, "", parent.id)
    opening = deciding.to_be_opened(house, found, form=form, at=at)
    return replace(opening, parent_id=parent.id if parent else None)


def _own_case(actor: Actor, number: str, *, field: str) -> CaseFacts:
    """Return a case that the actor's own house has applied for. Raises: InputError beside the field for any other."""
    try:
        found = cases.case_by_number(number)
    except Hidden:
        found = None
    if found is None or found.owner_id != actor.organisation_id:
        remedy = say("核对业务号；只能是本单位的业务")
        raise InputError(say("没有业务 {number}", number=number), remedy=remedy, field=field)
    return found


def reviews(actor: Actor, found: CaseFacts) -> list[Procedure]:
    """Return the procedures by which the actor may object to what was decided in a case of theirs."""
    if found.ended_at is None or found.owner_id != actor.organisation_id or cases.procedure_of(found).is_review:
        return []
    return [each for each in procedures.all_procedures().values() if each.is_review and opening_act(actor, each)]


def preview(actor: Actor, found: Procedure, *, form: Mapping[str, object], at: datetime) -> Preview:
    """Return what `apply` would send; writes nothing. Raises: what `apply` raises."""
    act = require_opening(actor, found)
    opening = asked_for(actor, found, form=form, at=at)
    cleaned = engine.examine(actor, opening, act_name=act.name, form=form)
    turn = engine.first_turn(deciding.called(opening, found, form=cleaned), act=act, form=cleaned, at=at)
    pass_guards(actor, turn, at=at)
    return Preview(cleaned, directory.organisation(opening.body_id), turn.case.title)


def applied(actor: Actor, request_id: UUID) -> UUID | None:
    """Return the case that a request of this actor has opened, None for a key they have not used."""
    done = acts.act_by_request(request_id)
    return done.subject_id if done is not None and done.person_id == actor.person_id else None


def require_opening(actor: Actor, found: Procedure) -> Act:
    """Return the act by which the actor opens a case for their own house. Raises: AccessError."""
    act = opening_act(actor, found) or found.opening_acts[0]
    engine.require_opening(actor, found, act=act)
    return act
