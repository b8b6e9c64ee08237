"""The simple registers: which there are, and the list of one. Columns, filters and words follow from its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryFilter, PeriodFacts
from plumbline.errors import AccessError, InputError, say
from plumbline.faces.console.shell import Phrase, Place, may, officer, page, require_right
from plumbline.faces.kit import entries as words
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Chip, Crumb, Option
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook import roles
from plumbline.rulebook.registers import Register

DIVIDER = "\x1f"


@dataclass(frozen=True)
class RegisterLine:
    """One register in the overview: how many of it count in the reader's area today."""

    name: str
    about: str
    count: int | None
    url: str
    is_public_part: bool


@dataclass(frozen=True)
class EntryLine:
    """One entry in a list: the title leads to its page."""

    title: str
    url: str
    cells: Sequence[words.Cell]
    kind: str
    word: str
    span: str


@officer
def registers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every register this reader may open, with how many entries count today in their area."""
    today = timezone.localdate()
    lines = [line for each in rulebook.all_registers().values() if (line := _line(actor, each, today=today))]
    context = {
        "phrases": [Phrase(ngettext("{n} 个名册", "{n} 个名册", len(lines)).format(n=len(lines)))],
        "lines": lines,
    }
    return page(request, "registers", context=context, place=Place("registers", [Crumb(_("名册"))]))


@officer
def entries(request: HttpRequest, actor: Actor, *, register_id: str) -> HttpResponse:
    """List the entries of a register by name. GET: q, state, region (a tree), all (ended ones too), after."""
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.read")
    given, today = request.GET, timezone.localdate()
    wanted = wanted_of(register, given, today=today)
    found = kept.entries(wanted, after=place_of(given.get("after", "")))
    rest = {name: given[name] for name in ("q", "state", "region", "all") if given.get(name)}
    address = reverse("console:entries", args=[register.id])
    following = DIVIDER.join((found.next_after[0], str(found.next_after[1]))) if found.next_after else ""
    context = {
        "register": register,
        "phrases": [Phrase(_count_words(actor, register, today=today))],
        "about": words.about(register),
        "heads": [named(field) for field in register.listed_fields],
        "rows": [_entry_line(register, row) for row in found.rows],
        "query": wanted.text,
        "states": [
            Option(state.name, named(state), is_selected=state.name == wanted.state)
            for state in register.states.values()
        ],
        "shows_all": wanted.on is None,
        "chips": _chips(register, rest, address=address),
        "may_edit": may(actor, f"entry.{register.id}.edit"),
        "next_url": f"?{urlencode({**rest, 'after': following})}" if following else "",
        "first_url": f"{address}?{urlencode(rest)}" if given.get("after") else "",
        "files_query": urlencode(rest),
    }
    return page(request, "entries", context=context, place=place(register))


def wanted_of(register: Register, given: Mapping[str, str], *, today: date) -> EntryFilter:
    """Return what the address of a list asks for. Raises: InputError for a state or an area that is none."""
    state, region = given.get("state", ""), given.get("region", "").strip()
    if state and state not in register.states:
        raise InputError(say("没有“{state}”这个状态", state=state[:40]), remedy=say("从所列的状态里选"), field="state")
    codes = directory.codes_under(directory.region(region[:6]).code) if region else ()
    text = given.get("q", "").strip()[:80].replace("\0", "")
    return EntryFilter(register.id, None if given.get("all") else today, text, state, codes)


def place_of(text: str) -> tuple[str, int] | None:
    """Return where a page goes on. Raises: InputError for what no page of ours has written."""
    if not text:
        return None
    title, divider, number = text.rpartition(DIVIDER)
    if not divider or not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise InputError(say("翻页的位置看不懂"), remedy=say("从第一页重新翻"))
    return title, int(number)


def place(register: Register, *further: Crumb) -> Place:
    """Return where a page of a register lies."""
    crumbs = [Crumb(_("名册"), reverse("console:registers"))]
    url = reverse("console:entries", args=[register.id]) if further else ""
    return Place("registers", [*crumbs, Crumb(named(register), url), *further])


def require_read(actor: Actor, register: Register) -> None:
    """Pass if the reader's role reads a register. Raises: AccessError."""
    if not may(actor, f"entry.{register.id}.read"):
        raise AccessError(say("这个名册不归您看"), remedy=say("公开的部分在对外网页上"))


def area_of(actor: Actor) -> tuple[str, ...]:
    """Return the codes of the reader's area; none for a role that sees everything."""
    return actor.regions if roles.by_code(actor.role).reach == "region" else ()


def _line(actor: Actor, register: Register, *, today: date) -> RegisterLine | None:
    reads = may(actor, f"entry.{register.id}.read")
    if not reads and not register.is_public:
        return None
    url = reverse("console:entries", args=[register.id]) if reads else reverse("public-entries", args=[register.id])
    count = kept.entry_count(register.id, region_codes=area_of(actor), on=today) if reads else None
    return RegisterLine(named(register), words.about(register), count, url, not reads)


def _count_words(actor: Actor, register: Register, *, today: date) -> str:
    count = kept.entry_count(register.id, region_codes=area_of(actor), on=today)
    states = "、".join(named(register.states[name]) for name in register.counted_states)
    text = ngettext("{n} 条有效（{states}）", "{n} 条有效（{states}）", count)
    return text.format(n=formats.number(count), states=states)


def _entry_line(register: Register, row: PeriodFacts) -> EntryLine:
    kind, word = words.state_words(register, row.state)
    url = reverse("console:entry", args=[register.id, row.number])
    rest = words.cells(register.listed_fields[1:], row.values)
    return EntryLine(row.title, url, rest, kind, word, words.span_words(row.valid_from, row.valid_to))


def _chips(register: Register, rest: Mapping[str, str], *, address: str) -> list[Chip]:
    names = {"q": _("搜索"), "state": _("状态"), "region": _("行政区划"), "all": _("范围")}
    shown: dict[str, Callable[[str], str]] = {
        "state": lambda text: words.state_words(register, text)[1],
        "region": words.region_words,
        "all": lambda _text: _("包括已结束的"),
    }
    return [
        Chip(
            names[name],
            shown.get(name, str)(text),
            f"{address}?{urlencode({key: value for key, value in rest.items() if key != name})}",
        )
        for name, text in rest.items()
    ]
