"""The page of an entry of a simple register: what holds, every period, who changed what when, and the acts offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.registers import actions
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryAct, PeriodFacts
from plumbline.errors import AccessError, InputError, PlumblineError, say
from plumbline.faces.console.act_words import entry_act_word
from plumbline.faces.console.entry_list import place
from plumbline.faces.console.shell import Phrase, faults_of, officer, page, require_right, see_other
from plumbline.faces.kit import entries as words
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Crumb, StoryItem
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Act, Register


@dataclass(frozen=True)
class PeriodLine:
    """One span of days of an entry as it stands now."""

    span: str
    kind: str
    word: str
    is_shown: bool
    correct_url: str


@officer
def entry(request: HttpRequest, actor: Actor, *, register_id: str, number: int) -> HttpResponse:
    """Show an entry, or do an act on it. GET: on (the day to look at)."""
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.read")
    today = timezone.localdate()
    if request.method != "POST":
        on = _day(request.GET.get("on", ""), today)
        return _show(request, actor, standing=kept.periods(register.id, number), on=on)
    try:
        with transaction.atomic():
            act = _act(request, actor, register=register, number=number, today=today)
    except PlumblineError as error:
        if isinstance(error, AccessError):
            raise
        return _show(request, actor, standing=kept.periods(register.id, number), on=today, error=error)
    messages.success(request, _("已办：{act}").format(act=named(act)))
    return see_other(reverse("console:entry", args=[register.id, number]))


def _act(request: HttpRequest, actor: Actor, *, register: Register, number: int, today: date) -> Act:
    posted = request.POST
    act = register.act(posted.get("act", ""))
    wanted = EntryAct(act.name, _day(posted.get("on", ""), today), posted.get("reason", "")[:500])
    actions.act_on_entry(actor, register.id, number=number, request=wanted, at=timezone.now())
    return act


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise InputError(
            say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field="on"
        ) from err


def _show(
    request: HttpRequest,
    actor: Actor,
    *,
    standing: Sequence[PeriodFacts],
    on: date,
    error: PlumblineError | None = None,
) -> HttpResponse:
    register, number = rulebook.by_id(standing[0].register), standing[0].number
    shown = next((each for each in standing if each.holds(on)), standing[-1])
    kind, word = words.state_words(register, shown.state)
    subject = Subject(shown.owner_id, shown.owner_id, shown.region_code)
    may_edit = accounts.may(actor, f"entry.{register.id}.edit", subject=subject)
    acts = [
        act
        for act in register.acts_from(shown.state)
        if accounts.may(actor, f"entry.{register.id}.{act.name}", subject=subject)
    ]
    context = {
        "register": register,
        "phrases": [Phrase(shown.title)],
        "over": named(register),
        "cells": words.cells(register.fields.values(), shown.values),
        "state": (kind, word),
        "span": words.span_words(shown.valid_from, shown.valid_to),
        "periods": [_line(register, each, shown=shown, may_edit=may_edit) for each in standing],
        "story": _story(register, kept.entry_history(register.id, number)),
        "acts": [(act, named(act)) for act in acts],
        "may_edit": may_edit,
        "change_url": reverse("console:entry_change", args=[register.id, number]),
        "public_url": reverse("public-entry", args=[register.id, number]) if register.is_public else "",
        "basis": words.basis_words(register),
        "today": formats.day(timezone.localdate()),
        "posted": request.POST,
        "faults": faults_of(error) if error else [],
        "errors": errors_by_field(error),
    }
    status = status_of(error) if error else 200
    return page(request, "entry", context=context, place=place(register, Crumb(shown.title)), status=status)


def _line(register: Register, each: PeriodFacts, *, shown: PeriodFacts, may_edit: bool) -> PeriodLine:
    kind, word = words.state_words(register, each.state)
    url = reverse("console:entry_correct", args=[register.id, each.number, each.id]) if may_edit else ""
    return PeriodLine(words.span_words(each.valid_from, each.valid_to), kind, word, each.id == shown.id, url)


def _story(register: Register, history: Sequence[PeriodFacts]) -> list[StoryItem]:
    """Return who wrote what when, the newest first; the copy that only ends an old period is not told apart."""
    by_id = {each.id: each for each in history}
    told: list[StoryItem] = []
    for each in history:
        before = by_id.get(each.replaces_id) if each.replaces_id else None
        is_ending = before is not None and each.act_id in {
            other.act_id for other in history if other.id != each.id and other.replaces_id == each.replaces_id
        }
        if is_ending and before is not None and each.valid_from == before.valid_from:
            continue
        told.append(_item(register, each, before=before))
    return told


def _item(register: Register, each: PeriodFacts, *, before: PeriodFacts | None) -> StoryItem:
    phrases = [words.span_words(each.valid_from, each.valid_to)]
    if before is not None:
        phrases += words.changed(register, before.values, after=each.values)
        if before.state != each.state:
            old, new = words.state_words(register, before.state)[1], words.state_words(register, each.state)[1]
            phrases.append(_("{field}：{old} → {new}").format(field=_("状态"), old=old, new=new))
    return StoryItem(
        when=formats.moment(each.written_at),
        title=entry_act_word(each.act),
        kind="" if each.replaced_by else "now",
        who=f"{each.person_name} · {role_words(each.role)}",
        note="; ".join(phrases) if formats.is_english() else "；".join(phrases),
        written=each.reason,
    )
