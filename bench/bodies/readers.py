"""Signs the readers of a load test in and says which pages they ask for. asked: {"pages", "seed"}.

Returns for each kind of page who asks, with which cookie, and the addresses; and keys for paging in the database alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any  # what is asked is JSON

from django.urls import reverse
from drills.stand.signing import signed_in

from plumbline.domain.cases.models import Case
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped

OFFICERS = ("load-county", "load-city", "load-province", "load-verifier")
LISTS = ("instruments", "certificates", "cases", "work")
OWNERS = ("my-instruments", "my-certificates", "my-cases")


def main(asked: dict[str, int]) -> list[dict[str, Any]]:
    """Return what is asked for, each with a name."""
    chance, pages = random.Random(asked["seed"]), asked["pages"]
    cookies = {name: signed_in(name) for name in (*OFFICERS, "load-owner")}
    found = [
        {"name": f"{line}: {account.removeprefix('load-')}", "cookie": cookies[account], "paths": [path] * pages}
        for account in OFFICERS
        for line, path in ((line, reverse(f"console:{line}")) for line in LISTS)
    ]
    found += [
        {"name": f"{line}: owner", "cookie": cookies["load-owner"], "paths": [reverse(line)] * pages} for line in OWNERS
    ]
    return found + [
        {"name": name, "cookie": cookies["load-province"] if is_signed else "", "paths": paths}
        for name, is_signed, paths in _single(chance, pages)
    ]


def _single(chance: random.Random, pages: int) -> Iterator[tuple[str, bool, list[str]]]:
    """Yield pages of single things, drawn at random over the whole."""
    with scoped(EVERYTHING):
        cases, instruments = drawn(Case, chance, pages=pages), drawn(Instrument, chance, pages=pages)
        rows = drawn(Certificate, chance, pages=pages)
    yield "case page", True, [reverse("console:case", args=[each.number]) for each in cases]
    yield "instrument page", True, [reverse("console:instrument", args=[each.identity]) for each in instruments]
    yield "certificate page", True, [reverse("console:certificate", args=[each.number]) for each in rows]
    yield "/c/<code>, of a load-test row", False, [reverse("public-check", args=[each.code]) for each in rows]


def drawn(model: type[Any], chance: random.Random, *, pages: int) -> list[Any]:
    """Return rows at random: those whose keys follow a key drawn between the first and the last."""
    first, last = (model.objects.order_by(order).values_list("id", flat=True)[0].int for order in ("id", "-id"))
    found: list[Any] = []
    while len(found) < pages:
        row = model.objects.filter(id__gte=_uuid(chance.randint(first, last))).order_by("id").first()
        found += [row] if row is not None else []
    return found


def _uuid(number: int) -> str:
    return f"{number:032x}"
