"""What can this person see? For each way an account may act: what it opens, by which rule, and how many rows.

The rows are counted under the row-level security of that person, in the same transaction and put back afterwards, so
that the answer is the database's own. Only counts leave it; a link leads to what the reader of the page may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.scope import scoped
from plumbline.errors import Hidden, say
from plumbline.faces.console.list_face import Listed
from plumbline.faces.console.lists import LISTS
from plumbline.faces.console.role_pages import reach_words, rights_sheet, why_cell
from plumbline.faces.console.sheets import Sheet
from plumbline.faces.console.shell import Place, may, officer, page
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.doers import actor_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.lists import count_words
from plumbline.faces.kit.nav import organisation_words, role_words
from plumbline.faces.kit.shapes import Crumb, Tab
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import registers, rights, roles

LOOKING = ("account.manage", "audit.read")


@officer
def sees(request: HttpRequest, actor: Actor, *, username: str) -> HttpResponse:
    """Show what an account sees in one of the ways it may act. GET `as`: the key of that way, the first if none."""
    today = timezone.localdate()
    ways = [each for each in accounts.actors_named(username, on=today) if _may_look(actor, each)]
    if not ways:
        raise Hidden(say("没有这个账号，或者您无权查看"), remedy=say("从账号名册里选"))
    chosen = next((each for each in ways if str(each.membership_id) == request.GET.get("as")), ways[0])
    with scoped(chosen.scope):
        sheets = [_lists(chosen, actor, today=today), _registers(chosen, actor), _acts(chosen)]
    context = {
        "title": _("{name}能看到什么").format(name=actor_words(chosen)),
        "over": _("账号 {username}").format(username=username),
        "lead": _("行数是数据库按这个人的权限数出来的；链接打开的是您自己能看到的。"),
        "tabs": [_tab(each, is_current=each is chosen) for each in ways] if len(ways) > 1 else [],
        "facts": _facts(chosen),
        "sheets": sheets,
    }
    crumbs = [
        Crumb(_("账号名册"), reverse("console:accounts") if may(actor, "account.manage") else ""),
        Crumb(username),
    ]
    return page(request, "sheets", context=context, place=Place("accounts", crumbs))


def _may_look(actor: Actor, other: Actor) -> bool:
    """Tell whether somebody may look into how an account acts: their own, or one of the houses they look after."""
    if other.user_id == actor.user_id:
        return True
    house = directory.organisation(other.organisation_id)
    subject = Subject(house.id, house.id, house.region_code)
    return any(accounts.may(actor, right, subject=subject) for right in LOOKING)


def _tab(each: Actor, *, is_current: bool) -> Tab:
    parts = (organisation_words(each), role_words(each.role), actor_words(each) if each.behalf else "")
    label = " · ".join(part for part in parts if part)
    return Tab(label, f"?{urlencode({'as': str(each.membership_id)})}", is_current=is_current)


def _facts(chosen: Actor) -> list[tuple[str, str]]:
    role = roles.by_code(chosen.role)
    facts = [
        (_("角色"), named(role)),
        (_("单位"), organisation_words(chosen)),
        (_("管到哪里"), _("{reach}（{file}，{key}）").format(
            reach=reach_words(role.reach), file="roles.toml", key=f"roles.{role.code}.reach")),
    ]  # fmt: skip
    if chosen.regions:
        first = directory.path(chosen.regions[0])
        facts.append((_("地区"), f"{first[0].name} {chosen.regions[0]}" if first else chosen.regions[0]))
    return facts


def _lists(chosen: Actor, reader: Actor, *, today: date) -> Sheet:
    """Return the lists with their rows. What the role opens is counted under the scope in force: the person's own."""
    given = {each.code: each for each in rights.given_to(chosen.role)}
    lines = []
    for make in LISTS.values():
        shown: Listed = make(chosen, today)
        spec = shown.face.spec
        title = Cell(text_of(spec.title), url=shown.face.url if may(reader, spec.right) else "")
        if not accounts.has_right(chosen, spec.right):
            lines.append([title, Cell(_("看不到"), kind="unk"), Cell(_("这个角色没有“{right}”").format(
                right=_right_name(spec.right)), css="sub"), Cell(formats.DASH, css="n")])  # fmt: skip
            continue
        count = paging.counted(spec, scope=chosen.scope)
        lines.append(
            [title, Cell(_("看得到"), kind="ok"), why_cell(given[spec.right]), Cell(count_words(count), css="n")]
        )
    return Sheet("lists", _("清单"), _heads(), lines, "")


def _registers(chosen: Actor, reader: Actor) -> Sheet:
    given = {each.code: each for each in rights.given_to(chosen.role)}
    lines = []
    for register in registers.all_registers().values():
        right = f"entry.{register.id}.read"
        url = reverse("console:entries", args=[register.id]) if may(reader, right) else ""
        title = Cell(text_of(register.name), url=url)
        if not accounts.has_right(chosen, right):
            word = _("只看得到公开的") if register.is_public else _("看不到")
            lines.append([title, Cell(word, kind="unk"), Cell(formats.DASH), Cell(formats.DASH, css="n")])
            continue
        most = paging.COUNTED_MOST
        found = kept.visible_entries(register.id, most=most + 1)
        words = count_words(paging.Count(min(found, most), is_whole=found <= most))
        lines.append([title, Cell(_("看得到"), kind="ok"), why_cell(given[right]), Cell(words, css="n")])
    return Sheet("registers", _("名册"), _heads(), lines, "")


def _acts(chosen: Actor) -> Sheet:
    held = [each for each in rights.given_to(chosen.role) if accounts.has_right(chosen, each.code)]
    note = _("代办只有交出的权限。") if chosen.behalf else ""
    return rights_sheet(held, note=note)


def _heads() -> Sequence[str]:
    return [_("清单"), _("看不看得到"), _("哪条规则给的"), _("行数")]


def _right_name(code: str) -> str:
    known = roles.load().rights
    return text_of(known[code].en if formats.is_english() else known[code].zh) if code in known else code
