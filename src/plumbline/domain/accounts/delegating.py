"""Writes of delegations and absences: hand rights over, take them back, note that one is away.

They ask the rules but tell no journal, which lies above this room: `registers.actions` has those that do.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import delegated, queries
from plumbline.domain.accounts.models import Absence, Delegation, Membership, User
from plumbline.domain.accounts.types import AbsenceFacts, Actor, DelegationFacts, Handing, Subject
from plumbline.domain.rows.reasons import require_reason
from plumbline.errors import AccessError, InputError, InputErrors, RuleError, StateError, say
from plumbline.rulebook import delegation as rule

LONGEST_ABSENCE = timedelta(days=366)


@transaction.atomic
def hand_over(actor: Actor, handing: Handing, *, at: datetime, today: date) -> DelegationFacts:
    """Hand rights of the role one acts in to a colleague for a time; returns what was handed.

    Raises: InputErrors beside the fields; RuleError for a colleague who may not be given them, or rights that stay;
    AccessError for somebody who stands in for another: what was handed over is not handed on.
    """
    if actor.behalf is not None or actor.membership_id is None:
        raise AccessError(say("代别人办理时不能再交给第三个人"), remedy=say("换回自己的角色，交出自己的权限"))
    reason = _require_sound(handing, today=today)
    held = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=actor.membership_id)
    delegate = User.objects.filter(pk=handing.delegate_id, is_active=True).first()
    if delegate is None or delegate.person_id == actor.person_id:
        raise InputError(say("没有选由谁代办"), remedy=say("从本单位的名单里选一位同事"), field="delegate")
    _require_may_take(delegate, held, on=max(today, handing.valid_from))
    if set(handing.rights) - set(rule.delegable(held.role)):
        raise RuleError(say("所选权限里有不能交出的"), remedy=say("从所列各项中选"), field="rights")
    if held.valid_to is not None and handing.valid_to > held.valid_to:
        raise InputError(
            say("您自己的角色到 {day} 为止", day=held.valid_to), remedy=say("改早最后一天"), field="valid_to"
        )
    _refuse_overlap(held, handing)
    row = Delegation.objects.create(
        membership=held,
        delegate=delegate,
        organisation_id=held.organisation_id,
        rights=sorted(handing.rights),
        valid_from=handing.valid_from,
        valid_to=handing.valid_to,
        reason=reason,
        given_at=at,
    )
    return delegated.delegation(row.id)


def _require_sound(handing: Handing, *, today: date) -> str:
    """Return the reason if the rest of what was typed can be. Raises: InputErrors."""
    faults = []
    if not handing.rights:
        faults.append(InputError(say("没有选交出哪些权限"), remedy=say("至少选一项"), field="rights"))
    if handing.valid_from < today:
        faults.append(InputError(say("第一天已经过去"), remedy=say("填今天或以后的日期"), field="valid_from"))
    if handing.valid_to < handing.valid_from:
        faults.append(InputError(say("最后一天早于第一天"), remedy=say("改正日期"), field="valid_to"))
    most = rule.load().most_days
    if (handing.valid_to - handing.valid_from).days >= most:
        faults.append(
            InputError(say("一次最多交出 {most} 天", most=most), remedy=say("到期后可以再交一次"), field="valid_to")
        )
    reason = ""
    try:
        reason = require_reason(handing.reason, remedy=say("写明为什么要代办，例如出差"))
    except InputError as error:
        faults.append(error)
    if faults:
        raise InputErrors(faults)
    return reason


def _require_may_take(delegate: User, held: Membership, *, on: date) -> None:
    own = [(each.organisation_id, each.role) for each in queries.memberships(delegate, on=on)]
    if not any(house == held.organisation_id for house, _role in own):
        raise InputError(say("所选的人不在本单位"), remedy=say("从本单位的名单里选一位同事"), field="delegate")
    if not delegated.may_take(own, held.organisation_id, role=held.role):
        raise RuleError(
            say("“{role}”的权限只能交给也是“{role}”的人", role=queries.role_name(held.role)),
            remedy=say("选一位有同样角色的同事"),
            field="delegate",
        )


def _refuse_overlap(held: Membership, handing: Handing) -> None:
    same = Delegation.objects.filter(
        membership=held,
        delegate_id=handing.delegate_id,
        ended_at=None,
        valid_from__lte=handing.valid_to,
        valid_to__gte=handing.valid_from,
    ).first()
    if same is not None:
        raise InputError(
            say("从 {start} 到 {end} 已经交给这位同事代办", start=same.valid_from, end=same.valid_to),
            remedy=say("先收回那一项，再重新交出"),
            field="delegate",
        )


@transaction.atomic
def take_back(actor: Actor, delegation_id: UUID, *, at: datetime, today: date) -> DelegationFacts:
    """End a delegation now: by who gave it, by who has it, or by who manages the accounts of the house.

    Raises: InputError if there is none; AccessError for anybody else; StateError if it is over.
    """
    row = Delegation.objects.select_for_update(of=("self",)).filter(pk=delegation_id).first()
    found = delegated.delegation(delegation_id)
    is_party = actor.behalf is None and actor.user_id in {found.giver_user_id, found.delegate_user_id}
    if not is_party:
        queries.require(actor, "account.manage", subject=Subject(owner_id=found.organisation_id))
    if row is None or found.is_over(today):
        raise StateError(say("这项代办已经结束"), remedy=say("不用再收回"))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return delegated.delegation(delegation_id)


@transaction.atomic
def note_absence(actor: Actor, *, first_day: date, last_day: date, at: datetime, today: date) -> AbsenceFacts:
    """Note that one is away on some days. Raises: InputErrors beside the days; AccessError for a stand-in."""
    if actor.behalf is not None:
        raise AccessError(say("代别人办理时不能登记缺勤"), remedy=say("换回自己的角色再登记"))
    faults = []
    if last_day < today:
        faults.append(InputError(say("最后一天已经过去"), remedy=say("填今天或以后的日期"), field="last_day"))
    if last_day < first_day:
        faults.append(InputError(say("最后一天早于第一天"), remedy=say("改正日期"), field="last_day"))
    if last_day - first_day > LONGEST_ABSENCE:
        faults.append(InputError(say("一次最多登记一年"), remedy=say("分几次登记"), field="last_day"))
    if faults:
        raise InputErrors(faults)
    User.objects.select_for_update().get(pk=actor.user_id)  # two windows at once do not note the same days twice
    same = Absence.objects.filter(
        user_id=actor.user_id, organisation_id=actor.organisation_id, ended_at=None, first_day__lte=last_day,
        last_day__gte=first_day,
    ).first()  # fmt: skip
    if same is not None:
        raise InputError(
            say("从 {start} 到 {end} 已经登记过缺勤", start=same.first_day, end=same.last_day),
            remedy=say("先取消那一次，再重新登记"),
            field="first_day",
        )
    row = Absence.objects.create(
        user_id=actor.user_id, organisation_id=actor.organisation_id, first_day=first_day, last_day=last_day,
        noted_at=at,
    )  # fmt: skip
    return delegated.absence_facts(row)


@transaction.atomic
def end_absence(actor: Actor, absence_id: UUID, *, at: datetime, today: date) -> AbsenceFacts:
    """Take an absence of one's own back: from now on one is there. Raises: InputError, StateError."""
    row = Absence.objects.select_for_update().filter(pk=absence_id, user_id=actor.user_id).first()
    if row is None or actor.behalf is not None:
        raise InputError(say("没有这次缺勤"), remedy=say("从名单里重新选择"), field="absence")
    if row.ended_at is not None or row.last_day < today:
        raise StateError(say("这次缺勤已经结束"), remedy=say("不用再取消"))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    return delegated.absence_facts(row)
