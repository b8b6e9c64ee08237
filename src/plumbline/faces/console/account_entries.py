"""Register forms of accounts: open one, give a role, end one, put a new password in place of one forgotten.

A password is made here, shown once to who asked for it, and kept by nobody: the account's holder is told it by them.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.types import Actor, Grant, RoleFacts
from plumbline.domain.directory import actions as divisions
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import actions as registers
from plumbline.errors import Term, say
from plumbline.faces.console.entry_fields import ORGANISATION, SINCE, id_of, people, today_text, whose
from plumbline.faces.console.register_form import Done, Field, Given, RegisterForm, Typed
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import roles

LETTERS = "bcdfghjkmnpqrtvwxyz23456789"
"""No letter that is taken for another or for a digit, and no vowel that would make a word."""
PARTS, PART = 4, 5


def new_password() -> str:
    """Return a password of 20 random characters in four groups: 95 bits, easy to read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(PART)) for _ in range(PARTS))


def _roles(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    offered = [(code, role) for code, role in roles.all_roles().items() if role.reach != "public"]
    return [Option(code, text_of(Term(role.zh, role.en))) for code, role in offered]


def _held(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    today = timezone.localdate()
    found = queries.account(typed.get("username", "")).roles
    return [
        Option(str(each.id), _held_words(each)) for each in found if each.valid_to is None or each.valid_to >= today
    ]


def _held_words(held: RoleFacts) -> str:
    return " · ".join(part for part in (role_words(held.role), held.organisation_name, held.region_code) if part)


def _holder(username: str) -> str:
    found = queries.account(username)
    return f"{found.username} · {found.name} · {found.organisation_name}"


USERNAME = Field("username", say("账号"), names=_holder, most=80)
ROLE = (
    Field("role", say("角色"), "select", offers=_roles),
    Field("region_code", say("管辖地区"), "region", required=False,
          help=say("管一个地区的角色要填；六位代码，例如 330300"), most=6),
    SINCE,
    Field("valid_to", say("终止日期"), "date", required=False, help=say("到这一天为止；不填就一直有效")),
)  # fmt: skip


def _grant(given: Given, organisation_id: UUID) -> Grant:
    region = given["region_code"]
    if region:
        divisions.require_region(region)
    return Grant(organisation_id, given["role"], given.day("valid_from"), region, given.day_or_none("valid_to"))


def _open_account(actor: Actor, given: Given, *, at: datetime) -> Done:
    person, password = directory.person(id_of(given["person"], field="person")), new_password()
    user_id = registers.open_account(actor, person, login=(given["username"], password), at=at)
    registers.give_role(actor, user_id, grant=_grant(given, whose(given).id), at=at)
    told = say("账号 {username} 已开给{name}", username=given["username"], name=person.name_zh)
    return Done(told, reverse("console:accounts"), secret=password)


def _give_role(actor: Actor, given: Given, *, at: datetime) -> Done:
    account = queries.account(given["username"])
    registers.give_role(actor, account.id, grant=_grant(given, whose(given).id), at=at)
    role = queries.role_name(given["role"])
    return Done(
        say("账号 {username} 已有角色“{role}”", username=account.username, role=role), reverse("console:accounts")
    )


def _end_role(actor: Actor, given: Given, *, at: datetime) -> Done:
    account, last = queries.account(given["username"]), given.day("valid_to")
    held = next(each for each in account.roles if str(each.id) == given["held"])
    registers.end_role(actor, held.id, last_day=last, at=at)
    told = say("账号 {username} 的角色“{role}”到 {day} 为止", username=account.username,
               role=queries.role_name(held.role), day=last)  # fmt: skip
    return Done(told, reverse("console:accounts"))


def _renew_password(actor: Actor, given: Given, *, at: datetime) -> Done:
    account, password = queries.account(given["username"]), new_password()
    registers.renew_password(actor, account.username, password=password, at=at)
    told = say("账号 {username} 的口令已换新", username=account.username)
    return Done(told, reverse("console:accounts"), secret=password)


FORMS = (
    RegisterForm(
        "account", "accounts", say("开一个账号"), say("开账号"), "account.manage",
        first=(ORGANISATION,),
        fields=(
            Field("person", say("哪位人员"), "person", offers=people, help=say("名单里没有的，先在单位页登记人员")),
            Field("username", say("账号名"), help=say("登录时用，例如姓名的拼音；不能和别人的相同"), most=80),
            *ROLE,
        ),
        act=_open_account, note=say("口令由系统随机生成，只在开好后显示一次。"),
    ),
    RegisterForm(
        "role", "accounts", say("给账号一个角色"), say("给角色"), "account.manage",
        first=(USERNAME,), fields=(ORGANISATION, *ROLE), act=_give_role,
    ),
    RegisterForm(
        "end-role", "accounts", say("停掉账号的一个角色"), say("停掉角色"), "account.manage",
        first=(USERNAME,),
        fields=(
            Field("held", say("角色"), "select", offers=_held),
            Field("valid_to", say("最后一天"), "date", help=say("这一天还能用，第二天起不能"), begins=today_text),
        ),
        act=_end_role,
    ),
    RegisterForm(
        "password", "accounts", say("给账号换一个新口令"), say("换新口令"), "account.manage",
        first=(USERNAME,), fields=(), act=_renew_password,
        note=say("本人忘了口令时用。原来的口令马上失效；新口令只显示一次。"),
    ),
)  # fmt: skip
