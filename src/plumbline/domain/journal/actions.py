"""Writes of the journal: append one act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from plumbline.domain.accounts.types import Actor
from plumbline.domain.journal import queries
from plumbline.domain.journal.models import Act
from plumbline.domain.journal.types import ActFacts, NewAct, Subject
from plumbline.domain.rows import locks
from plumbline.domain.rows.models import new_id
from plumbline.errors import InputError, StateError, say


def already_done(request_id: UUID, actor: Actor) -> ActFacts | None:
    """Return the act this request has already made (a double click). Raises: InputError if it was not theirs.

    A request that is being carried out by another transaction is waited for, so that both answer the same.
    """
    locks.hold(request_id)
    done = queries.act_by_request(request_id)
    if done is not None and done.person_id != actor.person_id:
        raise InputError(say("这个请求号已被别人用过"), remedy=say("刷新页面再提交"))
    return done


def append_act(actor: Actor, subject: Subject, *, name: str, data: Mapping[str, object], at: datetime) -> ActFacts:
    """Append an act at the end of a subject's story and return it. Raises: StateError if somebody was faster."""
    return append(actor, subject, act=NewAct(name, data), at=at)


def append(actor: Actor, subject: Subject, *, act: NewAct, at: datetime) -> ActFacts:
    """Append an act at the place its author saw, under the key of its request, and return it.

    Raises: StateError if somebody else took the place first, or the request has been written already.
    """
    row = Act(
        id=act.request_id or new_id(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        sequence=act.sequence or _next_place(subject.id),
        name=act.name,
        user_id=actor.user_id,
        person_id=actor.person_id,
        person_name=actor.name,
        role=actor.role,
        organisation_id=actor.organisation_id,
        at=at,
        data=dict(act.data),
        owner_id=subject.owner_id,
        body_id=subject.body_id,
        region_code=subject.region_code,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as err:
        raise StateError(
            say("这件事刚被别人办过一步，您看到的已不是最新"),
            remedy=say("看过最新的经过后再办；您填的内容还在"),
        ) from err
    return queries.facts(row)


def _next_place(subject_id: UUID) -> int:
    last = Act.objects.filter(subject_id=subject_id).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
