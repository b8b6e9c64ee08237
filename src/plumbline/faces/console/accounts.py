"""The page of an account: whose it is, which roles it has, what may be done with it, and who did what to it when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.types import AccountFacts, Actor
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.journal import queries as journal
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.console.act_words import act_story
from plumbline.faces.console.lists import role_line
from plumbline.faces.console.organisations import Line, Part
from plumbline.faces.console.shell import Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.shapes import Crumb, Doing
from plumbline.faces.kit.templatetags.kit import own_language


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
