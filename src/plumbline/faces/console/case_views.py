"""The page of a case: shows it, does the acts of its procedure, issues its certificates one by one or all."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.errors import PlumblineError
from plumbline.faces.console import case_data, case_page
from plumbline.faces.console.act_forms import (
    ActForm,
    Setting,
    Typed,
    do_act,
    faults_of_form,
    form_of,
    left_over,
)
from plumbline.faces.console.case_data import CaseData
from plumbline.faces.console.case_rows import procedure_words
from plumbline.faces.console.issuing import Issuing, issue_jobs, issuing_form
from plumbline.faces.console.shell import Place, is_shown_in_page, officer, page, require_right, see_other
from plumbline.faces.kit.act_form import read_posted
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.answers import handed_in
from plumbline.faces.kit.attached import require_whole
from plumbline.faces.kit.case_parts import related_to, tracks_of
from plumbline.faces.kit.case_story import (
    clock_of,
    clock_why,
    ends_of_documents,
    limit_of,
    steps_of,
    story_of,
)
from plumbline.faces.kit.draws import draw_shown
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import roles_words
from plumbline.faces.kit.outcomes import outcomes_of
from plumbline.faces.kit.raised import raised_past, raised_words
from plumbline.faces.kit.shapes import Crumb
from plumbline.rulebook.procedures import Act

REVIEWED_FIRST = frozenset({"review", "approve"})


@officer
def case(request: HttpRequest, actor: Actor, *, number: str) -> HttpResponse:
    """Show a case; a POST does one of its acts and shows the case again, or what stands against it."""
    require_right(actor, "case.read")
    data = case_data.load(number, on=timezone.localdate())
    if request.method != "POST":
        return show(request, actor, data=data)
    return acted(request, actor, data=data, back=reverse("console:case", args=[number]))


def acted(request: HttpRequest, actor: Actor, *, data: CaseData, back: str) -> HttpResponse:
    """Do the posted act and go back; refused, the case is shown again with everything typed and the reason."""
    if request.POST.get("act") == "issue":
        return _issue(request, actor, data=data)
    form: dict[str, object] = {}
    try:
        act = data.procedure.act(request.POST.get("act", ""))
        form = read_posted(act, request.POST, uploads=request.FILES, actor=actor)
        require_whole(request)
        if request.POST.get("step") == "row":
            return show(request, actor, data=data, typed=Typed(request.POST, None, form))
        with transaction.atomic():
            told = do_act(actor, data, posted=request.POST, form=form, at=timezone.now())
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return show(request, actor, data=data, typed=Typed(request.POST, error, form))
    messages.success(request, told)
    return see_other(back)


def _issue(request: HttpRequest, actor: Actor, *, data: CaseData) -> HttpResponse:
    outcome = issue_jobs(actor, data, posted=request.POST, at=timezone.now())
    for told in outcome.told:
        messages.success(request, told)
    if not outcome.refused:
        return see_other(reverse("console:case", args=[data.case.number]))
    after = case_data.load(data.case.number, on=timezone.localdate())
    return show(request, actor, data=after, issuing=outcome)


def show(
    request: HttpRequest, actor: Actor, *, data: CaseData, typed: Typed | None = None, issuing: Issuing | None = None
) -> HttpResponse:
    """Return the page of a case."""
    today, now = timezone.localdate(), timezone.now()
    able = cases.possible_acts(data.case, actor)
    acts = [each.act for each in able]
    setting = Setting(data, actor, today)
    forms = [form_of(act, setting, typed=typed) for act in acts if not act.per_job]
    awaited = next((each.act for each in able if each.is_awaited), None)
    found, raised = data.case, cases.raised(data.case.id)
    results = case_page.results_of(data, may_record=awaited is not None and awaited.name == "record")
    context = {
        "case": found,
        "over": _over(data),
        "phrases": case_page.answer(data),
        "steps": steps_of(found, data.procedure),
        "tracks": tracks_of(found),
        "related": related_to(found, today),
        "draw": draw_shown(found, data.story, reader=actor),
        "next": _next(awaited, forms),
        "next_label": named(awaited) if awaited else "",
        "act_url": reverse("console:case", args=[found.number]),
        "next_words": _next_words(awaited, data),
        "review_url": _review_url(awaited, data),
        "recording": [row for row in results.rows if row.observe_url],
        "issuing": issuing_form(data) if awaited is not None and awaited.name == "issue" else None,
        "refused": issuing.refused if issuing else (),
        "others": [form for form in forms if awaited is None or form.name != awaited.name],
        "results": results,
        "story": story_of(
            found,
            data.story,
            names=data.names,
            now=now,
            further=[*ends_of_documents(data.documents, now=now), *raised_past(found, raised, now=now)],
        ),
        "raised": raised_words(found, raised, today=today),
        "clock": clock_of(found, today, folded=data.folded),
        "clock_why": clock_why(found, limit_of(found)),
        "has_clock": found.clock_from is not None,
        "people": case_page.people_of(data, actor),
        "details": case_page.details_of(data),
        "is_public": data.procedure.is_public,
        "handed": handed_in(found, data.story, reader=actor, address="console:case_file"),
        "has_drafts": any(job.certificate is None for job in data.jobs),
        "documents": case_page.documents_of(data),
        "outcomes": outcomes_of(found.id),
        "standards": case_page.standards_of(data),
        "faults": faults_of_form(typed) if typed else [],
        "left_over": left_over(typed, forms),
        "waits_for": _waits_for(data, awaited),
        "sent_back": data.sent_back,
    }
    crumbs = [Crumb(_("业务"), reverse("console:cases")), Crumb(found.number)]
    status = (
        status_of(typed.error) if typed and typed.error else status_of(issuing.refused[0].error) if issuing else 200
    )
    return page(request, "case", context=context, place=Place("cases", crumbs), status=status)


def _next(awaited: Act | None, forms: list[ActForm]) -> ActForm | None:
    return next((form for form in forms if awaited is not None and form.name == awaited.name), None)


def _review_url(awaited: Act | None, data: CaseData) -> str:
    """Return the first record to look at before an act that answers for all of them: a failed one, else the first."""
    if awaited is None or awaited.name not in REVIEWED_FIRST or not data.jobs:
        return ""
    failed = [job for job in data.jobs if job.evaluation and job.evaluation.verdict == "fail"]
    return reverse("console:record", args=[data.case.number, (failed or list(data.jobs))[0].position])


def _next_words(awaited: Act | None, data: CaseData) -> str:
    if awaited is None:
        return ""
    after = [named(data.procedure.states[state]) for state in awaited.targets]
    return _("办完后业务到“{state}”。").format(state=after[-1])


def _waits_for(data: CaseData, awaited: Act | None) -> str:
    """Return the sentence for a reader who has nothing to do: whose turn it is."""
    if awaited is not None or data.procedure.states[data.case.state].is_end:
        return ""
    roles = data.procedure.waits_for(data.case.states, data.case.details)
    return _("现在等{roles}办理，不用您做什么。").format(roles=roles_words(roles)) if roles else ""


def _over(data: CaseData) -> str:
    return _("业务 {number} · {procedure} · {site}").format(
        number=data.case.number, procedure=procedure_words(data.case), site=data.case.title
    )
