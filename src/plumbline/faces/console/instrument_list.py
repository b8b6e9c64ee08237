"""The list of instruments: what each is, whose, where, and until when it is good; continued by key."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import queries
from plumbline.domain.registers.types import InstrumentFacts, InstrumentFilter
from plumbline.errors import InputError, say
from plumbline.faces.console.shell import Phrase, Place, may, officer, page, require_right
from plumbline.faces.console.words import due_words, instrument_state, validity
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation_view import issued_points
from plumbline.faces.kit.shapes import Chip, Crumb, Option

STATES = ("in_use", "out_of_use", "sealed", "scrapped", "retired")


@dataclass(frozen=True)
class InstrumentRow:
    """One instrument of the list."""

    identity: str
    url: str
    name: str
    place: str
    owner: str
    site: str
    serial: str
    valid_until: str
    error: str
    is_failed: bool
    kind: str
    word: str


@officer
def instruments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the instruments the actor may see. GET: q, state, owner, after."""
    require_right(actor, "register.read")
    text, state, after = (request.GET.get(name, "").strip() for name in ("q", "state", "after"))
    wanted = InstrumentFilter(text=text[:80], state=state if state in STATES else "")
    found = queries.instruments(wanted, after=_key(after))
    rows = instrument_rows(found.instruments)
    following = str(found.next_after) if found.next_after else ""
    context = {
        "phrases": _answer(rows, is_part=bool(following or after)),
        "rows": rows,
        "query": text,
        "states": [Option(name, instrument_state(name)[1], is_selected=name == state) for name in STATES],
        "chips": _chips(text, state),
        "next_url": _address(text, state, after=following) if following else "",
        "first_url": _address(text, state) if after else "",
        "may_register": may(actor, "register.edit"),
    }
    return page(request, "instruments", context=context, place=Place("instruments", [Crumb(_("计量器具"))]))


def instrument_rows(found: tuple[InstrumentFacts, ...]) -> list[InstrumentRow]:
    """Return the rows of a page: three queries whatever its length."""
    today = timezone.localdate()
    newest = certificates.current_of([each.id for each in found], on=today)
    owners = directory.organisations({each.owner_id for each in found})
    sites = queries.sites_by_id({each.site_id for each in found if each.site_id})
    rows = []
    for each in found:
        document = newest.get(each.id)
        kind, word = validity(document, each.state, today=today)
        points = issued_points(document.facts) if document else []
        worst = max(points, key=lambda point: abs(float(point.error or 0)), default=None)
        owner, site = owners.get(each.owner_id), sites.get(each.site_id) if each.site_id else None
        rows.append(
            InstrumentRow(
                identity=each.identity,
                url=reverse("console:instrument", args=[each.identity]),
                name=each.name_en if formats.is_english() and each.name_en else each.name_zh,
                place=each.place,
                owner=formats.either(owner.name_zh, owner.name_en) if owner else "",
                site=formats.either(site.name_zh, site.name_en) if site else formats.DASH,
                serial=each.serial,
                valid_until=formats.day(document.valid_until if document else None),
                error=formats.signed(worst.error) if worst and worst.error else formats.DASH,
                is_failed=worst is not None and worst.kind == "bad",
                kind=kind,
                word=word,
            )
        )
    return rows


def _answer(rows: list[InstrumentRow], *, is_part: bool) -> list[Phrase]:
    if not rows:
        return [Phrase(_("没有这样的器具"))]
    late = sum(row.kind == "over" for row in rows)
    due = sum(row.kind == "due" for row in rows)
    failed = sum(row.kind == "bad" for row in rows)
    count = len(rows)
    whole = ngettext("{n} 台器具", "{n} 台器具", count).format(n=count)
    phrases = [Phrase(_("本页 {n} 台器具").format(n=count) if is_part else whole)]
    phrases += [Phrase(ngettext("{n} 台逾期", "{n} 台逾期", late).format(n=late), "bad")] if late else []
    phrases += [Phrase(due_words(due), "due")] if due else []
    failed_words = ngettext("{n} 台不合格", "{n} 台不合格", failed).format(n=failed)
    return phrases + ([Phrase(failed_words, "bad")] if failed else [])


def _key(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("翻页的位置看不懂"), remedy=say("从第一页重新翻")) from err


def _chips(text: str, state: str) -> list[Chip]:
    chips = [Chip(_("含有"), text, _address("", state))] if text else []
    return chips + ([Chip(_("状态"), instrument_state(state)[1], _address(text, ""))] if state in STATES else [])


def _address(text: str, state: str, *, after: str = "") -> str:
    given = {name: value for name, value in (("q", text), ("state", state), ("after", after)) if value}
    return f"{reverse('console:instruments')}?{urlencode(given)}" if given else reverse("console:instruments")
