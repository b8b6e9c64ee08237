"""One of my cases with its story, its clock, what the owner can do next, and the documents.

What was measured is told to the owner with the issued document, not before: until then it may be done anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import queries as opening
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, InstrumentFilter
from plumbline.errors import InputError, PlumblineError, RuleError, StateError, say
from plumbline.faces.kit.act_form import Filled, FormField, faults, form_fields, read_posted
from plumbline.faces.kit.acting import act_request, actor_of, new_request_id, status_of
from plumbline.faces.kit.answers import Answered, answers_of, handed_in, remarks_on
from plumbline.faces.kit.attached import require_whole
from plumbline.faces.kit.case_parts import related_to, tracks_of
from plumbline.faces.kit.case_story import (
    Names,
    Past,
    clock_of,
    clock_why,
    ends_of_documents,
    limit_of,
    steps_of,
    story_of,
)
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.draws import draw_shown
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.kit.outcomes import outcomes_of
from plumbline.faces.kit.raised import raised_past, raised_words
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.faces.portal.case_lines import case_line
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.rulebook.procedures import Act

MOST_MEMBERS = 500
TOLD_WHEN_ISSUED = frozenset({"verdict", "record"})


@dataclass(frozen=True)
class OwnAct:
    """Something the owner may do now: its name, its form, whether the case waits for it, and the key of its request."""

    name: str
    label: str
    fields: Sequence[FormField]
    is_awaited: bool
    request_id: str


@dataclass(frozen=True)
class JobLine:
    """One instrument of the case and the document it ended in."""

    instrument: InstrumentFacts | None
    document: CertificateFacts | None


def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show a case, or do the reader's act on it; staff have it in the console.

    Raises: Hidden when the reader's organisation has no part in it.
    """
    if is_staff(actor_of(request)):
        return redirect("console:case", number)
    owner = owner_of(request)
    found = cases.case_by_number(number)
    if owner.organisation_id not in {found.owner_id, found.body_id}:
        raise cases.no_such_case()
    if request.method != "POST":
        return _page(request, owner, found=found)
    act = _act_of(found, request.POST.get("act", ""))
    form = read_posted(act, request.POST, uploads=request.FILES, actor=owner)
    if request.POST.get("step") == "row":
        return _page(request, owner, found=found, tried=(act.name, Filled(form)))
    try:
        require_whole(request)
        asked = act_request(request.POST, act.name, form=form)
        procedures.perform(owner, found.id, request=asked, at=timezone.now())
    except (InputError, RuleError, StateError) as error:
        return _page(request, owner, found=cases.case(found.id), tried=(act.name, Filled(form, error)))
    messages.success(request, _("已“{act}”：业务 {number}").format(act=named(act), number=number))
    return redirect("my-case", number)


def _act_of(found: CaseFacts, name: str) -> Act:
    """Return the act asked for. Raises: InputError for one the procedure does not have or that is done job by job."""
    act = cases.procedure_of(found).act(name)
    if act.opens or act.per_job:
        raise InputError(say("这一步不在这里办"), remedy=say("用本页上的按钮"))
    return act


def _page(
    request: HttpRequest, owner: Actor, *, found: CaseFacts, tried: tuple[str, Filled] | None = None
) -> HttpResponse:
    found = titled([found])[0]
    today, now, acts = timezone.localdate(), timezone.now(), cases.story(found.id)
    raised = cases.raised(found.id)
    folded = cases.folded(found, acts)
    lines = _jobs(found)
    error = tried[1].error if tried else None
    own_acts = _own_acts(found, owner, tried=tried)
    context = {
        **frame(request, "my-cases"),
        "crumbs": [Crumb(_("我的业务"), "../"), Crumb(found.number)],
        "case": found,
        "line": case_line(found, owner, today=today),
        "steps": steps_of(found, cases.procedure_of(found)),
        "tracks": tracks_of(found),
        "related": related_to(found, today),
        "reviews": opening.reviews(owner, found),
        "draw": draw_shown(found, acts, reader=owner),
        "story": story_of(
            found,
            _tellable(found, acts),
            names=_names(lines),
            now=now,
            further=[*_ends(found, lines), *raised_past(found, raised, now=now)],
        ),
        "raised": raised_words(found, raised, today=today),
        "clock": clock_of(found, today, folded=folded),
        "clock_why": clock_why(found, limit_of(found)),
        "has_clock": found.clock_from is not None,
        "awaited": next((act for act in own_acts if act.is_awaited), None),
        "aside": [act for act in own_acts if not act.is_awaited],
        "reason": _last_reason(found, acts),
        "jobs": [line for _key, line in lines],
        "documents": sum(line.document is not None for _key, line in lines),
        "outcomes": outcomes_of(found.id),
        "is_general": cases.procedure_of(found).is_general,
        "is_public": cases.procedure_of(found).is_public,
        "answers": _details(found),
        "handed": handed_in(found, acts, reader=owner, address="my-case-file"),
        "faults": faults(error) if isinstance(error, InputError) else [],
        "problem": None if isinstance(error, InputError) else error,
    }
    return render(request, "portal/my_case.html", context, status=_status(error))


