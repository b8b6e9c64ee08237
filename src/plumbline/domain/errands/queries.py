"""Reads of errands: those one may see, newest first; one of them; what it has put aside."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.errands import rules
from plumbline.domain.errands.models import Errand, Piece
from plumbline.domain.errands.types import ErrandFacts, ErrandPage, Fault
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError, say

RIGHT = "errand.manage"
PAGE = 25


def errand(errand_id: UUID) -> ErrandFacts:
    """Return an errand. Raises: Hidden if there is none the scope sees."""
    row = Errand.objects.filter(pk=errand_id).first()
    if row is None:
        raise no_such_errand()
    return facts(row)


def exists(errand_id: UUID) -> bool:
    """Tell whether there is an errand of that key, whoever may see it."""
    with scoped(EVERYTHING):
        return Errand.objects.filter(pk=errand_id).exists()


def errands(actor: Actor, *, after: str = "", limit: int = PAGE) -> ErrandPage:
    """Return a page of what the actor may see, newest first. Raises: InputError for a key no page has given."""
    rows = Errand.objects.order_by("-asked_at", "-id")
    if not actor.sees_everything:
        rows = rows.filter(organisation_id=actor.organisation_id)
    try:
        place = rules.read_key(after)
    except ValueError as err:
        raise InputError(say("这一页的地址不完整"), remedy=say("从第一页看起"), field="after") from err
    if place is not None:
        rows = rows.filter(Q(asked_at__lt=place[0]) | Q(asked_at=place[0], id__lt=place[1]))
    found = list(rows[: limit + 1])
    next_key = rules.moment_key(found[limit - 1].asked_at, found[limit - 1].id) if len(found) > limit else ""
    return ErrandPage([facts(row) for row in found[:limit]], next_key)


def newest_of(actor: Actor, kind: str, *, about: str = "") -> ErrandFacts | None:
    """Return what the actor asked for last of a kind, for their organisation; about: its title, where it matters."""
    rows = Errand.objects.filter(person_id=actor.person_id, organisation_id=actor.organisation_id, kind=kind)
    if about:
        rows = rows.filter(title=about)
    row = rows.order_by("-asked_at", "-id").first()
    return facts(row) if row else None


def may_steer(actor: Actor, errand: ErrandFacts) -> bool:
    """Tell whether the actor may stop and resume an errand."""
    manages = accounts.may(actor, RIGHT, subject=Subject())
    return rules.may_steer(person_id=actor.person_id, asker_id=errand.person_id, manages=manages)


def pieces(errand_id: UUID, *, first: int = 0, below: int | None = None) -> Iterator[str]:
    """Yield what an errand has put aside from a number on, below another, in order, one at a time."""
    rows = Piece.objects.filter(errand_id=errand_id, number__gte=first).order_by("number")
    if below is not None:
        rows = rows.filter(number__lt=below)
    for number in list(rows.values_list("number", flat=True)):
        yield Piece.objects.values_list("content", flat=True).get(errand_id=errand_id, number=number)


def no_such_errand() -> Hidden:
    """Return the error of an errand that is not there, or not theirs to see."""
    return Hidden(say("没有这项作业，或者您无权查看"), remedy=say("从“长作业”里选"))


def facts(row: Errand) -> ErrandFacts:
    """Return the facts of a row."""
    spent_s = (row.seen_at - row.leg_at).total_seconds() if row.seen_at and row.leg_at else 0.0
    left_s = rules.seconds_left(done=row.done, of=row.of, leg_done=row.leg_done, spent_s=spent_s)
    return ErrandFacts(
        id=row.id, kind=row.kind, title=row.title, person_id=row.person_id, person_name=row.person_name, role=row.role,
        organisation_id=row.organisation_id, asked=row.asked, asked_at=row.asked_at, state=row.state,
        is_stopping=row.is_stop_asked, phase=row.phase, done=row.done, of=row.of, cursor=row.cursor,
        result=row.result, faults=[found for each in row.fault if (found := _fault(each))], begun_at=row.begun_at,
        seen_at=row.seen_at, ended_at=row.ended_at, left_s=left_s if row.state == "running" else None,
    )  # fmt: skip


def _fault(kept: dict[str, object]) -> Fault | None:
    what = rules.found_text(kept.get("what"))
    if what is None:
        return None
    return Fault(what, rules.found_text(kept.get("where")), rules.found_text(kept.get("remedy")))
