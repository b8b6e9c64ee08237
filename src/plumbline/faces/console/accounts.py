"""The page of an account: whose it is, which roles it has, what may be done with it, and who did what to it when.

And the page of an invitation to one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.types import AccountFacts, Actor
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.credentials.types import InvitationFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.notices import queries as notices
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.console.act_words import act_story
from plumbline.faces.console.lists import role_line
from plumbline.faces.console.organisations import Line, Part
from plumbline.faces.console.shell import Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Crumb, Doing
from plumbline.faces.kit.templatetags.kit import own_language, text_of


@officer
def account(request: HttpRequest, actor: Actor, *, username: str) -> HttpResponse:
    """Show an account with its roles and its story."""
    require_right(actor, "account.manage")
    try:
        found = queries.account(username)
    except InputError as err:
        raise Hidden(say("没有这个账号，或者您无权查看"), remedy=say("从账号名册里选")) from err
    now = timezone.now()
    context = {
        "title": found.username,
        "over": _("账号"),
        "facts": [
            (_("姓名"), own_language(formats.either(found.name, found.name_en))),
            (_("单位"), own_language(formats.either(found.organisation_name, found.organisation_name_en))),
            (_("状态"), _standing(found)),
            (_("登录方式"), _ways(found)),
        ],
        "parts": [_roles(found)],
        "story": act_story(journal.acts_of(found.id), now=now),
    }
    crumbs = [Crumb(_("账号名册"), reverse("console:accounts")), Crumb(found.username)]
    return page(request, "thing", context=context, place=Place("accounts", crumbs))


@officer
def invitation(request: HttpRequest, actor: Actor, *, invitation_id: UUID) -> HttpResponse:
    """Show an invitation: to whom, until when, what became of its letter; and what may be done with it."""
    require_right(actor, "account.manage")
    found, now = credentials.invitation(invitation_id), timezone.now()
    name = formats.either(found.person_name, found.person_name_en)
    house = formats.either(found.organisation_name, found.organisation_name_en)
    context = {
        "title": found.offer.username,
        "over": _("邀请"),
        "facts": [
            (_("姓名"), own_language(name)),
            (_("单位"), own_language(house)),
            (_("角色"), role_words(found.offer.grant.role)),
            (_("状态"), _open_words(found, now)),
            (_("有效到"), formats.moment(found.ends_at)),
        ],
        "parts": [_link(found)],
        "story": act_story(journal.acts_of(found.id), now=now),
    }
    crumbs = [Crumb(_("账号名册"), reverse("console:accounts")), Crumb(found.offer.username)]
    return page(request, "thing", context=context, place=Place("accounts", crumbs))


def _open_words(found: InvitationFacts, now: datetime) -> str:
    if found.used_at:
        return _("已接受")
    if found.withdrawn_at:
        return _("已撤回")
    return _("等本人打开链接") if found.is_open(now) else _("已过期")


def _link(found: InvitationFacts) -> Part:
    """Return where the link was mailed, what became of the letter, and what may be done with it."""
    names = {"renew-invitation": _("再发一次，换新链接"), "withdraw-invitation": _("撤回邀请")}
    if found.used_at or found.withdrawn_at:
        names = {}
    query = urlencode({"invitation": str(found.id)})
    doing = [Doing(label, f"{reverse('console:register', args=[each])}?{query}") for each, label in names.items()]
    letter = notices.letter(found.letter_id) if found.letter_id else None
    lines = []
    if letter is not None:
        state = notices.states_of_letters()[letter.state]
        cells = [found.offer.address, formats.moment(letter.made_at), letter.fault]
        lines = [Line(cells, state.state, text_of(state.title))]
    heads = [_("邮箱"), _("写成时间"), _("最近一次为什么没发出"), _("状态")]
    return Part("link", _("链接"), heads, lines, _("没有发邮件，链接由邀请的人交给本人"), doing, "mail")


def _standing(found: AccountFacts) -> str:
    if not found.is_active:
        return _("已停用")
    return _("能登录，口令还没有换成自己的") if found.is_first_password else _("能登录")


def _ways(found: AccountFacts) -> str:
    """Return what the account may be signed in to with; what exactly is its holder's to see."""
    methods = credentials.methods(found.id)
    held = (
        (_("口令"), methods.has_password),
        (_("通行密钥"), methods.passkeys),
        (_("验证器"), methods.code_since),
        (_("外部身份"), methods.outside),
    )
    return formats.joined(word for word, has in held if has)


def _roles(found: AccountFacts) -> Part:
    today = timezone.localdate()
    lines = []
    for held in found.roles:
        shown = role_line(held, today)
        days = formats.day(held.valid_from), formats.day(held.valid_to)
        lines.append(Line([shown.text, *days], shown.kind, str(shown.value)))
    has_role = any(each.valid_to is None or each.valid_to >= today for each in found.roles)
    names = {"role": _("给角色"), **({"end-role": _("停掉角色")} if has_role else {}), "password": _("换新口令")}
    names |= {"clear-ways": _("清除登录方式")} if credentials.has_second(found.id) else {}
    names |= {"stop-account": _("停用账号")} if found.is_active else {"resume-account": _("恢复账号")}
    query = urlencode({"username": found.username})
    doing = [Doing(label, f"{reverse('console:register', args=[name])}?{query}") for name, label in names.items()]
    doing.append(Doing(_("能看到什么"), reverse("console:sees", args=[found.username])))
    heads = [_("角色"), _("起始日期"), _("终止日期"), _("状态")]
    return Part("roles", _("角色"), heads, lines, _("没有角色"), doing, "people")
