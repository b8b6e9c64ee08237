"""Cases as rows of a list: what, whose, where it stands, the clock, and the next act as its last column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import AbsenceFacts, Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.faces.console.words import short_day
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import awaited_acts, clock_of, state_kind, state_word
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.doers import who_is_away
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Clock
from plumbline.rulebook.procedures import Act


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. act: the next act when it is the reader's, else empty; due_on None: no time limit runs; away:
    that the person it waits for is not there, and until when."""

    number: str
    url: str
    title: str
    instruments: str
    owner: str
    kind: str
    state: str
    clock: Clock | None
    due_on: date | None
    due: str
    act: str
    act_url: str
    away: str = ""


def case_rows(found: Sequence[CaseFacts], actor: Actor, *, today: date) -> list[CaseRow]:
    """Return the rows of a page of cases; asks who is away, and on an English page the names of the sites."""
    has_people = any(each.people for each in found)
    away = accounts.absences(actor.organisation_id, on=today) if has_people else {}
    return [_row(each, actor, away=away, today=today) for each in titled(found)]


def awaited_of(found: CaseFacts, actor: Actor) -> list[Act]:
    """Return the acts a case waits for that are this actor's."""
    return [each.act for each in cases.possible_acts(found, actor) if each.is_awaited]


def _row(found: CaseFacts, actor: Actor, *, away: Mapping[UUID, AbsenceFacts], today: date) -> CaseRow:
    url = reverse("console:case", args=[found.number])
    people = [found.people.get(each.act.person.get(each.state, "")) for each in awaited_acts(found)]
    awaited = next((person for person in people if person), None)
    own = awaited_of(found, actor)
    clock = clock_of(found, today)
    has_limit = found.due_on is not None and clock is not None and clock.state == "run"
    return CaseRow(
        number=found.number,
        url=url,
        title=found.title,
        instruments=count_words(found),
        owner=formats.either(found.owner_name, found.owner_name_en),
        kind=state_kind(found, today, clock=clock),
        state=state_word(found),
        clock=clock,
        due_on=found.due_on if has_limit else None,
        due=short_day(found.due_on, today) if has_limit else "\u2013",
        act=named(own[0]) if own else _("看进度"),
        act_url=f"{url}#next" if own else url,
        away=who_is_away(away.get(awaited)) if awaited else "",
    )


def count_words(found: CaseFacts) -> str:
    """Return how many instruments the application names; where it is about none, the procedure."""
    procedure = cases.procedure_of(found)
    if procedure.is_general:
        return named(procedure)
    listed = found.details.get("instruments")
    count = len(listed) if isinstance(listed, list) else 0
    return ngettext("{n} 台器具", "{n} 台器具", count).format(n=count)


def procedure_words(found: CaseFacts) -> str:
    """Return the name of the procedure of a case."""
    return named(cases.procedure_of(found))
