"""The instruments behind a figure: which they are, whose, where, and since when they are not in order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import STANDINGS, Standing, StandingFacts, StandingFilter
from plumbline.domain.registers import queries as registers
from plumbline.errors import InputError, say
from plumbline.faces.console.figure_reach import Reach, reach_of
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb
from plumbline.rulebook import catalogue


def standing_words(standing: str) -> tuple[str, str]:
    """Return (state kind, word) of how an instrument stands."""
    return {
        "valid": ("ok", _("在有效期内")),
        "due": ("due", _("将到期")),
        "overdue": ("over", _("逾期")),
        "failed": ("bad", _("最近一次不合格")),
        "revoked": ("rev", _("证书已撤销")),
        "never": ("unk", _("从未检定")),
    }[standing]


@officer
def standings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the instruments in use that stand as asked. GET: standing, region, category, after."""
    require_right(actor, "register.read")
    reach, after = reach_of(request), request.GET.get("after", "")
    standing = _standing(request.GET.get("standing", ""))
    wanted = StandingFilter(standing, reach.region_codes or (), reach.categories)
    found = queries.standings(wanted, on=timezone.localdate(), after=after)
    here = {"standing": standing or ""}
    context = {
        "phrases": _answer(len(found.rows), standing, is_part=bool(after or found.next_key)),
        "rows": _rows(found.rows),
        "chips": _chips(reach, standing),
        "next_url": _continued(reach.records(**here), found.next_key),
        "first_url": reach.records(**here) if after else "",
        "back_url": reach.address(),
    }
    crumbs = [Crumb(_("看板"), reach.address()), Crumb(_("器具"))]
    return page(request, "standings", context=context, place=Place("figures", crumbs))


def _standing(text: str) -> Standing | None:
    known: dict[str, Standing] = {each: each for each in STANDINGS}
    if text and text not in known:
        raise InputError(say("没有“{text}”这种现状", text=text[:20]), remedy=say("从看板的数字点进来"))
    return known.get(text)


def _continued(address: str, key: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}after={key}" if key else ""


def _answer(count: int, standing: Standing | None, *, is_part: bool) -> list[Phrase]:
    if not count:
        return [Phrase(_("没有这样的器具"))]
    words = _("本页 {n} 台器具") if is_part else ngettext("{n} 台器具", "{n} 台器具", count)
    phrases = [Phrase(words.format(n=count))]
    return phrases + ([Phrase(standing_words(standing)[1])] if standing else [])


def _chips(reach: Reach, standing: Standing | None) -> list[str]:
    chips = [standing_words(standing)[1]] if standing else []
    chips += [each.name for each in directory.current_regions([reach.region])] if reach.region else []
    return chips + ([named(catalogue.by_code(reach.category))] if reach.category else [])


def _rows(found: tuple[StandingFacts, ...]) -> list[dict[str, object]]:
    """Return the rows of a page: three queries whatever its length."""
    known = {each.id: each for each in registers.instruments_by_id([row.instrument_id for row in found])}
    owners = directory.organisations({each.owner_id for each in known.values()})
    counties = {each.code: each.name for each in directory.current_regions({row.region_code for row in found})}
    return [
        {
            "identity": (each := known[row.instrument_id]).identity,
            "url": reverse("console:instrument", args=[each.identity]),
            "name": formats.either(each.name_zh, each.name_en),
            "place": each.place,
            "owner": formats.either(owners[each.owner_id].name_zh, owners[each.owner_id].name_en),
            "county": counties.get(row.region_code, row.region_code),
            "kind": standing_words(row.standing)[0],
            "word": standing_words(row.standing)[1],
            "valid_until": row.valid_until,
        }
        for row in found
        if row.instrument_id in known
    ]
