"""A case as its owner sees it in a list: what it is, who waits for whom, the day of the clock, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import clock_of, state_kind, state_word, waits_for
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import roles_words
from plumbline.faces.kit.shapes import Clock


@dataclass(frozen=True)
class CaseLine:
    """One line. is_mine: the case waits for an act of the reader."""

    number: str
    url: str
    title: str
    what: str
    body: str
    kind: str
    state: str
    waits: str
    clock: Clock | None
    is_mine: bool


def case_line(found: CaseFacts, reader: Actor, *, today: date) -> CaseLine:
    """Return the line of a case for one of its owner's people; asks no database."""
    roles = waits_for(found)
    clock = clock_of(found, today)
    is_mine = reader.role in roles and any(each.is_awaited for each in cases.possible_acts(found, reader))
    return CaseLine(
        number=found.number,
        url=reverse("my-case", args=[found.number]),
        title=found.title,
        what=what_it_is(found),
        body=formats.either(found.body_name, found.body_name_en),
        kind="due" if is_mine else state_kind(found, today, clock=clock),
        state=state_word(found),
        waits=waits_words(found, is_mine=is_mine),
        clock=clock,
        is_mine=is_mine,
    )


def what_it_is(found: CaseFacts) -> str:
    """Return the procedure and how many instruments: 强制检定 12 台."""
    procedure = cases.procedure_of(found)
    if procedure.is_general:
        return named(procedure)
    wanted = found.details.get("instruments")
    count = len(wanted) if isinstance(wanted, list | tuple) else 0
    words = ngettext("{procedure}，{n} 台", "{procedure}，{n} 台", count)
    return words.format(procedure=named(procedure), n=count)


def waits_words(found: CaseFacts, *, is_mine: bool) -> str:
    """Return whom the case waits for, in words; empty when it has ended."""
    roles = waits_for(found)
    if not roles or found.ended_at is not None:
        return ""
    return _("等您") if is_mine else _("等{role}").format(role=roles_words(roles))
