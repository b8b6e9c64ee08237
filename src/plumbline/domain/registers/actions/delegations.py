"""Delegations and absences told to the journal and to those they concern: what the room of accounts writes plainly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as held
from plumbline.domain.accounts.types import AbsenceFacts, Actor, Behalf, DelegationFacts, Handing
from plumbline.domain.directory import queries as known
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Addressee
from plumbline.errors import Term, Text, say
from plumbline.rulebook import roles
from plumbline.rulebook.calendar import legal_day

PAGE, OWNERS_PAGE = "/delegations/", "/my/delegations/"


@transaction.atomic
def hand_over(actor: Actor, handing: Handing, *, at: datetime) -> DelegationFacts:
    """Hand rights over to a colleague for a time, and tell them. Raises: as `accounts.hand_over`."""
    given = accounts.hand_over(actor, handing, at=at, today=legal_day(at))
    journal.append(actor, _subject(given.giver_user_id, given.organisation_id), act=_act("give", given), at=at)
    told = say(
        "{giver}从 {start} 到 {end} 把“{role}”的部分权限交给您代办",
        giver=_term(given.giver), start=given.valid_from, end=given.valid_to, role=held.role_name(given.role),
    )  # fmt: skip
    _tell(given, given.delegate.person_id, told=told, at=at)
    return given


@transaction.atomic
def take_back(actor: Actor, delegation_id: UUID, *, at: datetime) -> DelegationFacts:
    """End a delegation now, and tell whoever of the two did not do it. Raises: as `accounts.take_back`."""
    ended = accounts.take_back(actor, delegation_id, at=at, today=legal_day(at))
    journal.append(actor, _subject(ended.giver_user_id, ended.organisation_id), act=_act("end", ended), at=at)
    told = say("{giver}交给{delegate}的代办已经结束", giver=_term(ended.giver), delegate=_term(ended.delegate))
    for person_id in {ended.giver.person_id, ended.delegate.person_id} - {actor.person_id}:
        _tell(ended, person_id, told=told, at=at)
    return ended


@transaction.atomic
def note_absence(actor: Actor, *, first_day: date, last_day: date, at: datetime) -> AbsenceFacts:
    """Note that one is away on some days. Raises: as `accounts.note_absence`."""
    noted = accounts.note_absence(actor, first_day=first_day, last_day=last_day, at=at, today=legal_day(at))
    about = _subject(noted.user_id, noted.organisation_id)
    journal.append(actor, about, act=NewAct("absence.note", _days(noted)), at=at)
    return noted


@transaction.atomic
def end_absence(actor: Actor, absence_id: UUID, *, at: datetime) -> AbsenceFacts:
    """Take an absence of one's own back. Raises: as `accounts.end_absence`."""
    ended = accounts.end_absence(actor, absence_id, at=at, today=legal_day(at))
    about = _subject(ended.user_id, ended.organisation_id)
    journal.append(actor, about, act=NewAct("absence.end", _days(ended)), at=at)
    return ended


def _terms(given: DelegationFacts) -> Mapping[str, object]:
    return {
        "delegation": str(given.id),
        "role": given.role,
        "delegate": str(given.delegate.person_id),
        "rights": list(given.rights),
        "valid_from": given.valid_from.isoformat(),
        "valid_to": given.valid_to.isoformat(),
        "reason": given.reason,
    }


def _days(noted: AbsenceFacts) -> Mapping[str, object]:
    return {"first_day": noted.first_day.isoformat(), "last_day": noted.last_day.isoformat()}


def _term(person: Behalf) -> Term:
    return Term(person.name, person.name_en or person.name)


def _tell(given: DelegationFacts, person_id: UUID, *, told: Text, at: datetime) -> None:
    to = Addressee(given.organisation_id, person_id)
    link = OWNERS_PAGE if roles.by_code(given.role).reach == "own" else PAGE
    notices.tell_person(to, told, link=link, at=at, kind=notices.ACCOUNT)


def _act(what: str, given: DelegationFacts) -> NewAct:
    return NewAct(f"delegation.{what}", _terms(given))


def _subject(user_id: UUID, organisation_id: UUID) -> JournalSubject:
    house = known.organisation(organisation_id)
    return JournalSubject("account", user_id, owner_id=house.id, region_code=house.region_code)
