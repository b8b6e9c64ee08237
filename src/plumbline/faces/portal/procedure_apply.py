"""The application for a procedure that its file alone runs: fill it in, look it over, send it.

The draft belongs to the person and outlives the session; the key of the request is made with it, so that a double click
opens one case. What is sent is the draft that was looked over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.drafts import actions as draft_actions
from plumbline.domain.drafts import queries as drafts
from plumbline.domain.procedures import actions
from plumbline.domain.procedures import queries as opening
from plumbline.errors import InputError, PlumblineError, RuleError, StateError
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import Filled, FormField, faults, form_fields, read_posted
from plumbline.faces.kit.acting import actor_of, new_request_id, request_key, status_of
from plumbline.faces.kit.answers import answers_of
from plumbline.faces.kit.attached import require_whole
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.faces.portal.frame import frame
from plumbline.faces.portal.procedures import limit_of, said_words
from plumbline.rulebook.procedures import Act, Procedure

ROW, SAVE, SUBMIT = "row", "save", "submit"
FORM_MOST = 40


@dataclass(frozen=True)
class Draft:
    """What was filled in so far, the key of the request it will become, and when it was kept (empty: not yet)."""

    values: Mapping[str, object] = field(default_factory=dict)
    request_id: str = ""
    saved_at: str = ""

    @property
    def digest(self) -> str:
        """The hash of what it says, so that no other is sent than the one that was shown."""
        return hashlib.sha256(json.dumps(self.values, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Part:
    """A section of the form with its fields."""

    title: str
    fields: Sequence[FormField]


def apply(request: HttpRequest, name: str) -> HttpResponse:
    """Show the application with its draft; a POST keeps the draft, and without a step leads to looking it over."""
    actor, found = actor_of(request), opening.procedure(name)
    act = opening.require_opening(actor, found)
    if request.method != "POST":
        draft = _kept(actor, found) or Draft(_known(actor, act), new_request_id())
        draft = replace(draft, values={**draft.values, **_about(act, request.GET.get("about", ""))})
        return _page(request, actor, found=found, draft=draft)
    draft = _keep(request, actor, found=found, at=timezone.now())
    try:
        require_whole(request)
        if request.POST.get("step") in {ROW, SAVE}:
            if request.POST["step"] == SAVE:
                messages.success(request, _("草稿已存，可以离开，回来接着填"))
            return redirect("procedure-apply", name)
        opening.preview(actor, found, form=draft.values, at=timezone.now())
    except (InputError, RuleError, StateError) as error:
        return _page(request, actor, found=found, draft=draft, error=error)
    return redirect("procedure-check", name)


def look_over(request: HttpRequest, name: str) -> HttpResponse:
    """Show what would be sent and to whom; a POST sends it."""
    actor, found = actor_of(request), opening.procedure(name)
    draft = _kept(actor, found)
    if request.method == "POST":
        return _submit(request, actor, found=found, draft=draft)
    if draft is None:
        return redirect("procedure-apply", name)
    try:
        preview = opening.preview(actor, found, form=draft.values, at=timezone.now())
    except (InputError, RuleError, StateError) as error:
        return _page(request, actor, found=found, draft=draft, error=error)
    context = {
        **frame(request, "portal-home"),
        "procedure": found,
        "name": named(found),
        "organisation": directory.organisation(actor.organisation_id),
        "preview": preview,
        "answers": answers_of(opening.require_opening(actor, found), preview.form),
        "limits": [limit_of(each) for each in found.clocks.values()],
        "fee": said_words(found.fee),
        "request_id": draft.request_id,
        "digest": draft.digest,
    }
    return render(request, "portal/procedure_check.html", context)


def keep_draft(request: HttpRequest, name: str) -> HttpResponse:
    """Keep what is typed, for the script that sends it while somebody types."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now = timezone.now()
    _keep(request, actor_of(request), found=opening.procedure(name), at=now)
    return JsonResponse({"saved_at": formats.saved_time(now)})


def _submit(request: HttpRequest, actor: Actor, *, found: Procedure, draft: Draft | None) -> HttpResponse:
    """Send the draft that was looked over. The request of a draft already sent is answered with its case."""
    key = request_key(request.POST)
    asked = (request.POST.get("request_id"), request.POST.get("seen"))
    is_same = draft is not None and (draft.request_id, draft.digest) == asked
    if not is_same and (case_id := opening.applied(actor, key)):
        return _sent(request, actor, case=cases.case(case_id))  # clicked twice: the draft went with the first
    if draft is None or not is_same:
        messages.warning(request, _("申请在别处改过，没有提交；再看一遍"))
        return redirect("procedure-check", found.id)
    try:
        wanted = ActRequest("", draft.values, seen=0, request_id=key)
        case = actions.apply(actor, found, request=wanted, at=timezone.now())
    except (InputError, RuleError, StateError) as error:
        return _page(request, actor, found=found, draft=draft, error=error)
    draft_actions.forget(actor, _form_name(found))
    return _sent(request, actor, case=case)


