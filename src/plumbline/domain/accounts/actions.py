"""Writes of accounts: open an account, give a role, end it, let it sign in no more.

They ask the rights but tell no journal, which lies above this room: `registers.actions` has those that do.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from plumbline.domain.accounts import queries, rules, tokens
from plumbline.domain.accounts.delegating import end_absence, hand_over, note_absence, take_back
from plumbline.domain.accounts.models import Membership, User
from plumbline.domain.accounts.types import Actor, Grant, Subject
from plumbline.domain.directory.types import PersonFacts
from plumbline.errors import InputError, StateError, Term, say

__all__ = [
    "bearer", "change_password", "end_absence", "end_role", "give_role", "hand_over", "make_token", "note_absence",
    "open_account", "renew_password", "revoke_token", "take_back",
]  # fmt: skip
make_token, revoke_token, bearer = tokens.make_token, tokens.revoke_token, tokens.bearer


@transaction.atomic
def open_account(
    actor: Actor, person: PersonFacts, *, username: str, password: str | None, is_demo: bool = False
) -> UUID:
    """Open a login for a person; returns its id. password: None for one who signs in by other means.

    A password that an administrator made is a first one; one typed at the machine or by the person invited is not.
    Raises: AccessError; InputError if the name is taken or the password weak; StateError for an account of the demo
    on an installation that runs none: only there may a password be known beforehand.
    """
    queries.require(actor, "account.manage", subject=Subject(owner_id=person.organisation_id))
    if is_demo and not settings.PLUMBLINE_DEMO:
        raise StateError(
            say("这份数据不是演示模式，不能开演示账号 {username}", username=username),
            remedy=say("按正式账号开，口令由本人定"),
        )
    if User.objects.filter(username=username).exists():
        raise InputError(
            say("账号名 {username} 已被使用", username=username), remedy=say("换一个账号名"), field="username"
        )
    is_first = not is_demo and actor.user_id != queries.SYSTEM.user_id
    user = User(username=username, person_id=person.id, is_demo=is_demo, is_first_password=is_first)
    if not is_demo and password is not None:
        _refuse_weak(password, user)
    user.set_password(password)
    user.save()
    return user.id


@transaction.atomic
def give_role(actor: Actor, user_id: UUID, *, grant: Grant) -> UUID:
    """Give an account a role in an organisation; given alike already, nothing changes. Returns the membership's id.

    Raises: AccessError; InputError if the role is unknown, or held on some of these days on other terms.
    """
    queries.require(
        actor, "account.manage", subject=Subject(owner_id=grant.organisation_id, region_code=grant.region_code)
    )
    require_grantable(grant)
    if (same := queries.held_alike(user_id, grant)) is not None:
        return same
    _refuse_held(user_id, grant)
    return Membership.objects.create(user_id=user_id, **asdict(grant)).id


def require_grantable(grant: Grant) -> None:
    """Pass if a role could be given on these terms. Raises: InputError beside `region_code` or `valid_to`."""
    rules.require_area(grant.role, grant.region_code)
    if grant.valid_to is not None and grant.valid_to < grant.valid_from:
        raise InputError(say("终止日期早于起始日期"), remedy=say("改正日期"), field="valid_to")


@transaction.atomic
def end_role(actor: Actor, membership_id: UUID, *, last_day: date) -> Grant:
    """End a role after a day; returns what it then is. A role is ended earlier, never later, than it was to end.

    Raises: AccessError; InputError for a day before its first, or one that would lengthen it.
    """
    row = Membership.objects.select_for_update().get(pk=membership_id)
    subject = Subject(owner_id=row.organisation_id, region_code=row.region_code)
    queries.require(actor, "account.manage", subject=subject)
    if last_day < row.valid_from or (row.valid_to is not None and last_day > row.valid_to):
        raise InputError(
            say("角色只能提前结束，不能延长，也不能早于起始日期 {start}", start=row.valid_from),
            remedy=say("要延长时，从新的日期另给一段"),
            field="valid_to",
        )
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    return Grant(row.organisation_id, row.role, row.valid_from, row.region_code, row.valid_to)


def _refuse_held(user_id: UUID, grant: Grant) -> None:
    rows = Membership.objects.filter(user_id=user_id, organisation_id=grant.organisation_id, role=grant.role)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=grant.valid_from))
    held = (rows.filter(valid_from__lte=grant.valid_to) if grant.valid_to else rows).first()
    if held is not None:
        raise InputError(
            say(
                "这个角色从 {start} 到 {end} 已经给过",
                start=held.valid_from,
                end=held.valid_to or Term("没有终止日期", "no end"),
            ),
            remedy=say("先结束它，再从下一天另给一段"),
            field="valid_from",
        )


@transaction.atomic
def renew_password(actor: Actor, user_id: UUID, *, password: str) -> None:
    """Put a first password in place of one forgotten. Raises: AccessError; InputError if it is weak."""
    user = managed(actor, user_id)
    _refuse_weak(password, user)
    user.set_password(password)
    user.is_first_password = True
    user.save(update_fields=["password", "is_first_password"])


@transaction.atomic
def deactivate(actor: Actor, user_id: UUID) -> None:
    """Let an account sign in no more; its roles and its story stay. Raises: AccessError; StateError."""
    user = managed(actor, user_id)
    if user.id == actor.user_id:
        raise StateError(say("不能停用自己的账号"), remedy=say("请另一位管理员来停"))
    if not user.is_active:
        raise StateError(say("账号 {username} 已经停用", username=user.username), remedy=say("不用再停"))
    user.is_active = False
    user.save(update_fields=["is_active"])


@transaction.atomic
def reactivate(actor: Actor, user_id: UUID) -> None:
    """Let a deactivated account sign in again. Raises: AccessError; StateError."""
    user = managed(actor, user_id)
    if user.is_active:
        raise StateError(say("账号 {username} 没有停用", username=user.username), remedy=say("不用恢复"))
    user.is_active = True
    user.save(update_fields=["is_active"])


def managed(actor: Actor, user_id: UUID) -> User:
    """Hold an account this actor may manage. Raises: AccessError."""
    user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user_id)
    queries.require(actor, "account.manage", subject=Subject(owner_id=user.person.organisation_id))
    return user


@transaction.atomic
def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Let somebody put their own new password in place of the one they know.

    Raises: InputError beside `old` if it is not theirs, beside `password` if the new one is weak or the same;
    StateError for an account of the demo, whose password everybody is told.
    """
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if user.is_demo:
        raise StateError(say("演示账号的口令是公开的，不能改"), remedy=say("正式账号才能改口令"))
    if not user.check_password(old):
        raise InputError(say("现在的口令不对"), remedy=say("核对大小写；忘了就请管理员换一个新口令"), field="old")
    if old == new:
        raise InputError(say("新口令和现在的一样"), remedy=say("换一个不同的口令"), field="password")
    _refuse_weak(new, user)
    user.set_password(new)
    user.is_first_password = False
    user.save(update_fields=["password", "is_first_password"])


def _refuse_weak(password: str, user: User) -> None:
    if rules.is_guessable(password, user.username):
        raise InputError(
            say("口令太弱：含有账号名，或者全是数字"),
            remedy=say("用不少于 12 个字符、不常见、不含账号名的口令"),
            field="password",
        )
    try:
        validate_password(password, user)
    except ValidationError as err:
        raise InputError(
            say("口令太弱：{reasons}", reasons="；".join(err.messages)),
            remedy=say("用不少于 12 个字符、不常见、不含账号名的口令"),
            field="password",
        ) from err
