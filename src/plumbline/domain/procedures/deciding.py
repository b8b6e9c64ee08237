"""Who decides a case to be opened, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.cases.actions import Opening
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.errors import InputError, RuleError, Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import Procedure

BODY = "body"
"""Where a form says which house is to decide, when the applicant chooses."""
BODIES = "bodies"
"""The list of the houses that may decide, as a form of an act may choose from it."""
TITLE_MOST = 200


def bodies(house: UUID, found: Procedure, *, at: datetime) -> list[OrganisationFacts]:
    """Return the houses that may decide for a house, the most local first."""
    if found.body is None:
        return []
    own = directory.organisation(house)
    path = [region.code for region in directory.path(own.region_code)] if own.region_code else []
    keys = accounts.houses_with_role(found.body.role, path, on=legal_day(at))
    held = directory.organisations(keys)
    return [held[key] for key in keys if key in held]


def to_be_opened(house: UUID, found: Procedure, *, form: Mapping[str, object], at: datetime) -> Opening:
    """Return the case to be opened for a house, without its name. Raises: RuleError where nobody in the area decides;
    InputError where the applicant chooses and has not."""
    able = bodies(house, found, at=at)
    role = accounts.role_name(found.body.role) if found.body else Term("", "")
    if not able:
        raise RuleError(
            say("本地区没有单位办“{procedure}”", procedure=Term(found.zh, found.en)),
            remedy=say("请管理员给办理单位的人登记角色“{role}”", role=role),
        )
    body = next((each for each in able if str(each.id) == form.get(BODY)), None)
    if body is None and found.body is not None and found.body.is_chosen:
        raise InputError(say("还没有选办理单位"), remedy=say("从名单里选一个"), field=BODY)
    body = body or able[0]
    return Opening(found.id, house, body.id, directory.organisation(house).region_code, "")


def called(opening: Opening, found: Procedure, *, form: Mapping[str, object]) -> Opening:
    """Return the case to be opened with the name its definition gives it."""
    parts = [str(form[key]) for key in found.title if form.get(key)]
    return replace(opening, title=(" · ".join(parts) or found.zh)[:TITLE_MOST])
