"""Register forms of accounts: invite, open one, give a role, end one, a new password, stop an account and resume it.

A password is made here, shown once to who asked for it, and kept by nobody: the account's holder is told it by them.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.types import Actor, Grant, RoleFacts
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.credentials import queries as invitations
from plumbline.domain.credentials.types import InvitationFacts, Offer
from plumbline.domain.directory import actions as divisions
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import PersonFacts
from plumbline.domain.notices import queries as notices
from plumbline.domain.registers import actions as registers
from plumbline.errors import Term, Text, say
from plumbline.faces.console.entry_fields import ORGANISATION, SINCE, id_of, people, today_text, whose
from plumbline.faces.console.register_form import Done, Field, Given, RegisterForm, Secret, Typed
from plumbline.faces.kit import formats
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import roles
from plumbline.rulebook.calendar import legal_day

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
    house = formats.either(held.organisation_name, held.organisation_name_en)
    return " · ".join(part for part in (role_words(held.role), house, held.region_code) if part)


def _holder(username: str) -> str:
    found = queries.account(username)
    name = formats.either(found.name, found.name_en)
    return f"{found.username} · {name} · {formats.either(found.organisation_name, found.organisation_name_en)}"


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
    told = say("账号 {username} 已开给{name}", username=given["username"], name=_name(person))
    return Done(told, reverse("console:accounts"), secret=_password(password))


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
    return Done(told, reverse("console:accounts"), secret=_password(password))


def _invite(actor: Actor, given: Given, *, at: datetime) -> Done:
    person = directory.person(id_of(given["person"], field="person"))
    mail = given["address"], given.texts.get("language", "")
    offer = Offer(person.id, given["username"], _grant(given, whose(given).id), *mail)
    code, made = credentials.invite(actor, offer, at=at)
    named = {"name": _name(person), "username": given["username"], "address": made.offer.address}
    if made.letter_id:
        told = say("已邀请{name}开账号 {username}，链接发往 {address}", **named)
    else:
        told = say("已邀请{name}开账号 {username}", **named)
    return _handed_over(code, made, told=told)


def _renew(actor: Actor, given: Given, *, at: datetime) -> Done:
    code, made = credentials.renew(actor, id_of(given["invitation"], field="invitation"), at=at)
    named = {"username": made.offer.username, "address": made.offer.address}
    if made.letter_id:
        told = say("给 {username} 的邀请换了新链接，发往 {address}", **named)
    else:
        told = say("给 {username} 的邀请换了新链接", **named)
    return _handed_over(code, made, told=told)


def _handed_over(code: str, made: InvitationFacts, *, told: Text) -> Done:
    """Return what is shown of an invitation: a link that is mailed goes through nobody else's hands."""
    url = reverse("console:invitation", args=[made.id])
    if made.letter_id is not None:
        return Done(told, url)
    link = f"{settings.PLUMBLINE_BASE_URL}{reverse('invitation', args=[code])}"
    note = say("链接只在这里显示一次，{day} 前有效，只能用一次。交给本人，不要经过别人。", day=legal_day(made.ends_at))
    return Done(told, url, secret=Secret(link, say("邀请的链接"), note))


def _withdraw(actor: Actor, given: Given, *, at: datetime) -> Done:
    found = credentials.withdraw(actor, id_of(given["invitation"], field="invitation"), at=at)
    told = say("给 {username} 的邀请已撤回", username=found.offer.username)
    return Done(told, reverse("console:accounts"))


def _stop(actor: Actor, given: Given, *, at: datetime) -> Done:
    registers.deactivate(actor, given["username"], reason=given["reason"], at=at)
    return _of(given, say("账号 {username} 已停用，在各处的登录都已结束", username=given["username"]))


def _resume(actor: Actor, given: Given, *, at: datetime) -> Done:
    registers.reactivate(actor, given["username"], reason=given["reason"], at=at)
    return _of(given, say("账号 {username} 已恢复，可以登录", username=given["username"]))


