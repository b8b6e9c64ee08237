"""Roles and their rights: what each may do, whose records it reaches, and the line of the rulebook that says so."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.errors import Hidden, say
from plumbline.faces.console.sheets import Sheet
from plumbline.faces.console.shell import Place, may, officer, page
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.faces.kit.words import status_words
from plumbline.rulebook import delegation, rights
from plumbline.rulebook import roles as rulebook
from plumbline.rulebook.rights import Given


@officer
def roles(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every role with its reach, what it may do in a sentence, and how many hold it."""
    counts = accounts.holders_by_role(on=timezone.localdate()) if sees_accounts(actor) else {}
    heads = [_("角色"), _("管到哪里"), _("说明"), _("权限"), *([_("现在有几人")] if sees_accounts(actor) else [])]
    lines = [_line(code, counts if sees_accounts(actor) else None) for code in rulebook.all_roles()]
    found = rulebook.load().provenance
    note = f"{status_words(found.status)} · {found.note_en if formats.is_english() else found.note_zh}"
    context = {
        "title": ngettext("{n} 个角色", "{n} 个角色", len(lines)).format(n=len(lines)),
        "over": _("角色和权限"),
        "lead": _("每个账号在一个单位里以一个角色办理；能看什么由角色、单位和地区决定，数据库按它筛行。"),
        "sheets": [Sheet("roles", _("角色"), heads, lines, "", note)],
    }
    return page(request, "sheets", context=context, place=Place("roles", [Crumb(_("角色和权限"))]))


@officer
def role(request: HttpRequest, _actor: Actor, *, code: str) -> HttpResponse:
    """Show one role: each right with the rule that gives it, and what may be handed to another."""
    if not rulebook.exists(code):
        raise Hidden(say("没有这个角色"), remedy=say("从角色名单里选"))
    found = rulebook.by_code(code)
    rule = delegation.load()
    facts = [
        (_("管到哪里"), reach_words(found.reach)),
        (_("说明"), found.rule_en if formats.is_english() else found.rule_zh),
        (_("交给别人代办"), _delegable(code, same=delegation.needs_same_role(code))),
    ]
    crumbs = [Crumb(_("角色和权限"), reverse("console:roles")), Crumb(named(found))]
    note = f"{status_words(rule.provenance.status)} · " + (
        rule.provenance.note_en if formats.is_english() else rule.provenance.note_zh
    )
    context = {
        "title": named(found),
        "over": _("角色"),
        "facts": facts,
        "sheets": [rights_sheet(rights.given_to(code), note=note)],
    }
    return page(request, "sheets", context=context, place=Place("roles", crumbs))


def rights_sheet(found: Sequence[Given], *, note: str = "") -> Sheet:
    """Return the section of rights: what, about what, and where the rule that gives it stands."""
    heads = [_("权限"), _("关于"), _("哪条规则给的"), _("规则的状态")]
    lines = [
        [Cell(text_of(each.name)), Cell(text_of(each.subject) or formats.DASH), why_cell(each),
         Cell(status_words(each.provenance.status), css="sub")]
        for each in found
    ]  # fmt: skip
    return Sheet("rights", _("权限"), heads, lines, _("这个角色没有权限"), note)


def why_cell(each: Given) -> Cell:
    """Return where a right is given: file and key of the rulebook."""
    return Cell(f"{each.file} · {each.key}", css="code")


def reach_words(reach: str) -> str:
    """Return whose records a role reaches."""
    return {
        "own": _("本单位的"),
        "institution": _("本机构承办的"),
        "region": _("所管地区的"),
        "everything": _("全部"),
        "public": _("公开的"),
    }[reach]


def sees_accounts(actor: Actor) -> bool:
    """Tell whether somebody may look into who holds what."""
    return may(actor, "account.manage") or may(actor, "audit.read")


def _line(code: str, counts: dict[str, int] | None) -> list[Cell]:
    found = rulebook.by_code(code)
    cells = [
        Cell(named(found), url=reverse("console:role", args=[code])),
        Cell(reach_words(found.reach)),
        Cell(found.rule_en if formats.is_english() else found.rule_zh),
        Cell(formats.number(len(rights.of_role(code))), css="n"),
    ]
    if counts is None:
        return cells
    url = f"{reverse('console:accounts')}?{urlencode({'role': code})}"
    return [*cells, Cell(formats.number(counts.get(code, 0)), url=url, css="n")]


def _delegable(code: str, *, same: bool) -> str:
    count = len(delegation.delegable(code))
    if not count:
        return _("没有可以交出的权限")
    words = ngettext("{n} 项权限可以交给同事", "{n} 项权限可以交给同事", count).format(n=count)
    if same:
        words = ngettext("{n} 项权限可以交给同样角色的同事", "{n} 项权限可以交给同样角色的同事", count).format(n=count)
    return words
