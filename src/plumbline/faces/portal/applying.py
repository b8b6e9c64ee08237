"""The application for verification: choose a site and its instruments, say where and when, look it over, submit.

The form is that of the rulebook's opening act. The draft belongs to the person and outlives the session, so that
leaving is safe; the key of the request is made with it, so that a double click or the back button opens one case only.
What is sent is the draft that was looked over: one that changed since in another window is shown again first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.drafts import actions as draft_actions
from plumbline.domain.drafts import queries as drafts
from plumbline.domain.procedures import verification
from plumbline.errors import InputError, InputErrors, PlumblineError, RuleError, StateError
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import Filled, faults, read_posted
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.portal.application import Application, application, opening_act, said
from plumbline.faces.portal.fleet import Fleet, fleet_of
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.faces.portal.plausible import implausible

FORM = "apply"
ACT = "submit"
STEPS = frozenset({"site", "save", "all", "none"})
"""What the buttons besides the one that submits do: show another site, keep the draft, choose all or none."""


@dataclass(frozen=True)
class Draft:
    """What was filled in so far, the key of the request it will become, and when it was kept (empty: not yet)."""

    values: Mapping[str, object] = field(default_factory=dict)
    request_id: str = ""
    saved_at: str = ""


def apply(request: HttpRequest) -> HttpResponse:
    """Show the application with its draft; a POST keeps the draft, and without a step leads to looking it over."""
    owner = owner_of(request)
    if request.method != "POST":
        return _page(request, owner, draft=_started(request, owner))
    draft = _keep(request, owner, at=timezone.now())
    step = request.POST.get("step", "")
    if step in STEPS:
        _take_step(request, owner, step=step, draft=draft)
        return redirect("apply")
    return _looked_over(request, owner, draft=draft, then=redirect("apply-check"))


def look_over(request: HttpRequest) -> HttpResponse:
    """Show what would be sent, to whom, and what is known of time and fee; a POST sends it."""
    owner = owner_of(request)
    draft = _kept(owner)
    if request.method == "POST":
        return _submit(request, owner, draft=draft)
    return _looked_over(request, owner, draft=draft) if draft else redirect("apply")


def _looked_over(request: HttpRequest, owner: Actor, *, draft: Draft, then: HttpResponse | None = None) -> HttpResponse:
    """Return the page of a draft that could be sent (or go on to `then`), else the form with what is wrong."""
    now = timezone.now()
    try:
        preview = _preview(owner, draft, at=now)
    except (InputError, RuleError, StateError) as error:
        return _page(request, owner, draft=draft, error=error)
    if then is not None:
        return then
    fleet = fleet_of(owner.organisation_id, today=timezone.localdate())
    context = {
        **frame(request, "portal-home"),
        "app": application(Filled(draft.values), fleet, today=timezone.localdate()),
        "organisation": directory.organisation(owner.organisation_id),
        "body": directory.organisation(preview.body_id),
        "instruments": preview.instruments,
        "details": said(preview.form),
        "request_id": draft.request_id,
        "digest": _digest(draft),
    }
    return render(request, "portal/apply_check.html", context)


def _preview(owner: Actor, draft: Draft, *, at: datetime) -> verification.Preview:
    """Return what would be sent. Raises: the errors of the procedure, with what is implausible beside its field."""
    odd = implausible(draft.values, today=timezone.localdate())
    try:
        preview = verification.preview(owner, form=draft.values, at=at)
    except InputError as error:
        known = error.errors if isinstance(error, InputErrors) else [error]
        raise InputErrors([*known, *odd]) from error
    if odd:
        raise InputErrors(odd)
    return preview


def _submit(request: HttpRequest, owner: Actor, *, draft: Draft | None) -> HttpResponse:
    """Send the draft that was looked over. The request of a draft already sent is answered with its case."""
    posted = request.POST
    is_same = draft is not None and (draft.request_id, _digest(draft)) == (posted.get("request_id"), posted.get("seen"))
    values = draft.values if draft is not None and is_same else {}
    try:
        key = request_key(posted)
    except InputError as error:
        return _page(request, owner, draft=draft or _started(request, owner), error=error)
    if not is_same and (case_id := verification.applied(owner, key)):
        return _sent(request, cases.case(case_id))  # clicked twice: the draft went with the first
    try:
        asked = ActRequest(ACT, values, seen=0, request_id=key)
        case = verification.apply(owner, request=asked, at=timezone.now())
    except (InputError, RuleError, StateError) as error:
        if is_same or draft is None:
            return _page(request, owner, draft=draft or _started(request, owner), error=error)
        messages.warning(request, _("申请在别处改过，没有提交；再看一遍"))
        return redirect("apply-check")
    if is_same:
        draft_actions.forget(owner, FORM)
    return _sent(request, case)


def _sent(request: HttpRequest, case: CaseFacts) -> HttpResponse:
    messages.success(
        request,
        _("已提交：业务 {number}，交给{body}").format(
            number=case.number, body=formats.either(case.body_name, case.body_name_en)
        ),
    )
    return redirect("my-case", case.number)


def _digest(draft: Draft) -> str:
    """Return the hash of what a draft says, so that no other is sent than the one that was shown."""
    return hashlib.sha256(json.dumps(draft.values, sort_keys=True).encode()).hexdigest()


def keep_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed, for the script that sends it while somebody types."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    owner = owner_of(request)
    now = timezone.now()
    _keep(request, owner, at=now)
    return JsonResponse({"saved_at": formats.saved_time(now)})


def _page(request: HttpRequest, owner: Actor, *, draft: Draft, error: PlumblineError | None = None) -> HttpResponse:
    today = timezone.localdate()
    fleet = fleet_of(owner.organisation_id, today=today)
    shown: Application = application(Filled(draft.values, error), fleet, today=today)
    context = {
        **frame(request, "portal-home"),
        "app": shown,
        "organisation": directory.organisation(owner.organisation_id),
        "draft": draft,
        "faults": faults(error) if isinstance(error, InputError) else [],
        "problem": None if isinstance(error, InputError) else error,
        "request_id": draft.request_id,
        "actor_id": owner.person_id,
    }
    return render(request, "portal/apply.html", context, status=status_of(error) if error else 200)


# ---------------------------------------------------------------- the draft


def _kept(owner: Actor) -> Draft | None:
    found = drafts.draft(owner, FORM)
    if found is None:
        return None
    values, request_id = found.content["values"], str(found.content["request_id"])
    return Draft(values if isinstance(values, dict) else {}, request_id, formats.saved_time(found.saved_at))


def _keep(request: HttpRequest, owner: Actor, *, at: datetime) -> Draft:
    """Keep what was posted as the draft and return it; a changed site drops instruments of the other one."""
    before = _kept(owner)
    values = read_posted(opening_act(), request.POST)
    if before and before.values.get("site") and before.values.get("site") != values["site"]:
        values["instruments"] = []
    draft = Draft(values, _key_of(request, owner, before=before), formats.saved_time(at))
    _store(owner, draft, at=at)
    return draft


def _key_of(request: HttpRequest, owner: Actor, *, before: Draft | None) -> str:
    """Return the key of the page, a new one where an application has been sent with it: gone back to, it is another."""
    if not request.POST.get("request_id"):
        return before.request_id if before else new_request_id()
    key = request_key(request.POST)
    return new_request_id() if verification.applied(owner, key) else str(key)


def _store(owner: Actor, draft: Draft, *, at: datetime) -> None:
    content = {"values": dict(draft.values), "request_id": draft.request_id}
    draft_actions.keep(owner, FORM, content=content, at=at)


def _take_step(request: HttpRequest, owner: Actor, *, step: str, draft: Draft) -> None:
    if step == "save":
        messages.success(request, _("草稿已存，可以离开，回来接着填"))
    if step in {"all", "none"}:
        fleet = fleet_of(owner.organisation_id, today=timezone.localdate())
        members = [each for each in fleet.members if str(each.instrument.site_id) == draft.values.get("site")]
        chosen = [str(each.instrument.id) for each in members if each.is_free] if step == "all" else []
        _store(owner, replace(draft, values={**draft.values, "instruments": chosen}), at=timezone.now())


def _started(request: HttpRequest, owner: Actor) -> Draft:
    """Return the draft that was kept, else one with what is known; a link may name the site and instruments."""
    kept = _kept(owner)
    draft = kept or Draft(_known(owner), new_request_id())
    if not request.GET.get("site"):
        return draft
    fleet = fleet_of(owner.organisation_id, today=timezone.localdate())
    return Draft({**draft.values, **_linked(request.GET, fleet)}, draft.request_id, draft.saved_at)


def _known(owner: Actor) -> dict[str, object]:
    organisation = directory.organisation(owner.organisation_id)
    return {"contact_name": owner.name, "contact_phone": organisation.phone, "place": "on_site"}


def _linked(wanted: QueryDict, fleet: Fleet) -> dict[str, object]:
    """Return the site of the link and the instruments it means: one, or all that should be verified."""
    members = [each for each in fleet.members if str(each.instrument.site_id) == wanted["site"]]
    if wanted.get("want") == "due":
        chosen = [str(each.instrument.id) for each in members if each.can_be_booked]
    else:
        chosen = [str(each.instrument.id) for each in members if str(each.instrument.id) == wanted.get("one")]
    return {"site": wanted["site"], "instruments": chosen} if members else {}
