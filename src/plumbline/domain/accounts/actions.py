"""Writes of accounts: open an account, give a role."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from plumbline.domain.accounts import queries, rules
from plumbline.domain.accounts.models import Membership, User
from plumbline.domain.accounts.types import Actor, Grant, Subject
from plumbline.domain.directory.types import PersonFacts
from plumbline.errors import InputError, StateError, say


@transaction.atomic
def open_account(actor: Actor, person: PersonFacts, *, username: str, password: str, is_demo: bool = False) -> UUID:
    """Open a login for a person; returns its id.

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
    user = User(username=username, person_id=person.id, is_demo=is_demo)
    if not is_demo:
        _refuse_weak(password, user)
    user.set_password(password)
    user.save()
    return user.id


@transaction.atomic
def give_role(actor: Actor, user_id: UUID, *, grant: Grant) -> UUID:
    """Give an account a role in an organisation. Raises: AccessError; InputError if the role is unknown."""
    queries.require(
        actor, "account.manage", subject=Subject(owner_id=grant.organisation_id, region_code=grant.region_code)
    )
    rules.require_area(grant.role, grant.region_code)
    row, _ = Membership.objects.update_or_create(
        user_id=user_id,
        organisation_id=grant.organisation_id,
        role=grant.role,
        defaults={"region_code": grant.region_code, "valid_from": grant.valid_from, "valid_to": grant.valid_to},
    )
    return row.id


@transaction.atomic
def renew_password(actor: Actor, user_id: UUID, *, password: str) -> None:
    """Put a new password in place of one forgotten. Raises: AccessError; InputError if it is weak."""
    user = User.objects.select_for_update().select_related("person").get(pk=user_id)
    queries.require(actor, "account.manage", subject=Subject(owner_id=user.person.organisation_id))
    _refuse_weak(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


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