def _clear(actor: Actor, given: Given, *, at: datetime) -> Done:
    registers.clear_ways(actor, given["username"], reason=given["reason"], at=at)
    return _of(given, say("账号 {username} 的通行密钥、验证器和备用码已清除", username=given["username"]))


def _of(given: Given, told: Text) -> Done:
    return Done(told, reverse("console:account", args=[given["username"]]))


def _name(person: PersonFacts) -> Term:
    return Term(person.name_zh, person.name_en or person.name_zh)


def _password(password: str) -> Secret:
    note = say("口令只在这里显示一次，系统不保存。现在抄下，当面交给本人；丢了就换一个新口令。")
    return Secret(password, say("口令"), note)


def _unused(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    found = invitations.unused_invitations()
    return [
        Option(str(each.id), f"{each.offer.username} · {formats.either(each.person_name, each.person_name_en)}")
        for each in found
    ]


def _languages(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    return [Option(code, name) for code, name in settings.LANGUAGES]


def _mail(actor: Actor, typed: Typed) -> tuple[Field, ...]:  # noqa: ARG001  # one signature for all that bring fields
    """Return what is asked of a letter; where no mail is set up, the field says so."""
    if not notices.is_mail_set_up():
        told = say("本平台没有设置发邮件：空着，链接办完后在页面上给出一次")
        return (Field("address", say("邮箱"), required=False, help=told, most=254),)
    told = say("填了，链接直接发给本人；空着，链接办完后在页面上给出一次，由您交给本人")
    return (
        Field("address", say("邮箱"), required=False, help=told, most=254),
        Field("language", say("邮件的语言"), "choice", required=False, offers=_languages,
              begins=lambda _today: settings.LANGUAGE_CODE),
    )  # fmt: skip


INVITATION = Field("invitation", say("哪个邀请"), "select", offers=_unused)
REASON = Field("reason", say("原因"), help=say("会记在账号的经过里"), most=300)
FORMS = (
    RegisterForm(
        "clear-ways", "accounts", say("清除账号的通行密钥和验证器"), say("清除登录方式"), "account.manage",
        first=(USERNAME,), fields=(REASON,), act=_clear,
        note=say("手机和备用码都丢了时用。先当面核对是本人；清除以后单凭口令就能登录，口令也忘了的另换新口令。"),
    ),
    RegisterForm(
        "invite", "accounts", say("邀请一个人开账号"), say("邀请"), "account.manage",
        first=(ORGANISATION,),
        fields=(
            Field("person", say("哪位人员"), "person", offers=people, help=say("名单里没有的，先在单位页登记人员")),
            Field("username", say("账号名"), help=say("登录时用，例如姓名的拼音；不能和别人的相同"), most=80),
            *ROLE,
        ),
        more=_mail, act=_invite, note=say("给出一个链接，本人打开它，自己定口令；没有人替他知道口令。"),
    ),
    RegisterForm(
        "renew-invitation", "accounts", say("给邀请换一个新链接"), say("换新链接"), "account.manage",
        fields=(INVITATION,), act=_renew,
        note=say("原来的链接马上失效。有邮箱的，新链接发到邮箱；没有的，在这里给出一次。"),
    ),
    RegisterForm(
        "withdraw-invitation", "accounts", say("撤回一个邀请"), say("撤回邀请"), "account.manage",
        fields=(INVITATION,), act=_withdraw,
    ),
    RegisterForm(
        "stop-account", "accounts", say("停用一个账号"), say("停用账号"), "account.manage",
        first=(USERNAME,), fields=(REASON,), act=_stop,
        note=say("停用以后不能登录，在各处的登录马上结束；角色和经过都留着，可以恢复。"),
    ),
    RegisterForm(
        "resume-account", "accounts", say("恢复一个停用的账号"), say("恢复账号"), "account.manage",
        first=(USERNAME,), fields=(REASON,), act=_resume,
    ),
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
        note=say("本人忘了口令时用。原来的口令马上失效；新口令只显示一次，本人登录后要先换成自己的。"),
    ),
)  # fmt: skip
