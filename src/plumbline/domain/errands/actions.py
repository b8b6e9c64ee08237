"""Writes of errands: ask for one, answer it, stop it, have it taken up again; put pieces aside; note how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands import queries
from plumbline.domain.errands.models import Errand, Piece
from plumbline.domain.errands.types import ASKS, FAILED, OPEN_STATES, RUNNING, STOPPED, WAITING, ErrandFacts, NewErrand
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, StateError, say

FORGOTTEN = timedelta(days=7)
"""How long what an errand has put aside waits for its person."""


@transaction.atomic
def ask(actor: Actor, errand: NewErrand, *, at: datetime, request_id: UUID | None = None) -> ErrandFacts:
    """Ask for an errand; the same request again (a double click) answers with the errand it has made.

    The caller has asked whether the actor may have it done. Raises: AccessError for who acts in no role.
    """
    if actor.membership_id is None and actor != SYSTEM:
        raise AccessError(say("没有角色，不能要长作业"), remedy=say("换用有角色的账号"))
    key = request_id or new_id()
    if request_id is not None and not Errand.objects.filter(pk=key, person_id=actor.person_id).exists():
        _refuse_foreign(key)
    row, _is_new = Errand.objects.get_or_create(
        id=key,
        person_id=actor.person_id,
        defaults={
            "kind": errand.kind, "title": errand.title[:200], "organisation_id": actor.organisation_id,
            "membership_id": actor.membership_id, "person_name": actor.name, "role": actor.role,
            "asked": dict(errand.asked), "asked_at": at, "state": WAITING,
        },
    )  # fmt: skip
    return queries.facts(row)


@transaction.atomic
def answer(actor: Actor, errand_id: UUID, *, answers: Mapping[str, object]) -> ErrandFacts:
    """Give an errand what it asks for, and have it go on. Raises: AccessError; StateError if it asks nothing."""
    row = _locked(actor, errand_id)
    if row.state != ASKS:
        raise StateError(say("这项作业现在不等答复"), remedy=say("刷新页面，看它到了哪一步"))
    row.asked = {**row.asked, **answers}
    row.state = WAITING
    row.save(update_fields=["asked", "state"])
    return queries.facts(row)


@transaction.atomic
def stop(actor: Actor, errand_id: UUID) -> ErrandFacts:
    """Stop an errand at the end of the piece in hand. Raises: AccessError; StateError if it has ended."""
    row = _locked(actor, errand_id)
    if row.state == RUNNING:
        row.is_stop_asked = True
    elif row.state in {WAITING, ASKS}:
        row.state = STOPPED
    elif row.state != STOPPED:
        raise StateError(say("这项作业已经结束"), remedy=say("刷新页面，看它的结果"))
    row.save(update_fields=["is_stop_asked", "state"])
    return queries.facts(row)


@transaction.atomic
def resume(actor: Actor, errand_id: UUID) -> ErrandFacts:
    """Have a stopped or failed errand taken up where it stands. Raises: AccessError; StateError if it has ended."""
    row = _locked(actor, errand_id)
    if row.state in OPEN_STATES and not row.is_stop_asked:
        return queries.facts(row)
    if row.state not in {STOPPED, FAILED, *OPEN_STATES}:
        raise StateError(say("这项作业已经结束"), remedy=say("刷新页面，看它的结果"))
    row.is_stop_asked = False
    if row.state not in OPEN_STATES:
        row.state, row.fault, row.ended_at, row.deaths = WAITING, [], None, 0
    row.save(update_fields=["is_stop_asked", "state", "fault", "ended_at", "deaths"])
    return queries.facts(row)


def put_aside(errand_id: UUID, number: int, *, content: str) -> None:
    """Keep a piece of an errand, for a week after it ends; the same number again takes the older one's place."""
    Piece.objects.update_or_create(errand_id=errand_id, number=number, defaults={"content": content})


def clear_pieces(errand_id: UUID, *, first: int = 0, below: int | None = None) -> None:
    """Clear away what an errand has put aside from a number on, below another."""
    rows = Piece.objects.filter(errand_id=errand_id, number__gte=first)
    (rows if below is None else rows.filter(number__lt=below)).delete()


def clear_forgotten(now: datetime) -> int:
    """Clear away what errands have put aside that nobody has come back to, and return how many of them there were."""
    with scoped(EVERYTHING):
        rows = Errand.objects.select_for_update(skip_locked=True).exclude(state__in=OPEN_STATES)
        old = [row.id for row in rows.filter(seen_at__lt=now - FORGOTTEN, id__in=Piece.objects.values("errand_id"))]
        Piece.objects.filter(errand_id__in=old).delete()
        Errand.objects.filter(pk__in=old).update(cursor={})
    return len(old)


def _refuse_foreign(key: UUID) -> None:
    if queries.exists(key):
        raise StateError(say("这项作业已经有人要过"), remedy=say("在“长作业”里看它的进度"))


def _locked(actor: Actor, errand_id: UUID) -> Errand:
    row = Errand.objects.select_for_update().filter(pk=errand_id).first()
    if row is None:
        raise queries.no_such_errand()
    if not queries.may_steer(actor, queries.facts(row)):
        raise AccessError(
            say("这项作业是{name}要的", name=row.person_name), remedy=say("请本人或系统管理员停止、继续或答复")
        )
    return row