def _status(error: PlumblineError | None) -> int:
    return status_of(error) if error else 200


def _own_acts(found: CaseFacts, owner: Actor, *, tried: tuple[str, Filled] | None) -> list[OwnAct]:
    return [
        OwnAct(
            name=act.name,
            label=named(act),
            fields=_fields(act, found, owner=owner, tried=tried[1] if tried and tried[0] == act.name else None),
            is_awaited=each.is_awaited,
            request_id=new_request_id(),
        )
        for each in cases.possible_acts(found, owner)
        if not (act := each.act).per_job
    ]


def _fields(act: Act, found: CaseFacts, *, owner: Actor, tried: Filled | None) -> list[FormField]:
    """Return the fields of an act; an act that amends the application begins with what it says now."""
    if not act.amends:
        return form_fields(act, tried, actor=owner)
    if cases.procedure_of(found).is_general:
        filled = replace(tried or Filled(found.details), remarks=remarks_on(cases.story(found.id)))
        return form_fields(act, filled, actor=owner)
    site_id = UUID(str(found.details["site"]))
    members = registers.instruments(InstrumentFilter(owner_id=found.owner_id, site_id=site_id), limit=MOST_MEMBERS)
    choices = {
        "site": [Option(str(site_id), found.title)],
        "instruments": [
            Option(str(each.id), each.place or each.identity, hint=f"{each.model} {each.serial} · {each.identity}")
            for each in members.instruments
            if each.is_in_use
        ],
    }
    return form_fields(act, tried or Filled(found.details), choices=choices)


def _jobs(found: CaseFacts) -> list[tuple[UUID, JobLine]]:
    """Return the jobs of the case in their order, by id; three queries whatever their number."""
    jobs = laboratory.jobs_of(found.id)
    instruments = {each.id: each for each in registers.instruments_by_id([job.instrument_id for job in jobs])}
    issued = [job.certificate_id for job in jobs if job.certificate_id]
    documents = certificates.certificates(issued, on=timezone.localdate()) if issued else {}
    return [
        (
            job.id,
            JobLine(
                instruments.get(job.instrument_id), documents.get(job.certificate_id) if job.certificate_id else None
            ),
        )
        for job in jobs
    ]


def _ends(found: CaseFacts, lines: Sequence[tuple[UUID, JobLine]]) -> list[Past]:
    """Return what became of the documents; nothing is asked before any was issued."""
    if all(line.document is None for _key, line in lines):
        return []
    return ends_of_documents(certificates.of_case(found.id, on=timezone.localdate()), now=timezone.now())


def _names(lines: Sequence[tuple[UUID, JobLine]]) -> Names:
    named_jobs = {str(key): line.instrument.place or line.instrument.identity for key, line in lines if line.instrument}
    return Names(jobs=named_jobs, is_public=True)


def _tellable(found: CaseFacts, acts: Sequence[ActFacts]) -> list[ActFacts]:
    """Return the acts as the owner may read them: without results that no document says yet."""
    if cases.procedure_of(found).states[found.state].step == "deliver":
        return list(acts)
    return [replace(act, data=_without_results(act.data)) for act in acts]


def _without_results(data: Mapping[str, object]) -> dict[str, object]:
    facts = data.get("facts")
    told = facts.items() if isinstance(facts, Mapping) else ()
    return {**data, "facts": {key: value for key, value in told if key not in TOLD_WHEN_ISSUED}}


def _last_reason(found: CaseFacts, acts: Sequence[ActFacts]) -> str:
    """Return why the case was returned, while it is."""
    form = acts[-1].data.get("form", {})
    needs = cases.procedure_of(found).act_done(acts[-1].name).needs_reason
    return str(form.get("reason", "")) if needs and isinstance(form, Mapping) else ""


def _details(found: CaseFacts) -> list[Answered]:
    """Return what was applied for, in the words of the form; lists are shown as the instruments beside it."""
    procedure = cases.procedure_of(found)
    act = procedure.opening_acts[0]
    shown = {each.key for each in act.form if procedure.is_general or not (each.many or each.choices_from)}
    said = {key: value for key, value in found.details.items() if key in shown}
    return answers_of(act, said, number=found.number, address="my-case-file")
