"""Who may be assigned in a case: by role and area, with what each has in hand and who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import AbsenceFacts
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.errors import InputError, Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.forms import BY_LOAD


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be assigned. house_id: for which they hold the role; in_hand: cases assigned to them."""

    person_id: UUID
    house_id: UUID
    in_hand: int
    away: AbsenceFacts | None = None


def assignable(role: str, found: CaseFacts, *, at: datetime) -> list[Candidate]:
    """Return who may be assigned by hand: the candidates who are not of the house that applied."""
    return [each for each in candidates(role, found, at=at) if each.house_id != found.owner_id]


def require_assignable(turn: Turn, *, at: datetime) -> None:
    """Pass if whom an act assigns by load may act in that role. Raises: InputError beside the field."""
    for each in turn.act.form:
        named = turn.form.get(each.key)
        if each.by == BY_LOAD and named:
            able = {str(one.person_id) for one in assignable(each.role, turn.case, at=at)}
            if named not in able:
                raise InputError(
                    say("“{field}”要从名单里选", field=Term(each.zh, each.en)),
                    remedy=say("从名单里选一位"),
                    field=each.key,
                )


def candidates(role: str, found: CaseFacts, *, at: datetime) -> list[Candidate]:
    """Return who may act in a role on a case, who is there and has least in hand first.

    Counted among the cases visible, and the absences of houses that the reader may see.
    """
    day = legal_day(at)
    path = [region.code for region in directory.path(found.region_code)]
    able = dict(accounts.people_by_role(role, found.body_id, region_codes=path, on=day))
    loads = cases.open_loads(able)
    away = {person: each for house in set(able.values()) for person, each in accounts.absences(house, on=day).items()}
    people = [Candidate(person, house, loads[person], away.get(person)) for person, house in able.items()]
    return sorted(people, key=lambda each: (each.away is not None, each.in_hand))
