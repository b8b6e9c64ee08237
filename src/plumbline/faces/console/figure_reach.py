"""What a page of figures shows: the reader's area, or a division, category or institution chosen in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts, RegionFacts
from plumbline.domain.indicators.types import CoverageLine
from plumbline.domain.indicators.types import Reach as Counted
from plumbline.errors import InputError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named as called
from plumbline.rulebook import catalogue

NAMED_MOST = 30
COUNTS = ("valid", "due", "overdue", "failed", "revoked", "never")


@dataclass(frozen=True)
class Reach:
    """What is chosen. region: a code; category: of the catalogue; body: an institution's code. Empty: all of it.

    page, named: the address of the page and what it names.
    """

    region: str = ""
    category: str = ""
    body: str = ""
    page: str = "console:figures"
    named: tuple[str, ...] = ()

    @cached_property
    def institution(self) -> OrganisationFacts | None:
        """The chosen institution. Raises: InputError for a code that none has."""
        return directory.institution(self.body) if self.body else None

    @property
    def region_codes(self) -> tuple[str, ...] | None:
        """The codes of the chosen division and all below it, None for the whole area."""
        return directory.codes_under(self.region) if self.region else None

    @property
    def categories(self) -> tuple[str, ...]:
        """The chosen category, or all that fall due again and again."""
        periodic = (code for code, each in catalogue.categories().items() if each.is_verified_periodically)
        return (self.category,) if self.category else tuple(periodic)

    @property
    def counted(self) -> Counted:
        """What the figures are asked to count."""
        return Counted(self.categories, self.region_codes, self.institution.id if self.institution else None)

    def counted_by_place(self, actor: Actor) -> Counted:
        """Return the same for what is counted by place alone: a small area is named, so that an index serves."""
        is_small = 0 < len(actor.regions) <= NAMED_MOST and not actor.sees_everything
        return replace(self.counted, region_codes=actor.regions) if is_small and not self.region else self.counted

    @property
    def given(self) -> dict[str, str]:
        """What is chosen, as an address has it."""
        return {"region": self.region, "category": self.category, "body": self.body}

    def address(self, **changed: str) -> str:
        """Return the address of the figures with another choice."""
        return with_(reverse(self.page, args=self.named), {**self.given, **changed})

    def records(self, **narrowed: str) -> str:
        """Return the address of the instruments behind a figure."""
        given = {"periodic": "yes", "region": self.region, "category": self.category, **narrowed}
        return with_(reverse("console:standings"), given)

    def documents(self, **narrowed: str) -> str:
        """Return the address of the documents behind a figure."""
        return with_(reverse("console:certificates"), {"counted": "yes", **self.given, **narrowed})

    def cases(self, **narrowed: str) -> str:
        """Return the address of the cases behind a figure."""
        given = {"phase": "all", "region": self.region, "body": self.body, **narrowed}
        return with_(reverse("console:cases"), given)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What is chosen in words, each with the address without it."""
        found = []
        if self.region:
            found.append((directory.current_regions([self.region])[0].name, self.address(region="")))
        if self.category:
            found.append((called(catalogue.by_code(self.category)), self.address(category="")))
        if self.institution:
            found.append((organisation_words(self.institution), self.address(body="")))
        return found


def reach_of(request: HttpRequest, page: str = "console:figures", *, named: tuple[str, ...] = ()) -> Reach:
    """Return what was chosen. Raises: InputError for a division, category or institution that is not there."""
    region, category = request.GET.get("region", ""), request.GET.get("category", "")
    if category:
        catalogue.by_code(category)
    if region and not directory.current_regions([region]):
        raise InputError(say("没有代码为 {code} 的区划", code=region[:12]), remedy=say("从看板的表里重新选"))
    body = request.GET.get("body", "")
    if body:
        directory.institution(body)
    return Reach(region, category, body, page, named)


def with_(address: str, given: Mapping[str, str]) -> str:
    """Return an address with what is not empty."""
    kept = {name: value for name, value in given.items() if value}
    return f"{address}?{urlencode(kept)}" if kept else address


def organisation_words(organisation: OrganisationFacts) -> str:
    """Return the name of an institution in the reader's language."""
    return formats.either(organisation.name_zh, organisation.name_en)


@dataclass(frozen=True)
class Level:
    """The divisions a table of areas has lines of: those right below what is shown. title: what they are called."""

    title: str
    head: str
    lines: Sequence[tuple[RegionFacts, CoverageLine]]


def by_division(lines: Iterable[CoverageLine], reach: Reach, *, actor: Actor) -> Level:
    """Return lines of counties as lines of the divisions right below the one shown: a province's prefectures, a
    prefecture's counties."""
    found: dict[str, RegionFacts] = {}
    sums: dict[str, CoverageLine] = {}
    for line in lines:
        division = division_below(line.key, reach, actor=actor)
        found[division.code] = division
        sums[division.code] = added(division.code, [line, *filter(None, [sums.get(division.code)])])
    is_counties = all(division.level >= COUNTY for division in found.values())
    title = _("各区县受检率") if is_counties else _("各市受检率")
    return Level(title, _("区县") if is_counties else _("市"), [(found[code], sums[code]) for code in sorted(sums)])


COUNTY = 3


def added(key: str, lines: Iterable[CoverageLine]) -> CoverageLine:
    """Return the sum of some lines under one key."""
    held = list(lines)
    return CoverageLine(key, **{part: sum(getattr(line, part) for line in held) for part in COUNTS})


def division_below(code: str, reach: Reach, *, actor: Actor) -> RegionFacts:
    """Return the division that holds a county and lies right below the highest one shown."""
    way = directory.path(code)
    tops = {reach.region} if reach.region else None if actor.sees_everything else set(actor.regions)
    places = [place for place, each in enumerate(way) if tops is None or each.code in tops]
    return way[max(places[-1] - 1, 0)] if places else way[0]
