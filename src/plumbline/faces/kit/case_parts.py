"""What belongs to a case beside its own course: its tracks, and other cases that have to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.faces.kit.case_story import state_kind, state_word
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import roles_words
from plumbline.rulebook.procedures import Procedure


@dataclass(frozen=True)
class TrackLine:
    """What goes on beside others in a case: its name, how it stands, and whom it waits for."""

    name: str
    kind: str
    state: str
    waits: str


@dataclass(frozen=True)
class CaseLink:
    """Another case that has to do with one: its number, what it is, how it stands."""

    number: str
    name: str
    kind: str
    state: str


def related_to(found: CaseFacts, today: date) -> list[CaseLink]:
    """Return the case that one was opened by or is about, and those opened by it, as far as the reader sees them."""
    parents = cases.cases([found.parent_id]).values() if found.parent_id else ()
    return [
        CaseLink(each.number, named(cases.procedure_of(each)), state_kind(each, today), state_word(each))
        for each in (*parents, *cases.sub_cases(found.id))
    ]


def tracks_of(found: CaseFacts) -> list[TrackLine]:
    """Return the tracks under way in a case."""
    procedure = cases.procedure_of(found)
    return [_track_line(procedure, name, state=state, found=found) for name, state in found.tracks.items()]


def _track_line(procedure: Procedure, name: str, *, state: str, found: CaseFacts) -> TrackLine:
    now = procedure.states[state]
    kind = "run" if not now.is_end else "ok" if now.is_good else "unk"
    roles = procedure.waits_for((state,), found.details)
    waits = _("等{role}").format(role=roles_words(roles)) if roles else ""
    return TrackLine(named(procedure.tracks[name]), kind, named(now), waits)
