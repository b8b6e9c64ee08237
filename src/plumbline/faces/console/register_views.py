"""The page of a register form: the first questions, then the form; a POST does it once, however often it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbline.domain.accounts.types import Actor
from plumbline.errors import AccessError, Hidden, PlumblineError, say
from plumbline.faces.console.register_entries import FORMS
from plumbline.faces.console.register_form import Done, Field, Given, RegisterForm, label_of, options_of, read, shown
from plumbline.faces.console.shell import Place, faults_of, officer, page, require_right, see_other
from plumbline.faces.kit import once
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of


@dataclass(frozen=True)
class Filled:
    """A form with what was typed, and why it was refused, if it was."""

    form: RegisterForm
    typed: dict[str, str]
    error: PlumblineError | None = None


@never_cache
@sensitive_post_parameters()
@officer
def register(request: HttpRequest, actor: Actor, *, name: str) -> HttpResponse:
    """Show a form, or do what it says. GET: the first questions, by their names."""
    if name not in FORMS:
        raise Hidden(say("没有这张登记表"), remedy=say("从单位、计量标准或账号的页面进入"))
    form = FORMS[name]
    require_right(actor, form.right)
    typed = _with_only_choices(form, actor, given=request.POST if request.method == "POST" else request.GET)
    filled = Filled(form, typed)
    try:
        if form.first and not all(typed.get(field.name) for field in form.first):
            return _ask_first(request, actor, filled=filled)
        read(form.first, actor, typed=typed)
    except PlumblineError as error:
        return _ask_first(request, actor, filled=replace(filled, error=error))
    if request.method != "POST":
        return _show(request, actor, filled=filled)
    try:
        with transaction.atomic():
            given = read(form.all_fields(actor, typed), actor, typed=typed)
            done = _done_once(request, actor, form=form, given=given)
    except PlumblineError as error:
        if isinstance(error, AccessError):
            raise
        return _show(request, actor, filled=replace(filled, error=error))
    if done.secret:
        return _show_secret(request, form, done=done)
    messages.success(request, text_of(done.told))
    return see_other(done.url)


def _with_only_choices(form: RegisterForm, actor: Actor, *, given: QueryDict) -> dict[str, str]:
    """Return what was typed; a first question that has one answer only is not asked."""
    typed = {name: given.get(name, "") for name in given}
    for field in form.first:
        options = options_of(field, actor, typed=typed)
        if len(options) == 1 and not typed.get(field.name):
            typed[field.name] = options[0].value
    return typed


def _done_once(request: HttpRequest, actor: Actor, *, form: RegisterForm, given: Given) -> Done:
    """Do the act under the key of the request. Raises: StateError if that key has already done another one."""
    sent, at = once.Sent(request_key(request.POST), form.name, dict(given.texts)), timezone.now()
    if once.made_before(actor, sent) is None:
        done = form.act(actor, given, at=at)
        once.keep(actor, sent, at=at)
        return done
    return Done(say("这一页已经办成，没有再办一次"), reverse(f"console:{form.line}"))


def _ask_first(request: HttpRequest, actor: Actor, *, filled: Filled) -> HttpResponse:
    fields = shown(filled.form.first, actor, typed=filled.typed, error=filled.error)
    return _page(request, filled, context={"fields": fields, "asks_first": True}, asked=filled.form.first)


def _show(request: HttpRequest, actor: Actor, *, filled: Filled) -> HttpResponse:
    form, typed = filled.form, filled.typed
    fields = form.all_fields(actor, typed)[len(form.first) :]
    known = [
        (field.name, text_of(field.label), typed[field.name], label_of(field, actor, typed=typed))
        for field in form.first
    ]
    context = {
        "fields": shown(fields, actor, typed=typed, error=filled.error),
        "known": known,
        "again_url": request.path if form.first else "",
        "request_id": new_request_id(),
    }
    return _page(request, filled, context=context, asked=fields)


def _page(request: HttpRequest, filled: Filled, *, context: dict[str, object], asked: Sequence[Field]) -> HttpResponse:
    form, error = filled.form, filled.error
    shared = {"form": form, "faults": faults_of(error, {each.name: each.name for each in asked}) if error else []}
    status = status_of(error) if error else 200
    return page(request, "register_form", context={**shared, **context}, place=_place(form), status=status)


def _show_secret(request: HttpRequest, form: RegisterForm, *, done: Done) -> HttpResponse:
    return page(request, "shown_once", context={"done": done, "form": form}, place=_place(form))


def _place(form: RegisterForm) -> Place:
    lines = {"organisations": _("单位名录"), "standards": _("计量标准"), "accounts": _("账号名册")}
    crumbs = [Crumb(lines[form.line], reverse(f"console:{form.line}")), Crumb(text_of(form.button))]
    return Place(form.line, crumbs)
