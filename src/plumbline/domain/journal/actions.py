"""Writes of the journal: append one act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from psycopg import Error as DatabaseError

from plumbline.domain.accounts.types import Actor
from plumbline.domain.journal import queries
from plumbline.domain.journal.models import Act
from plumbline.domain.journal.types import ActFacts, ActRow, Asked, NewAct, Subject
from plumbline.domain.rows import bulk, locks
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, StateError, say

TAKEN = frozenset({"act_once_a_place", "journal_act_pkey"})
"""What the database says when the place, or the key of the request, has been taken since its author looked."""

ASKED = "asked"
"""Where an act keeps the digest of what its request asked for."""


def asked(key: UUID, *words: object) -> Asked:
    """Return a request by its key and everything it asks: the act, about what, and what was typed."""
    text = json.dumps(words, default=str, ensure_ascii=False, sort_keys=True)
    return Asked(key, hashlib.sha256(text.encode()).hexdigest())


def already_done(actor: Actor, request: Asked) -> ActFacts | None:
    """Return the act this request has already made (a double click).

    A request that is being carried out by another transaction is waited for, so that both answer the same.
    Raises: InputError if it was not theirs; StateError if the key has asked for something else before (the way back in
    the browser): to answer "done" would lose what is asked now.
    """
    locks.hold(locks.Kind.REQUEST, request.key)
    done = queries.act_by_request(request.key)
    if done is not None and done.person_id != actor.person_id:
        raise InputError(say("这个请求号已被别人用过"), remedy=say("刷新页面再提交"))
    if done is not None and done.data.get(ASKED) != request.digest:
        raise StateError(
            say("这一页已经办成过一次，这次填的和那次不同"),
            remedy=say("刷新页面，看过最新的经过再填；您填的内容请先复制"),
        )
    return done


def append_act(actor: Actor, subject: Subject, *, name: str, data: Mapping[str, object], at: datetime) -> ActFacts:
    """Append an act at the end of a subject's story and return it. Raises: StateError if somebody was faster."""
    return append(actor, subject, act=NewAct(name, data), at=at)


def append(actor: Actor, subject: Subject, *, act: NewAct, at: datetime) -> ActFacts:
    """Append an act at the place its author saw, under the key of its request, and return it.

    Raises: StateError if somebody else took the place first, or the request has been written already.
    """
    row = Act(
        id=act.asked.key if act.asked else new_id(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        sequence=act.sequence or _next_place(subject.id),
        name=act.name,
        user_id=actor.user_id,
        person_id=actor.person_id,
        person_name=actor.name,
        behalf_id=actor.behalf.person_id if actor.behalf else None,
        behalf_name=actor.behalf.name if actor.behalf else "",
        role=actor.role,
        organisation_id=actor.organisation_id,
        at=at,
        data={**act.data, ASKED: act.asked.digest} if act.asked else dict(act.data),
        owner_id=subject.owner_id,
        body_id=subject.body_id,
        region_code=subject.region_code,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as err:
        if _constraint(err) not in TAKEN:
            raise
        raise StateError(
            say("这件事刚被别人办过一步，您看到的已不是最新"),
            remedy=say("看过最新的经过后再办；您填的内容还在"),
        ) from err
    return queries.facts(row)


def take_in_acts(rows: Iterable[ActRow]) -> int:
    """Take the acts of a load test in, at the places they name. Raises: StateError outside a demo."""
    return bulk.take_in("journal_act", ActRow, rows=rows)


def _constraint(err: IntegrityError) -> str:
    cause = err.__cause__
    return cause.diag.constraint_name or "" if isinstance(cause, DatabaseError) else ""


def _next_place(subject_id: UUID) -> int:
    """Return the place after the last act, also where the writer may not see that act: a number tells nothing of it."""
    with scoped(EVERYTHING):
        last = Act.objects.filter(subject_id=subject_id).aggregate(last=Max("sequence"))["last"]
    return (last or 0) + 1
