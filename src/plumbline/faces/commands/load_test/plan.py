"""What a load test consists of, computed from its sizes, a seed and a day: the same plan gives the same rows.

Pure. Owners have 5 sites, sites 10 instruments; a site has a case again and again over 24 months, each on some of its
instruments. Regions are the real counties of one province; every name is plainly invented (示例…).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from plumbline.domain.directory.queries import check_digit
from plumbline.domain.rows.codes import LOOKUP_LENGTH, identity_of
from plumbline.errors import InputError, say
from plumbline.rulebook import regions

A_SITE, AN_OWNER = 10, 5
"""Instruments of a site, sites of an owner."""
DAYS = 730
UNIX_DAY = date(1970, 1, 1).toordinal()
YOUNG_SHARE = 25
"""The newest twenty-fifth of the cases, about a month of them, is where open ones are found."""
WITHDRAWN_EVERY, WITHDRAWN_AT = 50, 7
YOUNG_STATES = (
    "submitted", "accepted", "assigned", "in_work", "measured", "checked", "approved", "issued", "delivered",
    "returned", "withdrawn", "delivered",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of instrument: its category, how many months a verification lasts, and what its label says."""

    category: str
    months: int
    range_text: str
    accuracy_class: str
    models: tuple[str, str, str]


KINDS = (
    Kind("MV-FUEL", 6, "(5~60) L/min", "±0.30 %", ("EX-2200", "EX-D45", "EX-JY60")),
    Kind("MV-NAWI", 12, "(0~30) kg", "III", ("EX-TCS30", "EX-ACS15", "EX-DT150")),
    Kind("MV-AWI-VEH", 12, "(0~100) t", "5", ("EX-ZDG100", "EX-DCS80", "EX-WIM60")),
    Kind("MV-TANK-TRUCK", 12, "(0~30) m³", "0.25", ("EX-GC30", "EX-GC20", "EX-GC45")),
    Kind("MV-CNG", 12, "(1~30) kg/min", "1.0", ("EX-CNG2", "EX-JQ30", "EX-CNG4")),
    Kind("MV-LNG", 12, "(3~80) kg/min", "1.5", ("EX-LNG1", "EX-JYQ80", "EX-LNG3")),
    Kind("MV-BP-AUTO", 12, "(0~40) kPa", "±0.4 kPa", ("EX-BP30", "EX-NIBP", "EX-BP8")),
    Kind("MV-PRESS-IND", 6, "(0~1.6) MPa", "1.6", ("EX-Y100", "EX-Y150", "EX-YB60")),
    Kind("MV-TAXI", 12, "(0~999) km", "-", ("EX-TX4", "EX-TX9", "EX-JJQ")),
    Kind("MV-GASDET", 12, "(0~100) %LEL", "-", ("EX-GD1", "EX-KB6", "EX-GD5")),
    Kind("MV-ECG", 12, "(0.5~10) mV", "-", ("EX-ECG12", "EX-ECG3", "EX-ECG6")),
    Kind("MV-EVDC", 36, "(0~250) A", "2", ("EX-DC120", "EX-DC60", "EX-DC180")),
)
MAKERS = ("示例机械甲厂", "示例机械乙厂", "示例机械丙厂", "示例仪表丁厂", "示例电子戊厂")


@dataclass(frozen=True)
class Sizes:
    """How many of each are asked for."""

    instruments: int
    certificates: int
    cases: int


