"""Signs the readers of a load test in and says what they search for. asked: {"each", "seed"}.

Texts are drawn from rows at random over the whole, so that some belong to the reader's scope and most do not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any  # what a child answers is JSON
from urllib.parse import quote

from django.urls import reverse
from drills.stand.signing import signed_in

from bench.bodies.readers import drawn
from plumbline.domain.cases.models import Case
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped

OFFICERS = ("load-county", "load-city", "load-province", "load-verifier")
WORDS = ("加油", "水表", "压力", "出租", "示例", "计量", "甲厂", "血压")
INITIALS = ("jyj", "ylb", "czqc", "sfryz", "xyj", "qch")
SLIPS = ("加由机", "压力表示", "出租气车计价器", "血鸭计")
BROAD = ("2026", "000", "LT-2026", "EX", "2025-0", "示例 加油")


def main(asked: dict[str, int]) -> list[dict[str, Any]]:
    """Return what is asked for: for each kind of text and each reader a name, a cookie, and addresses."""
    chance, each = random.Random(asked["seed"]), asked["each"]
    texts = _texts(chance, each)
    found = []
    for account in OFFICERS:
        cookie = signed_in(account)
        found += [
            {"name": f"{kind}: {account.removeprefix('load-')}", "cookie": cookie,
             "paths": [f"{reverse('console:suggest')}?q={quote(text)}" for text in said]}
            for kind, said in texts.items()
        ]  # fmt: skip
    return found


def _texts(chance: random.Random, each: int) -> dict[str, list[str]]:
    with scoped(EVERYTHING):
        instruments = drawn(Instrument, chance, pages=each)
        certificates = drawn(Certificate, chance, pages=each)
        cases = drawn(Case, chance, pages=each)
        owners = [row.owner.name_zh for row in instruments]
    piece: Callable[[str], str] = lambda text: text[-6:]  # noqa: E731  # the end is what people read off a label
    return {
        "two characters": [WORDS[number % len(WORDS)] for number in range(each)],
        "initials": [INITIALS[number % len(INITIALS)] for number in range(each)],
        "slip in a name": [SLIPS[number % len(SLIPS)] for number in range(each)],
        "identity": [row.identity for row in instruments],
        "piece of a serial number": [piece(row.serial) for row in instruments],
        "slip in a serial number": [row.serial[:5] + "O" + row.serial[6:] for row in instruments],
        "certificate number": [row.number for row in certificates],
        "piece of a certificate number": [piece(row.number) for row in certificates],
        "piece of a case number": [piece(row.number) for row in cases],
        "organisation": [name[4:9] for name in owners],
        "place and thing": [f"{name[:9]} 加油" for name in owners],
        "far too common": [BROAD[number % len(BROAD)] for number in range(each)],
        "nothing there": [f"没有{number}这样" for number in range(each)],
    }
