"""Signs the readers of a load test in and says which pages they ask for. asked: {"pages", "seed"}.

Returns for each kind of page who asks, with which cookie, and the addresses; and keys for paging in the database alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any  # what is asked is JSON

from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone
from drills.stand.signing import signed_in

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.cases.models import Case
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.asking import where
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.console import lists
from plumbline.faces.kit.lists import address, read

DEEP = (0.5, 0.99)
OFFICERS = ("load-county", "load-city", "load-province", "load-verifier")
LISTS = ("instruments", "certificates", "cases", "work")
DEEP_LISTS = ("instruments", "certificates", "cases")
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
    found += [
        {"name": f"{line}, after {before:,}: province", "cookie": cookies["load-province"], "paths": [path] * pages}
        for line in DEEP_LISTS
        for before, path in _deep(line)
    ]
    return found + [
        {"name": name, "cookie": cookies["load-province"] if is_signed else "", "paths": paths}
        for name, is_signed, paths in _single(chance, pages)
    ]


def figures(asked: dict[str, int]) -> list[dict[str, Any]]:
    """Return the pages of figures as officers of three levels open them. asked: {"pages"}."""
    pages = {"the page": reverse("console:figures")}
    pages["of a procedure"] = reverse("console:procedure_figures", args=["verification"])
    return [
        {
            "name": f"{name}: {account.removeprefix('load-')}",
            "cookie": signed_in(account),
            "paths": [path] * asked["pages"],
        }
        for name, path in pages.items()
        for account in ("load-county", "load-city", "load-province")
    ]


def _deep(line: str) -> Iterator[tuple[int, str]]:
    """Yield pages far down a list: how many rows lie before each, and its address."""
    now = timezone.now()
    with scoped(EVERYTHING):
        actor = accounts.actor_of("load-province", on=timezone.localdate(now))
    with scoped(actor.scope):
        face = lists.listed(line, actor).face
        wanted = read(face, QueryDict(""))
        order = paging._order(face.spec, wanted)  # a mark is made as the product makes it
        rows = face.spec.rows(actor.scope).filter(where(face.spec, wanted))
        ordered = rows.order_by(*order.reading(is_back=False)[0]).values_list("pk", order.path)
        digest = paging._digest(face.spec, wanted, scope=actor.scope)
        whole = rows.count()
        for before in (int(whole * share) for share in DEEP):
            key, value = ordered[before - 1]
            here = paging.Count(whole, is_whole=False)
            place = paging._Place(value=value, id=key, is_back=False, before=before, count=here)
            yield before, address(face, replace(wanted, token=paging._token(digest, place)))


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
