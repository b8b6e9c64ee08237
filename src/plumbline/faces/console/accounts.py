"""Accounts: whose they are and which roles they have, for who manages them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.types import AccountFacts, Actor, RoleFacts
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Chip, Crumb

SHOWN = 50


@dataclass(frozen=True)
class RoleLine:
    """A role of an account in words: for whom, where, until when; kind and word of its state today."""

    words: str
    kind: str
    word: str


@dataclass(frozen=True)
class AccountRow:
    """One account with its roles."""

    username: str
    name: str
    organisation: str
    roles: Sequence[RoleLine]
    has_role: bool
    query: str


@officer
def accounts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the accounts in order of their name. GET: q (how the name begins), after (a name)."""
    require_right(actor, "account.manage")
    text, after = (request.GET.get(name, "").replace("\0", "")[:80] for name in ("q", "after"))
    found = queries.accounts_listed(after=after, text=text.strip(), most=SHOWN + 1)
    rows = [_row(each) for each in found[:SHOWN]]
    rest = {"q": text} if text else {}
    address = reverse("console:accounts")
    context = {
        "phrases": [Phrase(_("账号和角色"))],
        "rows": rows,
        "query": text,
        "chips": [Chip(_("搜索"), text, address)] if text else [],
        "next_url": f"?{urlencode({**rest, 'after': rows[-1].username})}" if len(found) > SHOWN else "",
        "first_url": f"{address}?{urlencode(rest)}" if after else "",
    }
    return page(request, "accounts", context=context, place=Place("accounts", [Crumb(_("账号名册"))]))


def _row(found: AccountFacts) -> AccountRow:
    today = timezone.localdate()
    return AccountRow(
        username=found.username,
        name=found.name,
        organisation=found.organisation_name,
        roles=[_line(each) for each in found.roles],
        has_role=any(each.valid_to is None or each.valid_to >= today for each in found.roles),
        query=urlencode({"username": found.username}),
    )


def _line(held: RoleFacts) -> RoleLine:
    today = timezone.localdate()
    kind, word = ("ok", _("可用")) if held.holds(today) else ("unk", _("已停"))
    if held.valid_from > today:
        word = _("还没有生效")
    elif held.valid_to and held.holds(today):
        word = _("到 {day}").format(day=held.valid_to.isoformat())
    words = " · ".join(part for part in (role_words(held.role), held.organisation_name, held.region_code) if part)
    return RoleLine(words, kind, word)
