"""How far a case is, for everybody: of procedures that are public, by the number of the case.

Its state, its steps, the days of its acts, and the answers the definition calls public; nobody's name, no words typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.kit import formats
from plumbline.faces.kit.answers import Answered, answers_of
from plumbline.faces.kit.case_parts import tracks_of
from plumbline.faces.kit.case_story import clock_of, state_word, steps_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.raised import raised_words
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.portal.frame import frame


@dataclass(frozen=True)
class Done:
    """An act that was done: its name and its moment."""

    at: datetime
    name: str


@require_safe
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """Show how far a case is. Raises: Hidden for a number there is not, and for a case that is not public."""
    with scoped(EVERYTHING):
        found = cases.case_by_number(number)
        procedure = cases.procedure_of(found)
        if not procedure.is_public:
            raise cases.no_such_case()
        acts, raised = cases.story(found.id), cases.raised(found.id)
    done = [Done(act.at, named(procedure.act_done(act.name))) for act in reversed(acts)]
    context = {
        **frame(request, "portal-home"),
        "crumbs": [
            Crumb(_("办事"), reverse("procedures")),
            Crumb(named(procedure), reverse("procedure", args=[procedure.id])),
            Crumb(number),
        ],
        "case": found,
        "name": named(procedure),
        "body": formats.either(found.body_name, found.body_name_en),
        "state": state_word(found),
        "steps": steps_of(found, procedure),
        "tracks": tracks_of(found),
        "clock": clock_of(found, timezone.localdate(), folded=cases.folded(found, acts)),
        "raised": raised_words(found, raised, today=timezone.localdate()),
        "done": done,
        "answers": _public_answers(found),
    }
    return render(request, "portal/progress.html", context)


def _public_answers(found: CaseFacts) -> list[Answered]:
    """Return the answers the definition calls public; those that name people are never."""
    act = cases.procedure_of(found).opening_acts[0]
    public = {each.key for each in act.form if each.is_public and not each.is_personal and each.type != "file"}
    return answers_of(act, {key: value for key, value in found.details.items() if key in public})
