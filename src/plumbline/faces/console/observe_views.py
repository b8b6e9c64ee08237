"""Observation entry: the page of one instrument, its draft with live results, and handing the record in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.laboratory import actions as laboratory_actions
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.laboratory.types import DraftFacts, Measurement
from plumbline.domain.procedures import verification
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import InputErrors, PlumblineError, StateError, Term, say
from plumbline.faces.console import case_data, observe_page
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.observe_form import (
    Sheet,
    draft_content,
    known_choices,
    read_sheet,
    typed_of_draft,
    typed_of_post,
    with_known,
)
from plumbline.faces.console.observe_page import Judged
from plumbline.faces.console.shell import Place, is_shown_in_page, officer, page, see_other
from plumbline.faces.kit import formats
from plumbline.faces.kit.acting import act_request, counted, new_request_id, status_of
from plumbline.faces.kit.evaluation_view import regulation_whys, verdict_word
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook.procedures import Act

ACT = "record"


@dataclass(frozen=True)
class Desk:
    """The instrument at hand with its case and what is kept of its sheet."""

    data: CaseData
    job: Job
    act: Act
    draft: DraftFacts

    @property
    def following(self) -> Job | None:
        """The next instrument without a record, in the order of the case, beginning after this one."""
        left = [each for each in self.data.jobs if each.record is None and each.position != self.job.position]
        return next((each for each in left if each.position > self.job.position), left[0] if left else None)


@officer
def observe(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:
    """Show the sheet of an instrument; a POST hands it in (`do=record`), or keeps it and shows it again (`do=keep`)."""
    today, now = timezone.localdate(), timezone.now()
    data = case_data.load(number, on=today)
    job = data.job_at(position)
    if job.record is not None and request.method != "POST":
        return see_other(reverse("console:record", args=[number, position]))
    if request.method == "POST" and job.record is not None:
        return _done_before(request, actor, data=data, job=job, at=now)
    desk = _desk(data, job, actor=actor)
    if request.method != "POST":
        return _show(
            request, actor, desk=desk, sheet=_sheet(desk, typed_of_draft(desk.draft.content), today=today), error=None
        )
    sheet = _sheet(desk, _typed(request, desk), today=today)
    try:
        with transaction.atomic():
            return _handed_in(request, actor, desk=desk, sheet=sheet, at=now)
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return _show(request, actor, desk=desk, sheet=sheet, error=error)


@officer
def draft(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:
    """Keep what is typed and answer with the live results, as grid.js asks: fragments, saved_at, version, say."""
    if request.method != "POST":
        return see_other(reverse("console:observe", args=[number, position]))
    today, now = timezone.localdate(), timezone.now()
    data = case_data.load(number, on=today)
    try:
        desk = _desk(data, data.job_at(position), actor=actor)
        sheet = _sheet(desk, _typed(request, desk), today=today)
        kept = _keep(request, actor, desk=desk, sheet=sheet, at=now)
    except PlumblineError as error:
        return JsonResponse({"say": text_of(error.what)}, status=status_of(error))
    judged = observe_page.judge(sheet)
    pieces = observe_page.fragments(data, desk.job, sheet=sheet, judged=judged, following=desk.following)
    pieces["edition"] = _edition_piece(request, sheet)
    saved = {"fragments": pieces, "saved_at": formats.saved_time(kept.saved_at), "version": str(kept.version)}
    return JsonResponse({**saved, "say": text_of(sheet.date_error) if sheet.date_error else ""})


def _done_before(request: HttpRequest, actor: Actor, *, data: CaseData, job: Job, at: datetime) -> HttpResponse:
    """Answer a sheet whose record is in: with the case for a double click. Raises: StateError for any other sheet."""
    typed = {**typed_of_draft(laboratory.draft(job.facts.id).content), **typed_of_post(request.POST)}
    sheet = _filled(data, job, typed=typed, today=timezone.localdate(at))
    asked = act_request(request.POST, ACT, form={})
    verification.record(actor, job.facts.id, measurement=_measurement(sheet), request=asked, at=at)
    return see_other(reverse("console:case", args=[data.case.number]))


def _desk(data: CaseData, job: Job, *, actor: Actor) -> Desk:
    """Return the desk. Raises: StateError unless recording is awaited of this actor now."""
    act = next((each.act for each in cases.possible_acts(data.case, actor) if each.act.name == ACT), None)
    if act is None:
        state = data.procedure.states[data.case.state]
        raise StateError(
            say("业务 {number} 现在是“{state}”，不由您录入", number=data.case.number, state=Term(state.zh, state.en)),
            remedy=say("到业务页看下一步由谁办"),
        )
    return Desk(data, job, act, laboratory.draft(job.facts.id))


def _typed(request: HttpRequest, desk: Desk) -> dict[str, str]:
    """Return what is typed now, over what the draft keeps for a form of another edition (names with a point)."""
    kept = {name: text for name, text in typed_of_draft(desk.draft.content).items() if "." in name}
    return {**kept, **typed_of_post(request.POST)}


def _sheet(desk: Desk, typed: dict[str, str], *, today: date) -> Sheet:
    return _filled(desk.data, desk.job, typed=typed, today=today)


def _filled(data: CaseData, job: Job, *, typed: dict[str, str], today: date) -> Sheet:
    """Return the sheet of what is typed, with what the registers know where nothing is."""
    sheet = read_sheet(typed, job.instrument, body_id=data.case.body_id, today=today)
    filled = with_known(typed, sheet, instrument=job.instrument, place=_known_place(data))
    return Sheet(filled, sheet.performed_on, sheet.regulation, sheet.standards, sheet.date_error)


def _known_place(data: CaseData) -> str:
    """Return the place the register knows: the address of the site, or the institution for what was sent in."""
    if data.case.details.get("place") == "sent_in":
        return data.case.body_name
    site_id = data.jobs[0].instrument.site_id if data.jobs else None
    if site_id is None:
        return data.case.title
    site = registers.site(site_id)
    return " ".join(part for part in (site.name_zh, site.address_zh) if part)


def _keep(request: HttpRequest, actor: Actor, *, desk: Desk, sheet: Sheet, at: datetime) -> DraftFacts:
    version = counted(request.POST.get("draft_version", ""))
    seen = desk.draft.version if version is None else version
    return laboratory_actions.save_draft(actor, desk.job.facts.id, content=draft_content(sheet), seen=seen, at=at)


def _handed_in(request: HttpRequest, actor: Actor, *, desk: Desk, sheet: Sheet, at: datetime) -> HttpResponse:
    here = reverse("console:observe", args=[desk.data.case.number, desk.job.position])
    if request.POST.get("do") == "keep":
        _keep(request, actor, desk=desk, sheet=sheet, at=at)
        messages.success(request, _("已存草稿，按 {rule} 换好了表").format(rule=sheet.regulation.title))
        return see_other(here)
    if sheet.date_error is not None:
        raise sheet.date_error
    require_seen({name: text for name, text in sheet.typed.items() if name in {"remarks", "place"}})
    asked = act_request(request.POST, ACT, form={})
    posted = request.POST.copy()
    posted["seen"] = str(_seen(desk.data, asked.seen, actor=actor))
    asked_for = act_request(posted, ACT, form={})
    verification.record(actor, desk.job.facts.id, measurement=_measurement(sheet), request=asked_for, at=at)
    return _go_on(request, desk, judged=observe_page.judge(sheet))


def _measurement(sheet: Sheet) -> Measurement:
    """Return what the sheet hands in."""
    standards = (sheet.standard.id,) if sheet.standard else ()
    return Measurement(sheet.observations, standards, sheet.performed_on, sheet.typed.get("place", "").strip())


def _seen(data: CaseData, seen: int, *, actor: Actor) -> int:
    """Return the place in the story the actor may act on: records handed in since the page was opened are their own."""
    since = [act for act in data.story if act.sequence > seen]
    is_own = all(act.name == ACT and act.person_id == actor.person_id for act in since)
    return data.case.sequence if is_own else seen


def _go_on(request: HttpRequest, desk: Desk, *, judged: Judged) -> HttpResponse:
    word = verdict_word(judged.evaluation.verdict)
    number = desk.data.case.number
    if desk.following is None:
        messages.success(
            request, _("已提交 {job} 的原始记录：{word}。全部录完，等核验").format(job=desk.job.label, word=word)
        )
        return see_other(reverse("console:case", args=[number]))
    messages.success(request, _("已提交 {job} 的原始记录：{word}").format(job=desk.job.label, word=word))
    return see_other(reverse("console:observe", args=[number, desk.following.position]))


def _edition_piece(request: HttpRequest, sheet: Sheet) -> str:
    """Return the line under the day: which edition judges; with a button where the page shows another one's form."""
    words = escape(observe_page.edition_words(sheet))
    if request.POST.get("edition", sheet.regulation.id) == sheet.regulation.id:
        return f"<p class='t13 s2'>{words}</p>"
    button = escape(_("换成 {rule} 的表").format(rule=sheet.regulation.title))
    return (
        f"<div class='rulebanner' role='status'><span>{words} "
        f"<button class='btn' type='submit' name='do' value='keep' formnovalidate>{button}</button></span></div>"
    )