def _sent(request: HttpRequest, actor: Actor, *, case: CaseFacts) -> HttpResponse:
    body = formats.either(case.body_name, case.body_name_en)
    messages.success(request, _("已提交：业务 {number}，交给{body}").format(number=case.number, body=body))
    return redirect("console:case" if is_staff(actor) else "my-case", case.number)


def _page(
    request: HttpRequest, actor: Actor, *, found: Procedure, draft: Draft, error: PlumblineError | None = None
) -> HttpResponse:
    context = {
        **frame(request, "portal-home"),
        "crumbs": [
            Crumb(_("办事"), reverse("procedures")),
            Crumb(named(found), reverse("procedure", args=[found.id])),
            Crumb(_("申请")),
        ],
        "procedure": found,
        "name": named(found),
        "parts": _parts(actor, found, draft=draft, error=error),
        "organisation": directory.organisation(actor.organisation_id),
        "limits": [limit_of(each) for each in found.clocks.values()],
        "fee": said_words(found.fee),
        "draft": draft,
        "faults": faults(error) if isinstance(error, InputError) else [],
        "problem": None if isinstance(error, InputError) else error,
        "actor_id": actor.person_id,
    }
    return render(request, "portal/procedure_apply.html", context, status=status_of(error) if error else 200)


def _parts(actor: Actor, found: Procedure, *, draft: Draft, error: PlumblineError | None) -> list[Part]:
    """Return the sections of the form; where the applicant chooses who decides, that stands first."""
    act = opening.require_opening(actor, found)
    fields = {each.name: each for each in form_fields(act, Filled(draft.values, error), actor=actor)}
    keys = {each.key: each.section for each in act.form}
    parts = [
        Part(named(section), [fields[key] for key, of in keys.items() if of == section.key]) for section in act.sections
    ]
    rest = [fields[key] for key, of in keys.items() if not of]
    chosen = [Part(_("办理单位"), [_body_field(actor, found, draft=draft, error=error)])] if _chooses(found) else []
    return [*chosen, *([Part(_("申请内容"), rest)] if rest else []), *parts]


def _chooses(found: Procedure) -> bool:
    return found.body is not None and found.body.is_chosen


def _body_field(actor: Actor, found: Procedure, *, draft: Draft, error: PlumblineError | None) -> FormField:
    held = str(draft.values.get(opening.BODY, ""))
    options = [
        Option(str(each.id), formats.either(each.name_zh, each.name_en), is_selected=str(each.id) == held)
        for each in opening.bodies(actor, found, at=timezone.now())
    ]
    said = next((one.what for one in (error.faults if error else ()) if one.field == opening.BODY), None)
    return FormField(opening.BODY, "choice", _("向谁申请"), is_required=True, value=held, options=options, error=said)


def _known(actor: Actor, act: Act) -> dict[str, object]:
    """Return what the platform knows and the form need not ask again."""
    own = directory.organisation(actor.organisation_id)
    known = {
        "actor.name": actor.name,
        "applicant.phone": own.phone,
        "applicant.name_zh": own.name_zh,
        "applicant.address_zh": own.address_zh,
        "applicant.uscc": own.uscc,
    }
    return {each.key: known[each.known] for each in act.form if known.get(each.known)}


def _about(act: Act, number: str) -> dict[str, object]:
    """Return the number of the case it is about, where the applicant comes from there."""
    return {each.key: number for each in act.form if each.type == "case" and number}


# ---------------------------------------------------------------- the draft


def _form_name(found: Procedure) -> str:
    return f"apply.{found.id}"[:FORM_MOST]


def _kept(actor: Actor, found: Procedure) -> Draft | None:
    held = drafts.draft(actor, _form_name(found))
    if held is None:
        return None
    values = held.content["values"]
    saved_at = formats.saved_time(held.saved_at)
    return Draft(values if isinstance(values, dict) else {}, str(held.content["request_id"]), saved_at)


def _keep(request: HttpRequest, actor: Actor, *, found: Procedure, at: datetime) -> Draft:
    """Keep what was posted as the draft and return it."""
    values = read_posted(opening.require_opening(actor, found), request.POST, uploads=request.FILES, actor=actor)
    if _chooses(found):
        values[opening.BODY] = request.POST.get(opening.BODY, "")
    key = request_key(request.POST)
    key_text = new_request_id() if opening.applied(actor, key) else str(key)
    draft = Draft(values, key_text, formats.saved_time(at))
    content = {"values": dict(draft.values), "request_id": draft.request_id}
    draft_actions.keep(actor, _form_name(found), content=content, at=at)
    return draft
