"""Reads of procedures: which one may open, who decides, what an application would send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases.actions import Opening
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.journal import queries as acts
from plumbline.domain.procedures import choosing, draws
from plumbline.domain.procedures.guarding import pass_guards
from plumbline.errors import Hidden, InputError, RuleError, Term, say
from plumbline.rulebook import procedures
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import Act, Procedure

BODY = "body"
"""Where a form says which house is to decide, when the applicant chooses."""
TITLE_MOST = 200
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
    if found.body is None:
        return []
    own = directory.organisation(actor.organisation_id)
    path = [region.code for region in directory.path(own.region_code)] if own.region_code else []
    keys = accounts.houses_with_role(found.body.role, path, on=legal_day(at))
    held = directory.organisations(keys)
    return [held[key] for key in keys if key in held]


def preview(actor: Actor, found: Procedure, *, form: Mapping[str, object], at: datetime) -> Preview:
    """Return what `apply` would send; writes nothing. Raises: what `apply` raises."""
    act = require_opening(actor, found)
    opening, body = to_be_opened(actor, found, form=form, at=at)
    cleaned = engine.examine(actor, opening, act_name=act.name, form=form)
    turn = engine.first_turn(called(opening, found, form=cleaned), act=act, form=cleaned, at=at)
    pass_guards(actor, turn, at=at)
    return Preview(cleaned, body, turn.case.title)


def applied(actor: Actor, request_id: UUID) -> UUID | None:
    """Return the case that a request of this actor has opened, None for a key they have not used."""
    done = acts.act_by_request(request_id)
    return done.subject_id if done is not None and done.person_id == actor.person_id else None


def require_opening(actor: Actor, found: Procedure) -> Act:
    """Return the act by which the actor opens a case for their own house. Raises: AccessError."""
    act = opening_act(actor, found) or found.opening_acts[0]
    engine.require_opening(actor, found, act=act)
    return act


def to_be_opened(
    actor: Actor, found: Procedure, *, form: Mapping[str, object], at: datetime
) -> tuple[Opening, OrganisationFacts]:
    """Return the case to be opened without its name, and who would decide it."""
    able = bodies(actor, found, at=at)
    role = accounts.role_name(found.body.role) if found.body else Term("", "")
    if not able:
        raise RuleError(
            say("本地区没有单位办“{procedure}”", procedure=Term(found.zh, found.en)),
            remedy=say("请管理员给办理单位的人登记角色“{role}”", role=role),
        )
    body = able[0]
    if found.body is not None and found.body.is_chosen:
        wanted = next((each for each in able if str(each.id) == form.get(BODY)), None)
        if wanted is None:
            raise InputError(say("还没有选办理单位"), remedy=say("从名单里选一个"), field=BODY)
        body = wanted
    region = directory.organisation(actor.organisation_id).region_code
    return Opening(found.id, actor.organisation_id, body.id, region, ""), body


def called(opening: Opening, found: Procedure, *, form: Mapping[str, object]) -> Opening:
    """Return the case to be opened with the name its definition gives it."""
    parts = [str(form[key]) for key in found.title if form.get(key)]
    return replace(opening, title=(" · ".join(parts) or found.zh)[:TITLE_MOST])
