"""How the reader wants notices by mail: address, language, and for each kind at once, once a day or never.

Portal and console show the same form. Without settings for mail nothing is sent, and the page says so first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import actions, queries
from plumbline.domain.notices.types import LetterFacts, ReaderFacts, Wishes
from plumbline.errors import InputError, Term
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import FormField, errors_by_field, faults
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import notices as rulebook

FREQUENCIES = {
    rulebook.IMMEDIATE: Term("马上", "at once"),
    rulebook.DAILY: Term("每天汇总", "once a day"),
    rulebook.NEVER: Term("不发", "never"),
}
STATES = {
    "waiting": ("run", Term("等着发", "waiting")),
    "sent": ("ok", Term("已发出", "sent")),
    "given_up": ("bad", Term("发不出去，已放弃", "could not be delivered, given up")),
    "dropped": ("unk", Term("不再需要，没有发", "no longer wanted, not sent")),
}
LETTERS = {
    "notice": Term("单条通知", "single notice"),
    "digest": Term("每日汇总", "daily digest"),
    "confirm": Term("确认地址", "confirmation of the address"),
}


@dataclass(frozen=True)
class LetterLine:
    """A letter as it is shown: what it was, what became of it, when, and why it did not go out."""

    kind: str
    state: str
    word: str
    when: str
    fault: str


@dataclass(frozen=True)
class LeadLine:
    """What one is reminded of, and how many days before."""

    name: str
    days: str


@dataclass(frozen=True)
class SettingsPage:
    """All that the page shows."""

    is_set_up: bool
    answer: str
    note: str
    fields: Sequence[FormField]
    letters: Sequence[LetterLine]
    leads: Sequence[LeadLine]
    lead_status: str
    lead_note: str
    faults: Sequence[Fault]
    is_stand_in: bool

    @property
    def status(self) -> int:
        """The status of the page."""
        return 422 if self.faults else 200


def kept(request: HttpRequest, actor: Actor) -> InputError | None:
    """Keep what a form says; returns what is wrong with it, None where all was kept."""
    posted = request.POST
    wishes = Wishes(
        posted.get("address", ""),
        posted.get("language", ""),
        {kind: posted.get(f"wish-{kind}", "") for kind in rulebook.load().kinds},
    )
    try:
        is_confirming = actions.wish(actor, wishes, at=timezone.now())
    except InputError as error:
        return error
    sent = _("已保存。确认信发往 {address}，打开里面的链接后才会收到通知").format(address=wishes.address.strip())
    messages.success(request, sent if is_confirming else _("已保存"))
    return None


def settings_page(request: HttpRequest, actor: Actor, *, error: InputError | None = None) -> SettingsPage:
    """Return the page, with what was typed where it has just been refused."""
    held = queries.reader(actor, language=get_language() or settings.LANGUAGE_CODE)
    rule = rulebook.load()
    return SettingsPage(
        is_set_up=queries.is_mail_set_up(),
        answer=_answer(held),
        note=_note(held),
        fields=_fields(request, held, error=error),
        letters=[_letter(each) for each in queries.letters_to(actor)],
        leads=[
            LeadLine(text_of(each.name), (", " if formats.is_english() else "、").join(map(str, each.lead_days)))
            for each in rule.reminders.values()
        ],
        lead_status=rule.provenance.status,
        lead_note=rule.provenance.note_en if formats.is_english() else rule.provenance.note_zh,
        faults=faults(error),
        is_stand_in=actor.behalf is not None,
    )


def _answer(held: ReaderFacts) -> str:
    if not queries.is_mail_set_up():
        return _("本平台还没有设置发邮件，通知只在这里看")
    if not held.address:
        return _("没有留邮箱，通知只在这里看")
    if not held.is_confirmed:
        return _("邮箱 {address} 还没有确认").format(address=held.address)
    return _("通知也发到 {address}").format(address=held.address)


def _note(held: ReaderFacts) -> str:
    if not queries.is_mail_set_up():
        return _("设置可以先存着；管理员在 config.toml 里写好邮件服务器以后才会发。")
    if held.address and not held.is_confirmed:
        return _("打开确认信里的链接以后才会收到通知；没有收到信，就改一下地址再保存。")
    return ""


def _fields(request: HttpRequest, held: ReaderFacts, *, error: InputError | None) -> list[FormField]:
    typed = request.POST if error is not None else None
    beside = errors_by_field(error)
    languages = {"zh-hans": "简体中文", "en": "English"}
    language = typed.get("language", "") if typed else held.language
    fields = [
        FormField(
            "address", "text", _("邮箱"), _("不填就不发邮件"), error=beside.get("address"),
            value=typed.get("address", "") if typed else held.address,
        ),
        FormField(
            "language", "choice", _("邮件用哪种语言"), is_required=True, value=language, error=beside.get("language"),
            options=[Option(code, name, is_selected=code == language) for code, name in languages.items()],
        ),
    ]  # fmt: skip
    for code, kind in rulebook.load().kinds.items():
        name = f"wish-{code}"
        chosen = typed.get(name, "") if typed else held.wishes[code]
        options = [Option(each, text_of(word), is_selected=each == chosen) for each, word in FREQUENCIES.items()]
        fields.append(FormField(name, "select", text_of(kind.name), is_required=True, value=chosen, options=options,
                                error=beside.get(name)))  # fmt: skip
    return fields


def _letter(each: LetterFacts) -> LetterLine:
    state, word = STATES[each.state]
    at = each.ended_at or each.made_at
    return LetterLine(text_of(LETTERS[each.kind]), state, text_of(word), formats.moment(at), each.fault)
