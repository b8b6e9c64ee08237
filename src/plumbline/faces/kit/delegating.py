"""Delegation and absence as portal and console show them: whom the reader stands in for, to whom they handed rights,
when they are away; and the forms that change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import AbsenceFacts, Actor, DelegationFacts, Handing, Subject
from plumbline.domain.registers import actions
from plumbline.errors import InputError, InputErrors, PlumblineError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import FormField, errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.doers import away_words
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import delegation as rule
from plumbline.rulebook import rights

HAND, BACK, AWAY, HERE = "hand", "back", "away", "here"


@dataclass(frozen=True)
class DelegationLine:
    """A delegation as it is shown: with whom, in which role, which rights, its days, its state, what may be done."""

    id: UUID
    who: str
    role: str
    rights: str
    days: str
    kind: str
    word: str
    reason: str
    may_end: bool
    may_use: bool


@dataclass(frozen=True)
class AbsenceLine:
    """An absence as it is shown."""

    id: UUID
    days: str
    kind: str
    word: str
    may_end: bool


@dataclass(frozen=True)
class DelegationsPage:
    """All that the page shows."""

    answer: str
    standing_in: Sequence[DelegationLine]
    handed: Sequence[DelegationLine]
    managed: Sequence[DelegationLine]
    away: Sequence[AbsenceLine]
    hand_fields: Sequence[FormField]
    away_fields: Sequence[FormField]
    rule_note: str
    rule_status: str
    is_stand_in: bool
    faults: Sequence[Fault] = field(default_factory=tuple)
    status: int = 200


def done(request: HttpRequest, actor: Actor) -> PlumblineError | None:
    """Do what a form asks; returns what stands against it, None where it was done."""
    at, posted = timezone.now(), request.POST
    try:
        messages.success(request, _do(actor, posted, at=at))
    except PlumblineError as error:
        return error
    return None


def delegations_page(request: HttpRequest, actor: Actor, *, error: PlumblineError | None = None) -> DelegationsPage:
    """Return the page, with what was typed where it has just been refused."""
    today = timezone.localdate()
    house = actor.organisation_id
    to_me = [each for each in accounts.delegations_to(actor.user_id, organisation_id=house) if not each.is_over(today)]
    handed = accounts.delegations_of(actor.user_id, organisation_id=house)
    away = accounts.absences_of(actor.user_id, organisation_id=house)
    typed = request.POST if error is not None else None
    usable = {each.membership_id for each in getattr(request, "actors", ())}
    law = rule.load().provenance
    return DelegationsPage(
        answer=_answer(to_me, handed, away=away, today=today),
        standing_in=[_line(each, today, is_mine=False, usable=each.id in usable) for each in to_me],
        handed=[_line(each, today, is_mine=True, usable=False) for each in handed],
        managed=[_managed(each, today) for each in _in_charge_of(actor, today)],
        away=[_absence(each, today) for each in away],
        hand_fields=_hand_fields(actor, today, typed=_typed(typed, HAND), error=error),
        away_fields=_away_fields(today, typed=_typed(typed, AWAY), error=error),
        rule_note=law.note_en if formats.is_english() else law.note_zh,
        rule_status=law.status,
        is_stand_in=actor.behalf is not None,
        faults=faults(error),
        status=status_of(error) if error else 200,
    )


def right_words(code: str, role: str) -> str:
    """Return a right in words: what, and in which procedure or register."""
    found = rights.given(code, role)
    if found.subject is None:
        return text_of(found.name)
    return _("{subject}：{right}").format(subject=text_of(found.subject), right=text_of(found.name))


def _do(actor: Actor, posted: QueryDict, *, at: datetime) -> str:
    act = posted.get("do", "")
    if act == HAND:
        given = actions.hand_over(actor, _handing(posted), at=at)
        name = formats.either(given.delegate.name, given.delegate.name_en)
        return _("已交给{name}代办，到 {day} 为止").format(name=name, day=given.valid_to.isoformat())
    if act == BACK:
        actions.take_back(actor, _key(posted.get("delegation", "")), at=at)
        return _("代办已经结束")
    if act == AWAY:
        first, last = _days(posted, "first_day", "last_day")
        actions.note_absence(actor, first_day=first, last_day=last, at=at)
        return _("已登记：从 {start} 到 {end} 不在").format(start=first.isoformat(), end=last.isoformat())
    if act == HERE:
        actions.end_absence(actor, _key(posted.get("absence", "")), at=at)
        return _("缺勤已取消")
    raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制"))


def _handing(posted: QueryDict) -> Handing:
    first, last = _days(posted, "valid_from", "valid_to")
    delegate = posted.get("delegate", "")
    if not delegate:
        raise InputError(say("没有选由谁代办"), remedy=say("从本单位的名单里选一位同事"), field="delegate")
    return Handing(_key(delegate), tuple(posted.getlist("rights")), first, last, posted.get("reason", ""))


def _days(posted: QueryDict, *names: str) -> tuple[date, date]:
    found, wrong = [], []
    for name in names:
        try:
            found.append(date.fromisoformat(posted.get(name, "").strip()))
        except ValueError:
            wrong.append(
                InputError(say("没有填日期，或者日期看不懂"), remedy=say("写成 2026-11-21 的样子"), field=name)
            )
    if wrong:
        raise InputErrors(wrong)
    return found[0], found[1]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制")) from err


def _typed(posted: QueryDict | None, act: str) -> QueryDict | None:
    return posted if posted is not None and posted.get("do") == act else None


# ---------------------------------------------------------------- what is shown


def _answer(
    to_me: Sequence[DelegationFacts], handed: Sequence[DelegationFacts], *, away: Sequence[AbsenceFacts], today: date
) -> str:
    now = next((each for each in away if each.ended_at is None and each.first_day <= today <= each.last_day), None)
    if now is not None:
        return _("您到 {day} 为止不在").format(day=now.last_day.isoformat())
    standing, given = sum(each.holds(today) for each in to_me), sum(each.holds(today) for each in handed)
    if standing:
        return ngettext("您在代 {n} 位同事办理", "您在代 {n} 位同事办理", standing).format(n=standing)
    if given:
        return ngettext("有 {n} 项交给同事代办", "有 {n} 项交给同事代办", given).format(n=given)
    return _("没有代办，也没有缺勤")


def _line(each: DelegationFacts, today: date, *, is_mine: bool, usable: bool) -> DelegationLine:
    other = each.delegate if is_mine else each.giver
    kind, word = _state(each, today)
    words = [right_words(code, each.role) for code in each.rights if code in rule.delegable(each.role)]
    return DelegationLine(
        id=each.id,
        who=formats.either(other.name, other.name_en),
        role=role_words(each.role),
        rights=formats.joined(words),
        days=_span(each.valid_from, each.valid_to),
        kind=kind,
        word=word,
        reason=each.reason,
        may_end=not each.is_over(today),
        may_use=usable,
    )


def _in_charge_of(actor: Actor, today: date) -> list[DelegationFacts]:
    """Return the delegations in force that whoever manages accounts may end; of anybody else's, none."""
    if not accounts.has_right(actor, "account.manage"):
        return []
    found = accounts.delegations_in_force(on=today)
    return [
        each for each in found if accounts.may(actor, "account.manage", subject=Subject(owner_id=each.organisation_id))
    ]


