"""Reminds institutions of certificates of standards, qualifications and authorisations that end.

Lead days are rulebook data; each reminder is left once, and none for what a later one has followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import QualificationFacts
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Due
from plumbline.domain.registers import queries
from plumbline.domain.registers.types import ScopeFacts, StandardFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Term, Text, say
from plumbline.rulebook import catalogue
from plumbline.rulebook import notices as rulebook
from plumbline.rulebook.calendar import legal_day

T = TypeVar("T", StandardFacts, QualificationFacts, ScopeFacts)


def remind(at: datetime) -> int:
    """Leave the reminders that have become due; returns how many. Run again, it leaves none twice."""
    today = legal_day(at)
    with scoped(EVERYTHING):
        return _standards(today, at=at) + _qualifications(today, at=at) + _scopes(today, at=at)


def _standards(today: date, *, at: datetime) -> int:
    found = queries.standards_ending(first=today, last=_last("standard", today))
    dues = _dues("standard", found, today=today, whose=lambda each: each.owner_id)
    names = {each.id: each for each in found}

    def told(due: Due) -> tuple[Text, str]:
        each = names[due.subject_id]
        name = Term(each.name_zh, each.name_en or each.name_zh)
        text = say("计量标准{name}（{code}）的证书到 {day} 为止", name=name, code=each.code, day=due.last_day)
        return text, f"/standards/{each.id}/"

    return _remind("standard", dues, told=told, at=at)


def _qualifications(today: date, *, at: datetime) -> int:
    found = directory.qualifications_ending(first=today, last=_last("qualification", today))
    dues = _dues("qualification", found, today=today, whose=lambda each: each.institution_id)
    held = {each.id: each for each in found}
    people = directory.people({each.person_id for each in found})
    houses = directory.organisations({each.institution_id for each in found})

    def told(due: Due) -> tuple[Text, str]:
        each = held[due.subject_id]
        person = people[each.person_id]
        text = say(
            "{person}的“{category}”资格到 {day} 为止",
            person=Term(person.name_zh, person.name_en or person.name_zh),
            category=_category(each.category),
            day=due.last_day,
        )
        return text, f"/organisations/{houses[each.institution_id].uscc}/#people"

    return _remind("qualification", dues, told=told, at=at)


def _scopes(today: date, *, at: datetime) -> int:
    found = queries.scopes_ending(first=today, last=_last("authorisation", today))
    dues = _dues("authorisation", found, today=today, whose=lambda each: each.institution_id)
    held = {each.id: each for each in found}
    houses = directory.organisations({each.institution_id for each in found})

    def told(due: Due) -> tuple[Text, str]:
        each = held[due.subject_id]
        text = say("“{category}”的检定授权到 {day} 为止", category=_category(each.category), day=due.last_day)
        return text, f"/organisations/{houses[each.institution_id].uscc}/#scopes"

    return _remind("authorisation", dues, told=told, at=at)


def _last(kind: str, today: date) -> date:
    return today + timedelta(days=max(rulebook.reminder(kind).lead_days))


def _dues(kind: str, found: Iterable[T], *, today: date, whose: Callable[[T], UUID]) -> list[Due]:
    rule = rulebook.reminder(kind)
    leads = ((each, rule.lead(last_day=each.valid_to, on=today)) for each in found)
    return [Due(each.id, each.valid_to, lead, whose(each)) for each, lead in leads if lead is not None]


def _remind(kind: str, dues: list[Due], *, told: Callable[[Due], tuple[Text, str]], at: datetime) -> int:
    new = notices.first_reminders(kind, dues, at=at)
    for due in new:
        text, link = told(due)
        notices.tell(due.recipient_id, text, link=link, at=at, kind=notices.REMINDER)
    return len(new)


def _category(code: str) -> Term:
    found = catalogue.by_code(code)
    return Term(found.zh, found.en)
