"""What the demo consists of, computed from a seed and a day: organisations, people, stations, nozzles, readings.

Pure: the same seed and day give the same plan. Every name is plainly invented (示例…).
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from plumbline.domain.accounts.types import DEMO_PASSWORD
from plumbline.domain.directory.queries import check_digit

SEED = 20261121
CITY = "330300"
CATEGORY = "MV-FUEL"
PASSWORD = DEMO_PASSWORD
BUREAU, INSTITUTE = "WZSCJG-DEMO", "WZJLY-DEMO"

COUNTIES = (
    "330302", "330303", "330304", "330305", "330324", "330326",
    "330327", "330328", "330329", "330381", "330382", "330383",
)  # fmt: skip
"""One station in each county of the city."""
STATION_NAMES = ("城东", "机场路", "梧田", "北岙", "上塘", "昆阳", "灵溪", "大峃", "罗阳", "塘下", "柳市", "龙江")
STATION_NAMES_EN = (
    "East", "Airport Road", "Wutian", "Beiao", "Shangtang", "Kunyang", "Lingxi", "Daxue", "Luoyang", "Tangxia",
    "Liushi", "Longjiang",
)  # fmt: skip
COMPANIES = (
    ("company-a", "示例石油（甲）有限公司", "Example Petroleum A Ltd"),
    ("company-b", "示例石油（乙）有限公司", "Example Petroleum B Ltd"),
    ("company-c", "示例能源（丙）有限公司", "Example Energy C Ltd"),
    ("company-d", "示例民营加油（丁）有限公司", "Example Independent Fuel D Ltd"),
)
GRADES = (("92#", "petrol"), ("95#", "petrol"), ("98#", "petrol"), ("0# 柴油", "light_diesel"))
MAKERS = (("示例机械甲厂", "EX-2200"), ("示例机械乙厂", "EX-D45"), ("示例机械丙厂", "EX-JY60"))
MEASURE = {
    "nominal_volume_l": "20", "neck_zero_mm": "100", "ml_per_mm": "2", "material": "stainless steel", "U_ml": "5",
    "k": "2",
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """One demo account."""

    username: str
    person_zh: str
    person_en: str
    organisation: str
    role: str
    region: str = ""


ACCOUNTS = (
    Account("bureau", "示例管理员甲", "Example Official A", BUREAU, "city_metrology", CITY),
    Account("county", "示例县局人员乙", "Example County Officer B", BUREAU, "county_market", "330382"),
    Account("reception", "示例受理员丙", "Example Receptionist C", INSTITUTE, "institute_reception"),
    Account("verifier", "示例检定员丁", "Example Verifier D", INSTITUTE, "verifier"),
    Account("verifier2", "示例检定员戊", "Example Verifier E", INSTITUTE, "verifier"),
    Account("checker", "示例核验员己", "Example Checker F", INSTITUTE, "checker"),
    Account("approver", "示例批准人庚", "Example Approver G", INSTITUTE, "approver"),
    Account("keeper", "示例标准负责人辛", "Example Keeper H", INSTITUTE, "standard_owner"),
    Account("quality", "示例质量负责人巳", "Example Quality Manager P", INSTITUTE, "quality_manager"),
    Account("examiner", "示例考评员辰", "Example Examiner O", BUREAU, "standard_examiner", CITY),
    Account("auditor", "示例审计员壬", "Example Auditor I", BUREAU, "auditor"),
    Account("admin", "示例系统管理员癸", "Example Administrator J", BUREAU, "sysadmin"),
    Account("station-a", "示例经办人子", "Example Clerk K", "company-a", "enterprise"),
    Account("station-b", "示例经办人丑", "Example Clerk L", "company-b", "enterprise"),
    Account("station-c", "示例经办人寅", "Example Clerk M", "company-c", "enterprise"),
    Account("station-d", "示例经办人卯", "Example Clerk N", "company-d", "enterprise"),
)


@dataclass(frozen=True)
class Nozzle:
    """One nozzle; `bias_percent` is the error its readings are made from."""

    key: str
    place: str
    liquid: str
    maker: str
    model: str
    serial: str
    bias_percent: float


@dataclass(frozen=True)
class Station:
    """One station of a company with its nozzles."""

    key: str
    company: str
    name_zh: str
    name_en: str
    region_code: str
    nozzles: tuple[Nozzle, ...]


def uscc_of(key: str) -> str:
    """Return an invented credit code with a right check digit; its body says DEM, which no register hands out."""
    digits = f"{zlib.crc32(key.encode()) % 100000:05d}"
    body = f"91{CITY}DEM{digits}X"
    return body + check_digit(body)


def stations(seed: int = SEED) -> tuple[Station, ...]:
    """Return 12 stations with 150 nozzles in all."""
    chance = random.Random(seed)  # noqa: S311  # a demo wants the same city each time
    return tuple(_station(number, county, chance=chance) for number, county in enumerate(COUNTIES))


def _station(number: int, county: str, *, chance: random.Random) -> Station:
    company = COMPANIES[number % len(COMPANIES)][0]
    count = 13 if number < 6 else 12
    return Station(
        key=f"S{number + 1:02d}",
        company=company,
        name_zh=f"示例加油站（{STATION_NAMES[number]}）",
        name_en=f"Example Station ({STATION_NAMES_EN[number]})",
        region_code=county,
        nozzles=tuple(_nozzle(number, index, chance=chance) for index in range(count)),
    )


def _nozzle(station: int, index: int, *, chance: random.Random) -> Nozzle:
    grade, liquid = GRADES[chance.choices(range(4), weights=(5, 4, 1, 2))[0]]
    maker, model = MAKERS[(station + index // 4) % len(MAKERS)]
    return Nozzle(
        key=f"S{station + 1:02d}-N{index + 1:02d}",
        place=f"{index + 1:02d} 号枪 {grade}",
        liquid=liquid,
        maker=maker,
        model=model,
        serial=f"EX{station + 1:02d}{index + 1:02d}{chance.randrange(1000, 9999)}",
        bias_percent=round(min(0.22, max(-0.22, chance.gauss(0.03, 0.09))), 3),
    )


def observations(nozzle: Nozzle, round_key: str, *, drift_percent: float, seals: str = "ok") -> dict[str, object]:
    """Return readings of a verification as somebody would have typed them: two flow points of three runs.

    drift_percent: what the error has moved since the nozzle was set; seals: the answer of that check.
    """
    chance = random.Random(f"{SEED}/{nozzle.key}/{round_key}")  # noqa: S311  # the same readings each time
    air, around = round(chance.uniform(8, 29), 1), nozzle.bias_percent + drift_percent
    points = [
        {
            "code": code,
            "flow_l_per_min": str(chance.randint(*flow)),
            "runs": [_run(nozzle, around + shift + chance.gauss(0, 0.012), air_c=air, chance=chance) for _ in range(3)],
        }
        for code, flow, shift in (("q1", (42, 50), 0.0), ("q2", (12, 20), -0.03))
    ]
    checks = dict.fromkeys(
        ("seals", "type_codes", "self_lock", "software_version", "no_shared_transducer", "reset_zero", "amount"), "ok"
    )
    return {
        "environment": {"temperature_c": f"{air:.1f}", "humidity_percent": str(chance.randint(40, 80))},
        "choices": {"liquid": nozzle.liquid},
        "points": points,
        "checks": {**checks, "seals": seals},
        "remarks": "",
    }


def _run(nozzle: Nozzle, error_percent: float, *, air_c: float, chance: random.Random) -> Mapping[str, str]:
    outlet = round(air_c + chance.uniform(-1.5, 1.0), 1)
    measure = round(outlet + chance.uniform(-0.4, 0.2), 1)
    indicated = round(20 + chance.uniform(-0.05, 0.06), 2)
    expansion = 0.0012 if nozzle.liquid == "petrol" else 0.0009
    at_dispenser = indicated / (1 + error_percent / 100)
    in_measure = at_dispenser / (1 + expansion * (outlet - measure) + 0.00005 * (measure - 20))
    neck = 100 + (in_measure - 20) * 1000 / 2
    return {
        "v_j_l": f"{Decimal(str(indicated)):.2f}",
        "neck_mm": f"{neck:.1f}",
        "t_j_c": f"{outlet:.1f}",
        "t_b_c": f"{measure:.1f}",
    }
