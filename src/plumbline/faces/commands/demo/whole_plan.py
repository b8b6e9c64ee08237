"""The whole city, computed from a seed and a day: 3,000 instruments of twelve categories, and four rounds of visits.

Pure: the same seed and day give the same city. Every name is plainly invented (示例…). Where the rulebook has a method,
instruments are verified; the others stand in the register, and nobody invents a result for them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plumbline.faces.commands.demo import plan
from plumbline.faces.commands.demo.acting import friday
from plumbline.faces.commands.demo.story import Visit
from plumbline.rulebook import catalogue

SEED = 20261122
MONTHS = 24
DAYS = 730
"""As far back as the city goes; the demo's scope, qualifications and measures begin before."""
STATIONS, NOZZLES = 30, 12
HOLDERS_A_KIND, INSTRUMENTS_A_KIND = 4, 240
ROUNDS, BETWEEN_ROUNDS, BETWEEN_STATIONS = 4, 170, 5
FIRST_ROUND = 700
FAILS = 0.02
KINDS: tuple[tuple[str, str, str], ...] = (
    ("MV-NAWI", "示例农贸市场", "Example Market"),
    ("MV-AWI-VEH", "示例公路站", "Example Road Station"),
    ("MV-TANK-TRUCK", "示例运输公司", "Example Haulier"),
    ("MV-LPG", "示例燃气站", "Example Gas Station"),
    ("MV-WATER-S", "示例水务公司", "Example Water Utility"),
    ("MV-GAS-S", "示例燃气公司", "Example Gas Utility"),
    ("MV-BP-AUTO", "示例医院", "Example Hospital"),
    ("MV-PRESS-IND", "示例工厂", "Example Works"),
    ("MV-TAXI", "示例出租车公司", "Example Taxi Company"),
    ("MV-ELEC", "示例供电公司", "Example Power Utility"),
    ("MV-EVDC", "示例充电公司", "Example Charging Company"),
)
"""Eleven categories beside the nozzles, each with who holds such instruments. The rulebook has no method of theirs."""
MAKER = ("示例仪表甲厂", "示例仪表乙厂", "示例仪表丙厂")


@dataclass(frozen=True)
class Holder:
    """An organisation of the city with one site, and the instruments it has of one category."""

    key: str
    name_zh: str
    name_en: str
    region_code: str
    category: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Thing:
    """One instrument without a method: what it is, where it stands, how many days ago it came."""

    key: str
    name_zh: str
    name_en: str
    maker: str
    model: str
    serial: str
    place: str
    days_ago: int


def holders(seed: int = SEED) -> Iterator[Holder]:
    """Yield the organisations that hold instruments of the eleven categories."""
    for number, (category, name_zh, name_en) in enumerate(KINDS):
        chance = random.Random(f"{seed}/{category}")  # noqa: S311  # a demo wants the same city each time
        for place in range(HOLDERS_A_KIND):
            yield Holder(
                f"city-{category}-{place}",
                f"{name_zh}（{'甲乙丙丁'[place]}）",
                f"{name_en} {'ABCD'[place]}",
                plan.COUNTIES[(number * HOLDERS_A_KIND + place) % len(plan.COUNTIES)],
                category,
                tuple(_thing(category, place=place, index=index, chance=chance) for index in range(_share(place))),
            )


def stations(seed: int = SEED) -> tuple[plan.Station, ...]:
    """Return thirty more stations of the demo's companies, with twelve nozzles each."""
    chance = random.Random(f"{seed}/stations")  # noqa: S311  # as above
    return tuple(_station(number, chance=chance) for number in range(STATIONS))


def visits(today: date, seed: int = SEED) -> list[Visit]:
    """Return four rounds of visits to every station, the oldest first; about one nozzle of fifty fails."""
    found = []
    for turn in range(ROUNDS):
        for number, station in enumerate(stations(seed)):
            back = FIRST_ROUND - turn * BETWEEN_ROUNDS - number * BETWEEN_STATIONS
            chance = random.Random(f"{seed}/{turn}/{station.key}")  # noqa: S311  # as above
            failing = frozenset(each.key for each in station.nozzles if chance.random() < FAILS)
            day = friday(today - timedelta(days=back))
            found.append(Visit(f"C/{turn}/{station.key}", station, day, station.nozzles, failing=failing))
    return found


def instrument_count() -> int:
    """Return how many instruments the city has in all."""
    return STATIONS * NOZZLES + len(KINDS) * INSTRUMENTS_A_KIND


def certificate_count() -> int:
    """Return how many nozzles are verified over the two years."""
    return STATIONS * NOZZLES * ROUNDS


def categories() -> Sequence[str]:
    """Return the categories of the city, the one with a method first."""
    return [plan.CATEGORY, *(category for category, _zh, _en in KINDS)]


def _share(place: int) -> int:
    """Return how many of a kind the holder at a place has; together they have all."""
    whole, rest = divmod(INSTRUMENTS_A_KIND, HOLDERS_A_KIND)
    return whole + (place < rest)


def _thing(category: str, *, place: int, index: int, chance: random.Random) -> Thing:
    kind = catalogue.by_code(category)
    return Thing(
        key=f"{category}-{place + 1}-{index + 1:03d}",
        name_zh=f"示例{kind.zh}"[:100],
        name_en=f"Example {kind.en}"[:100],
        maker=MAKER[chance.randrange(len(MAKER))],
        model=f"EX-{chance.randrange(10, 60)}",
        serial=f"EXC{chance.randrange(10**7):07d}",
        place=f"{index + 1:03d} 号",
        days_ago=chance.randrange(5, DAYS),
    )


def _station(number: int, *, chance: random.Random) -> plan.Station:
    return plan.Station(
        key=f"C{number + 1:02d}",
        company=plan.COMPANIES[number % len(plan.COMPANIES)][0],
        name_zh=f"示例加油站（新{number + 1:02d}）",
        name_en=f"Example Station New {number + 1:02d}",
        region_code=plan.COUNTIES[number % len(plan.COUNTIES)],
        nozzles=tuple(_nozzle(number, index, chance=chance) for index in range(NOZZLES)),
    )


def _nozzle(station: int, index: int, *, chance: random.Random) -> plan.Nozzle:
    grade, liquid = plan.GRADES[chance.choices(range(4), weights=(5, 4, 1, 2))[0]]
    maker, model = plan.MAKERS[(station + index // 4) % len(plan.MAKERS)]
    return plan.Nozzle(
        key=f"C{station + 1:02d}-N{index + 1:02d}",
        place=f"{index + 1:02d} 号枪 {grade}",
        liquid=liquid,
        maker=maker,
        model=model,
        serial=f"EXN{station + 1:02d}{index + 1:02d}{chance.randrange(1000, 9999)}",
        bias_percent=round(min(0.22, max(-0.22, chance.gauss(0.03, 0.09))), 3),
    )