def _show(
    request: HttpRequest, actor: Actor, *, desk: Desk, sheet: Sheet, error: PlumblineError | None
) -> HttpResponse:
    judged = observe_page.judge(sheet)
    found, job = desk.data.case, desk.job
    told = error or sheet.date_error
    errors = observe_page.errors_of(told, judged)
    known = known_choices(job.instrument, sheet.regulation)
    context = {
        "case": found,
        "job": job,
        "sheet": sheet,
        "faults": observe_page.faults_on_page(told, sheet, judged=judged) if told else [],
        "problem": error if isinstance(error, StateError) and not isinstance(error, InputErrors) else None,
        "nozzles": observe_page.nozzles_of(desk.data, job),
        "sent_back": desk.data.sent_back,
        "done": sum(each.record is not None for each in desk.data.jobs),
        "total": len(desk.data.jobs),
        "verdict": observe_page.verdict_of(job, judged),
        "edition": observe_page.edition_words(sheet),
        "edition_why": regulation_whys(sheet.regulation),
        "environment": observe_page.environment_fields(sheet, errors),
        "choices": observe_page.choice_fields(sheet, errors, known=known),
        "standard": observe_page.standard_field(sheet, errors),
        "checks": observe_page.check_fields(sheet),
        "grid": observe_page.grid_of(sheet, judged, errors=errors),
        "chart": observe_page.chart_of(desk.data, job, sheet=sheet, judged=judged),
        "missing": observe_page.missing_words(judged),
        "go": observe_page.submit_words(judged, desk.following),
        "date_fault": errors.get("performed_on"),
        "place_fault": errors.get("place"),
        "remarks_fault": errors.get("remarks"),
        "request_id": new_request_id(),
        "saved": formats.saved_time(desk.draft.saved_at) if desk.draft.saved_at else "",
        "version": desk.draft.version,
        "today": timezone.localdate(),
        "actor_id": actor.person_id,
    }
    crumbs = [
        Crumb(_("业务"), reverse("console:cases")),
        Crumb(found.number, reverse("console:case", args=[found.number])),
        Crumb(job.label),
    ]
    return page(
        request, "observe", context=context, place=Place("cases", crumbs), status=status_of(error) if error else 200
    )