@dataclass(frozen=True)
class Plan:
    """A load test. day: the last day of its 24 months; province: its region code."""

    sizes: Sizes
    seed: int
    day: date
    province: str

    def check(self) -> None:
        """Pass if it can be made. Raises: InputError naming the number that cannot be."""
        if min(self.sizes.instruments, self.sizes.cases) < 1 or self.sizes.certificates < 0:
            raise InputError(say("数量必须是正数"), remedy=say("改正 --instruments、--certificates、--cases"))
        if self.sizes.certificates > self.closed_cases * self.site_size:
            raise InputError(
                say("{cases} 项业务放不下 {count} 行证书", cases=self.sizes.cases, count=self.sizes.certificates),
                remedy=say("每项已签发的业务最多 {most} 行：多要业务，或少要证书", most=self.site_size),
                field="certificates",
            )
        if not self.counties:
            raise InputError(
                say("“{code}”下面没有现行的县级区划", code=self.province), remedy=say("填省级代码，例如 330000")
            )

    @cached_property
    def counties(self) -> tuple[tuple[str, str], ...]:
        """The counties of the province with the code above each, which is where its institute is."""
        found = [each for each in regions.divisions() if each.is_current]
        above = {each.code: each.parent for each in found if each.level == 2}
        counties = [each for each in found if each.level == 3 and above.get(each.parent) == self.province]
        return tuple((each.code, each.parent) for each in sorted(counties, key=lambda each: each.code))

    @cached_property
    def prefectures(self) -> tuple[str, ...]:
        """The places of the institutes."""
        return tuple(dict.fromkeys(parent for _code, parent in self.counties))

    @cached_property
    def sites(self) -> int:
        """How many sites there are."""
        return -(-self.sizes.instruments // A_SITE)

    @cached_property
    def owners(self) -> int:
        """How many owners there are."""
        return -(-self.sites // AN_OWNER)

    @cached_property
    def site_size(self) -> int:
        """How many instruments stand on every site but the last."""
        return min(A_SITE, self.sizes.instruments)

    @cached_property
    def full_sites(self) -> int:
        """How many sites have all their instruments: only those have cases."""
        return max(1, self.sizes.instruments // A_SITE)

    def county_of_owner(self, owner: int) -> tuple[str, str]:
        """Return the county of an owner, and the place of the institute in charge."""
        return self.counties[owner % len(self.counties)]

    def state_of(self, case: int) -> str:
        """Return the state a case has come to: old ones are done, a few withdrawn; young ones are in every state."""
        if case >= self.first_young:
            return YOUNG_STATES[(case - self.first_young) % len(YOUNG_STATES)]
        return "withdrawn" if case % WITHDRAWN_EVERY == WITHDRAWN_AT else "delivered"

    @cached_property
    def first_young(self) -> int:
        """The first of the cases that may be open."""
        return max(0, self.sizes.cases - max(len(YOUNG_STATES), self.sizes.cases // YOUNG_SHARE))

    @cached_property
    def closed_cases(self) -> int:
        """How many cases have come as far as certificates."""
        return self.closed_before(self.sizes.cases)

    def closed_before(self, case: int) -> int:
        """Return how many of the cases before one have come as far as certificates."""
        old, young = min(case, self.first_young), max(0, case - self.first_young)
        rounds, rest = divmod(young, len(YOUNG_STATES))
        in_a_round, in_the_rest = (
            sum(has_certificates(state) for state in YOUNG_STATES[:end]) for end in (len(YOUNG_STATES), rest)
        )
        return old - (old + WITHDRAWN_EVERY - WITHDRAWN_AT - 1) // WITHDRAWN_EVERY + rounds * in_a_round + in_the_rest

    def certificates_before(self, closed: int) -> int:
        """Return how many certificates belong to the first of the closed cases: spread evenly, all in the end."""
        return self.sizes.certificates * closed // max(1, self.closed_cases)

    def site_of_case(self, case: int) -> int:
        """Return the site of a case: each site comes once before any comes again."""
        return case % self.full_sites

    def instruments_of_case(self, case: int, count: int) -> list[int]:
        """Return some instruments of the site of a case, others than the last time as far as there are others."""
        first, turn = self.site_of_case(case) * A_SITE, case // self.full_sites * 3
        return [first + (turn + place) % self.site_size for place in range(count)]

    def opened_on(self, case: int) -> date:
        """Return the day a case was opened: in order over the 24 months, a week before the end at the latest."""
        return self.day - timedelta(days=DAYS) + timedelta(days=(DAYS - 7) * case // self.sizes.cases)

    def registered_on(self, number: int, of: int) -> date:
        """Return the day the owner, site or instrument of a number was registered: in the year before the cases."""
        return self.day - timedelta(days=DAYS + 365) + timedelta(days=364 * number // max(1, of))

    def kind_of(self, instrument: int) -> Kind:
        """Return the kind of an instrument: a site has instruments of three kinds."""
        site, place = divmod(instrument, A_SITE)
        return KINDS[(site * 3 + place % 3) % len(KINDS)]

    def identity(self, instrument: int) -> str:
        """Return the code printed on an instrument; no two are alike."""
        return identity_of((instrument + 1) << 24 | int.from_bytes(self._digest("identity", instrument, size=3)))

    def lookup_code(self, kind: str, number: int) -> str:
        """Return the public code of an instrument or a load-test row: its own, in order, so that rows go in fast."""
        return f"{number:08X}{self._digest(kind, number, size=LOOKUP_LENGTH // 2 - 4).hex().upper()}"

    def _digest(self, kind: str, number: int, *, size: int) -> bytes:
        return hashlib.blake2b(f"{self.seed}/{kind}/{number}".encode(), digest_size=size).digest()

    def row_key(self, kind: int, day: date, *, number: int) -> str:
        """Return the key of a row in the form of a UUIDv7: by day, kind and number. kind: below 4096."""
        milliseconds = (day.toordinal() - UNIX_DAY) * 86_400_000
        return f"{milliseconds:012x}7{kind:03x}{0b10 << 62 | (self.seed & 0x3FFF) << 48 | number:016x}"


def has_certificates(state: str) -> bool:
    """Tell whether a case in a state has come as far as certificates."""
    return state in ("issued", "delivered")


def credit_code(region_code: str, number: int) -> str:
    """Return an invented credit code with a right check digit; its body says LD, which no register hands out."""
    body = f"92{region_code}LD{number:07d}"
    return body + check_digit(body)
