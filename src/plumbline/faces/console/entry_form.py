"""The form of an entry of a simple register: its fields follow from the register's file.

One form registers, changes from a day on, or corrects; what a field may hold the actions say, beside the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import actions
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryDraft, PeriodFacts
from plumbline.errors import AccessError, InputError, PlumblineError, Text, say
from plumbline.faces.console.entry_list import place
from plumbline.faces.console.shell import faults_of, officer, page, require_right, see_other
from plumbline.faces.kit import entries as words
from plumbline.faces.kit import formats, once
from plumbline.faces.kit.act_form import FormField, errors_by_field
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.forms import Field
from plumbline.rulebook.registers import Register

FEW = 4
Write = Callable[[EntryDraft], PeriodFacts]


@dataclass(frozen=True)
class Doing:
    """What a form does: its words, what it begins with, which fields of its own it asks, and the action."""

    register: Register
    name: str
    title: str
    button: str
    asks: tuple[str, ...]
    begins: Mapping[str, str]
    write: Write


@officer
def register(request: HttpRequest, actor: Actor, *, register_id: str) -> HttpResponse:
    """Register an entry."""
    found = _editable(actor, register_id)
    begins = {"valid_from": formats.day(timezone.localdate()), "state": found.opens_in[0]}
    asks = ("state", "valid_from", "valid_to") if len(found.opens_in) > 1 else ("valid_from", "valid_to")

    def write(draft: EntryDraft) -> PeriodFacts:
        return actions.register_entry(actor, found.id, draft=draft, at=timezone.now())

    return _form(request, actor, doing=Doing(found, "new", _("登记一条"), _("登记"), asks, begins, write))


@officer
def change(request: HttpRequest, actor: Actor, *, register_id: str, number: int) -> HttpResponse:
    """Say what holds of an entry from a day on."""
    found = _editable(actor, register_id)
    old = kept.period_on(found.id, number, on=timezone.localdate())
    begins = {**_typed(found, old), "valid_from": formats.day(timezone.localdate())}

    def write(draft: EntryDraft) -> PeriodFacts:
        return actions.change_entry(actor, found.id, number=number, change=draft, at=timezone.now())

    asks = ("valid_from", "reason")
    doing = Doing(found, f"change-{number}", _("从某日起变更"), _("变更"), asks, begins, write)
    return _form(request, actor, doing=doing)


@officer
def correct(request: HttpRequest, actor: Actor, *, register_id: str, number: int, period_id: UUID) -> HttpResponse:
    """Correct what was written wrongly of an entry for a span of days."""
    found = _editable(actor, register_id)
    old = next((each for each in kept.periods(found.id, number) if each.id == period_id), None)
    if old is None:
        raise kept.no_such_entry()
    until = formats.day(old.valid_to) if old.valid_to else ""
    begins = {**_typed(found, old), "valid_from": formats.day(old.valid_from), "valid_to": until, "state": old.state}

    def write(draft: EntryDraft) -> PeriodFacts:
        return actions.correct_entry(actor, found.id, period_id=period_id, correction=draft, at=timezone.now())

    asks = ("valid_from", "valid_to", "reason")
    return _form(request, actor, doing=Doing(found, f"correct-{period_id}", _("更正"), _("更正"), asks, begins, write))


def _editable(actor: Actor, register_id: str) -> Register:
    found = rulebook.by_id(register_id)
    require_right(actor, f"entry.{found.id}.edit")
    return found


def _typed(register: Register, old: PeriodFacts) -> dict[str, str]:
    return {key: kept.entry_text(field, old.values.get(key)) for key, field in register.fields.items()}


def _form(request: HttpRequest, actor: Actor, *, doing: Doing) -> HttpResponse:
    if request.method != "POST":
        return _show(request, actor, doing=doing, typed=doing.begins)
    typed = {name: request.POST.get(name, "") for name in (*doing.register.fields, *doing.asks)}
    try:
        with transaction.atomic():
            told, url = _done_once(request, actor, doing=doing, typed=typed)
    except PlumblineError as error:
        if isinstance(error, AccessError):
            raise
        return _show(request, actor, doing=doing, typed=typed, error=error)
    messages.success(request, told)
    return see_other(url)


def _done_once(request: HttpRequest, actor: Actor, *, doing: Doing, typed: Mapping[str, str]) -> tuple[str, str]:
    """Write under the key of the request. Raises: StateError if that key has already done another thing."""
    sent = once.Sent(request_key(request.POST), f"{doing.register.id}.{doing.name}", dict(typed))
    if once.made_before(actor, sent) is not None:
        return _("这一页已经办成，没有再办一次"), reverse("console:entries", args=[doing.register.id])
    written = doing.write(_draft(typed))
    once.keep(actor, sent, at=timezone.now())
    url = reverse("console:entry", args=[doing.register.id, written.number])
    return _("已写入“{title}”").format(title=written.title), url


def _draft(typed: Mapping[str, str]) -> EntryDraft:
    since, until = _day(typed, "valid_from"), _day(typed, "valid_to")
    if since is None:
        raise InputError(say("起始日期没有填写"), remedy=say("填写这一项"), field="valid_from")
    return EntryDraft(typed, since, until, typed.get("state", ""), typed.get("reason", ""))


def _day(typed: Mapping[str, str], name: str) -> date | None:
    text = typed.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as err:
        raise InputError(
            say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field=name
        ) from err


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    doing: Doing,
    typed: Mapping[str, str],
    error: PlumblineError | None = None,
) -> HttpResponse:
    errors = errors_by_field(error)
    fields = [_field(each, actor, typed=typed, error=errors.get(key)) for key, each in doing.register.fields.items()]
    own = [_own(name, doing, value=typed.get(name, ""), error=errors.get(name)) for name in doing.asks]
    names = {each.name: each.name for each in (*fields, *own)}
    context = {
        "title": doing.title,
        "button": doing.button,
        "register": doing.register,
        "fields": [*fields, *own],
        "request_id": new_request_id(),
        "basis": words.basis_words(doing.register),
        "faults": faults_of(error, names) if error else [],
    }
    status = status_of(error) if error else 200
    return page(request, "entry_form", context=context, place=place(doing.register, Crumb(doing.title)), status=status)


def _field(each: Field, actor: Actor, *, typed: Mapping[str, str], error: Text | None) -> FormField:
    options = _options(each, actor)
    return FormField(
        name=each.key,
        kind=_kind(each, len(options)),
        label=f"{named(each)} {each.unit}" if each.unit not in {"", "1"} else named(each),
        hint=" ".join(part for part in (words.help_words(each), _many(each)) if part),
        is_required=each.is_required,
        value=_chosen(typed.get(each.key, ""), options),
        options=options,
        error=error,
    )


def _kind(each: Field, offered: int) -> str:
    if each.many:
        return "area"
    if offered:
        return "choice" if offered <= FEW and each.is_required else "select"
    if each.type == "text" and each.most_characters > 200:
        return "area"
    return {"date": "date", "integer": "number", "decimal": "number"}.get(each.type, "text")


def _many(each: Field) -> str:
    return _("可以写几项，用分号或换行分开") if each.many else ""


def _options(each: Field, actor: Actor) -> list[Option]:
    if each.many:
        return []
    if each.type == "choice":
        return [Option(choice.value, named(choice)) for choice in each.choices]
    if each.type == "yes_no":
        return [Option("是", _("是")), Option("否", _("否"))]
    if each.type == "region":
        return [Option(found.code, f"{found.code} {found.name}") for found in directory.current_regions(actor.regions)]
    return []


def _chosen(text: str, options: list[Option]) -> str:
    return text if not options or text in {option.value for option in options} else ""


def _own(name: str, doing: Doing, *, value: str, error: Text | None) -> FormField:
    labels = {
        "valid_from": _("从哪一天起"),
        "valid_to": _("到哪一天为止"),
        "reason": _("原因"),
        "state": _("状态"),
    }
    hints = {"valid_from": _("含当天；以前的内容不变"), "valid_to": _("含当天；不填就是一直有效")}
    kinds = {"valid_from": "date", "valid_to": "date", "reason": "area", "state": "choice"}
    states = [Option(each, named(doing.register.states[each])) for each in doing.register.opens_in]
    return FormField(
        name=name,
        kind=kinds[name],
        label=labels[name],
        hint=hints.get(name, ""),
        is_required=name != "valid_to",
        value=value,
        options=states if name == "state" else (),
        error=error,
    )