def _managed(each: DelegationFacts, today: date) -> DelegationLine:
    line = _line(each, today, is_mine=True, usable=False)
    giver = formats.either(each.giver.name, each.giver.name_en)
    return replace(line, who=_("{person}（代{other}）").format(person=line.who, other=giver))


def _state(each: DelegationFacts, today: date) -> tuple[str, str]:
    if each.ended_at is not None:
        return "unk", _("已收回")
    if each.valid_to < today:
        return "unk", _("已到期")
    return ("ok", _("有效")) if each.valid_from <= today else ("dft", _("还没有开始"))


def _absence(each: AbsenceFacts, today: date) -> AbsenceLine:
    is_over = each.ended_at is not None or each.last_day < today
    word = (
        _("已取消")
        if each.ended_at
        else _("已过去")
        if is_over
        else _("不在")
        if each.first_day <= today
        else _("将不在")
    )
    return AbsenceLine(each.id, _span(each.first_day, each.last_day), "unk" if is_over else "due", word, not is_over)


def _span(first: date, last: date) -> str:
    return _("{start} 到 {end}").format(start=formats.day(first), end=formats.day(last))


def _hand_fields(
    actor: Actor, today: date, *, typed: QueryDict | None, error: PlumblineError | None
) -> list[FormField]:
    if actor.behalf is not None or not rule.delegable(actor.role):
        return []
    beside = errors_by_field(error) if typed is not None else {}
    value = typed.get if typed is not None else {"valid_from": today.isoformat()}.get
    chosen = typed.getlist("rights") if typed is not None else []
    most = rule.load().most_days
    return [
        FormField("delegate", "select", _("由谁代办"), _whom(actor), is_required=True, value=value("delegate") or "",
                  options=_colleagues(actor, today), error=beside.get("delegate")),
        FormField("rights", "list", _("交出哪些权限"), _("只交需要的；查看业务和台账的权限随着一起"), is_required=True,
                  options=[Option(code, right_words(code, actor.role), is_selected=code in chosen)
                           for code in rule.delegable(actor.role)], error=beside.get("rights")),
        FormField("valid_from", "date", _("第一天"), is_required=True, value=value("valid_from") or "",
                  minimum=today.isoformat(), error=beside.get("valid_from")),
        FormField("valid_to", "date", _("最后一天"), ngettext("最长 {n} 天", "最长 {n} 天", most).format(n=most),
                  is_required=True, value=value("valid_to") or "", error=beside.get("valid_to")),
        FormField("reason", "area", _("原因"), _("例如出差；写进操作记录"), is_required=True,
                  value=value("reason") or "", error=beside.get("reason")),
    ]  # fmt: skip


def _whom(actor: Actor) -> str:
    if rule.needs_same_role(actor.role):
        return _("这个角色的权限只能交给也是“{role}”的同事").format(role=role_words(actor.role))
    return _("本单位有账号的同事")


def _colleagues(actor: Actor, today: date) -> list[Option]:
    away = accounts.absences(actor.organisation_id, on=today)
    options = []
    for each in accounts.colleagues(actor.organisation_id, on=today):
        if each.person_id == actor.person_id:
            continue
        if rule.needs_same_role(actor.role) and actor.role not in each.roles:
            continue
        held = formats.joined(role_words(role) for role in each.roles)
        word = away_words(away.get(each.person_id))
        options.append(Option(str(each.user_id), formats.either(each.name, each.name_en), held, word=word))
    return options


def _away_fields(today: date, *, typed: QueryDict | None, error: PlumblineError | None) -> list[FormField]:
    beside = errors_by_field(error) if typed is not None else {}
    held = typed if typed is not None else {}
    return [
        FormField("first_day", "date", _("从哪天起不在"), is_required=True, value=str(held.get("first_day", "")),
                  error=beside.get("first_day")),
        FormField("last_day", "date", _("到哪天为止"), is_required=True, value=str(held.get("last_day", "")),
                  minimum=today.isoformat(), error=beside.get("last_day")),
    ]  # fmt: skip
