"""The rows of what exists in a load test: owners with one person each, their sites, their instruments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from plumbline.domain.directory.types import OrganisationRow, PersonRow
from plumbline.domain.journal.types import ActRow
from plumbline.domain.registers.types import InstrumentRow, SiteRow
from plumbline.faces.commands.load_test.plan import A_SITE, AN_OWNER, MAKERS, Plan, credit_code
from plumbline.rulebook import catalogue

OWNER, PERSON, SITE, INSTRUMENT, REGISTERING = range(1, 6)
"""Kinds of rows, as their keys tell them apart."""
NOBODY = "0" * 32
_STATES = ("in_use",) * 92 + ("out_of_use",) * 3 + ("sealed",) * 2 + ("scrapped",) * 2 + ("retired",)


class Holdings:
    """The owners, sites and instruments of a plan by number, from 0."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._names = {code: each.zh for code, each in catalogue.categories().items()}
        self._names_en = {code: each.en for code, each in catalogue.categories().items()}

    def owner_key(self, owner: int) -> str:
        """Return the key of an owner."""
        return self._key(OWNER, owner, of=self.plan.owners)

    def person_key(self, owner: int) -> str:
        """Return the key of the person who acts for an owner."""
        return self._key(PERSON, owner, of=self.plan.owners)

    def site_key(self, site: int) -> str:
        """Return the key of a site."""
        return self._key(SITE, site, of=self.plan.sites)

    def instrument_key(self, instrument: int) -> str:
        """Return the key of an instrument."""
        return self._key(INSTRUMENT, instrument, of=self.plan.sizes.instruments)

    def organisations(self, first: int, last: int) -> Iterator[OrganisationRow]:
        """Return the owners from a number to before another."""
        for owner in range(first, last):
            region, _parent = self.plan.county_of_owner(owner)
            yield OrganisationRow(
                self.owner_key(owner), credit_code(region, owner), owner_name(owner),
                f"Example Company {owner + 1:05d}", region, f"示例路 {owner % 900 + 1} 号", "", "000000",
                "000-00000000", "", "", "t", "[]", _moment(self.plan.registered_on(owner, self.plan.owners)),
            )  # fmt: skip

    def people(self, first: int, last: int) -> Iterator[PersonRow]:
        """Return the person of each of some owners."""
        for owner in range(first, last):
            at = _moment(self.plan.registered_on(owner, self.plan.owners))
            yield PersonRow(self.person_key(owner), self.owner_key(owner), person_name(owner), "", at)

    def sites(self, first: int, last: int) -> Iterator[SiteRow]:
        """Return some sites."""
        for site in range(first, last):
            owner = site // AN_OWNER
            region, _parent = self.plan.county_of_owner(owner)
            yield SiteRow(
                self.site_key(site), self.owner_key(owner), site_name(site), f"Example Site {site + 1:06d}",
                f"示例路 {site % 900 + 1} 号", "", region, "t", _moment(self.plan.registered_on(site, self.plan.sites)),
            )  # fmt: skip

    def instruments(self, first: int, last: int) -> Iterator[InstrumentRow]:
        """Return some instruments."""
        for number in range(first, last):
            site = number // A_SITE
            region, _parent = self.plan.county_of_owner(site // AN_OWNER)
            kind = self.plan.kind_of(number)
            yield InstrumentRow(
                self.instrument_key(number), self.plan.identity(number), self.plan.lookup_code("instrument", number),
                kind.category, self._names[kind.category], self._names_en[kind.category], kind.models[number % 3],
                serial_of(number), MAKERS[site % len(MAKERS)], kind.range_text, kind.accuracy_class,
                self.owner_key(site // AN_OWNER), self.site_key(site), region, _STATES[number * 37 % 100],
                f"{number % A_SITE + 1:02d} 号", "{}", f"LT{number + 1:08d}", "t", _moment(self._day(number)),
            )  # fmt: skip

    def registering(self, first: int, last: int) -> Iterator[ActRow]:
        """Return the act by which each of some instruments was registered."""
        for number in range(first, last):
            owner = number // A_SITE // AN_OWNER
            region, _parent = self.plan.county_of_owner(owner)
            day, key = self._day(number), self.owner_key(owner)
            yield ActRow(
                self.plan.row_key(REGISTERING, day, number=number), "instrument", self.instrument_key(number), 1,
                "instrument.register", NOBODY, self.person_key(owner), person_name(owner), "enterprise", key,
                _moment(day), json.dumps({"serial": serial_of(number)}), key, None, region,
            )  # fmt: skip

    def label(self, number: int) -> dict[str, str]:
        """Return what the label of an instrument says, as the facts of a certificate have it."""
        kind, site = self.plan.kind_of(number), number // A_SITE
        return {
            "zh": self._names[kind.category], "en": self._names_en[kind.category], "maker": MAKERS[site % len(MAKERS)],
            "model": kind.models[number % 3], "serial": serial_of(number),
            "position": f"{number % A_SITE + 1:02d} 号", "place": site_name(site),
        }  # fmt: skip

    def _day(self, instrument: int) -> date:
        return self.plan.registered_on(instrument, self.plan.sizes.instruments)

    def _key(self, kind: int, number: int, *, of: int) -> str:
        return self.plan.row_key(kind, self.plan.registered_on(number, of), number=number)


def owner_name(owner: int) -> str:
    """Return the invented name of an owner."""
    return f"示例单位{owner + 1:05d}有限公司"


def person_name(owner: int) -> str:
    """Return the invented name of the person of an owner."""
    return f"示例经办人{owner + 1:05d}"


def site_name(site: int) -> str:
    """Return the invented name of a site."""
    return f"示例地点{site + 1:06d}"


def serial_of(instrument: int) -> str:
    """Return the serial number of an instrument: two letters and ten digits."""
    return f"EX{(instrument + 1) * 737 + instrument % 7:010d}"


def _moment(day: date) -> str:
    return f"{day} 09:00:00+08"
