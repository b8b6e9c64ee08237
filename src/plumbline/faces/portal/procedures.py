"""What one can have done here: the procedures by field of work, and the page of one: basis, time, fee, who decides.

Everything said comes from the definition; what it does not know is shown as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.procedures import queries as opening
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import clock_cite, days_words
from plumbline.faces.kit.evaluation import named, source_words
from plumbline.faces.kit.nav import is_staff, roles_words
from plumbline.faces.kit.shapes import Crumb, RuleCite, StepItem
from plumbline.faces.portal.frame import frame
from plumbline.rulebook import procedures as book
from plumbline.rulebook.procedures import Basis, Clock, Procedure, Said


@dataclass(frozen=True)
class Line:
    """One procedure in the list. apply_url: where this reader applies, empty where they may not."""

    name: str
    about: str
    url: str
    apply_url: str
    who: str


@dataclass(frozen=True)
class Area:
    """A field of work with its procedures."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Limit:
    """A time limit with where it comes from, and who answers for it."""

    owner: str
    cite: RuleCite


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Show every procedure, by field of work."""
    actor = getattr(request, "actor", None)
    context = {**frame(request, "portal-home"), "areas": _areas(actor)}
    return render(request, "portal/procedures.html", context)


@require_safe
def procedure(request: HttpRequest, name: str) -> HttpResponse:
    """Show one procedure. Raises: Hidden for one that is not there."""
    found = opening.procedure(name)
    actor = getattr(request, "actor", None)
    context = {
        **frame(request, "portal-home"),
        "crumbs": [Crumb(_("办事"), reverse("procedures")), Crumb(named(found))],
        "procedure": found,
        "name": named(found),
        "about": formats.either(found.about_zh, found.about_en),
        "note": formats.either(found.provenance.note_zh, found.provenance.note_en),
        "apply_url": _apply_url(found, actor),
        "import_url": reverse("procedure-import", args=[found.id]) if _apply_url(found, actor) else "",
        "applicants": roles_words(_applicants(found)),
        "body": roles_words([found.body.role]) if found.body else "",
        "steps": [StepItem(named(each), is_done=False, is_current=False) for each in found.steps.values()],
        "limits": [limit_of(each) for each in found.clocks.values()],
        "basis": [basis_cite(each) for each in found.basis],
        "fee": said_words(found.fee),
        "retention": said_words(found.retention),
        "asks": [named(each) for act in found.opening_acts for each in act.form],
        "figures_url": reverse("console:procedure_figures", args=[name]) if is_officer(actor) else "",
        "is_unchecked": not found.provenance.is_checked,
    }
    return render(request, "portal/procedure.html", context)


def is_officer(actor: Actor | None) -> bool:
    """Tell whether a reader works in an office or institution, which has figures of procedures."""
    return isinstance(actor, Actor) and is_staff(actor) and accounts.has_right(actor, "case.read")


def _areas(actor: Actor | None) -> list[Area]:
    held = [each for each in book.all_procedures().values() if each.is_general]
    areas = []
    for key, name in book.AREAS.items():
        lines = [_line(each, actor) for each in held if each.area == key]
        if lines:
            areas.append(Area(formats.either(name.zh, name.en), lines))
    return areas


def _line(found: Procedure, actor: Actor | None) -> Line:
    return Line(
        named(found),
        formats.either(found.about_zh, found.about_en),
        reverse("procedure", args=[found.id]),
        _apply_url(found, actor),
        roles_words(_applicants(found)),
    )


def _apply_url(found: Procedure, actor: Actor | None) -> str:
    may = isinstance(actor, Actor) and opening.opening_act(actor, found) is not None
    return reverse("procedure-apply", args=[found.id]) if may else ""


def _applicants(found: Procedure) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role for act in found.opening_acts for role in act.roles))


def limit_of(clock: Clock) -> Limit:
    """Return the time limit of a clock, who answers for it, and where it comes from."""
    return Limit(roles_words([clock.owner]), clock_cite(clock, days_words(clock.kind, clock.days)))


def basis_cite(basis: Basis) -> RuleCite:
    """Return what a procedure rests on; an edition or a clause that was not seen says so."""
    return RuleCite(
        title=formats.either(basis.zh, basis.en),
        edition=_("版本不明") if basis.edition == "unknown" else basis.edition,
        clause=basis.provenance.clause or "",
        status=basis.provenance.status,
        source=source_words(basis.provenance.sources),
        checked_by=basis.provenance.checked_by,
    )


def said_words(said: Said | None) -> str:
    """Return what is said of a fee or of keeping, "unknown" where nothing is known."""
    return formats.either(said.zh, said.en) if said and said.zh else _("不明")
