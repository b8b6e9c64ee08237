"""Sign-ins: begun, seen, confirmed, ended. An ended one opens nothing from its next request on."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import queries
from plumbline.domain.credentials.models import SignIn
from plumbline.domain.credentials.telling import tell_own
from plumbline.domain.credentials.types import Device, SignInFacts
from plumbline.errors import Hidden, say
from plumbline.rulebook import signing

SEEN_AGAIN = timedelta(minutes=1)
"""Within a minute "last seen" is not written again: a page would cost a write."""
WORDS_MOST = 200
HAND, OUT, PASSWORD, STOPPED = "hand", "out", "password", "stopped"


@transaction.atomic
def begin(user_id: UUID, way: str, *, device: Device, at: datetime) -> UUID:
    """Begin a sign-in of an account whose holder has shown who they are; those long past are forgotten."""
    SignIn.objects.filter(user_id=user_id, seen_at__lt=at - signing.load().kept).delete()
    row = SignIn.objects.create(
        user_id=user_id, begun_at=at, seen_at=at, address=device.address, device=device.words[:WORDS_MOST],
        confirmed_by=way, confirmed_at=at,
    )  # fmt: skip
    return row.id


def seen(sign_in_id: str, user_id: UUID, *, at: datetime) -> SignInFacts | None:
    """Return the sign-in of a request, None for one that has ended or is another's; note that it was seen."""
    try:
        row = SignIn.objects.filter(pk=UUID(sign_in_id), user_id=user_id, ended_at=None).first()
    except ValueError:
        return None
    if row is None or at - row.seen_at > timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return None
    if at - row.seen_at >= SEEN_AGAIN:
        SignIn.objects.filter(pk=row.pk).update(seen_at=at)
    return queries.sign_in_facts(row)


def confirm(sign_in_id: UUID, way: str, *, at: datetime) -> None:
    """Note that the holder has shown again who they are."""
    SignIn.objects.filter(pk=sign_in_id).update(confirmed_by=way, confirmed_at=at, seen_at=at)


@transaction.atomic
def end(actor: Actor, sign_in_id: UUID, *, at: datetime) -> None:
    """End one of the actor's own sign-ins. Raises: Hidden for another's, or one that has ended."""
    row = _live(actor.user_id).filter(pk=sign_in_id).first()
    if row is None:
        raise Hidden(say("没有这个登录，或者已经结束"), remedy=say("从您的登录名单里选"))
    _end(_live(actor.user_id).filter(pk=sign_in_id), by=HAND, at=at)
    tell_own(actor, "session.end", data={"begun": row.begun_at.isoformat(), "ended": 1}, at=at)


@transaction.atomic
def end_others(actor: Actor, *, keep: UUID | None, at: datetime) -> int:
    """End all of the actor's sign-ins but the one to keep; returns how many were ended."""
    ended = _end(_live(actor.user_id).exclude(pk__in=[keep] if keep else []), by=HAND, at=at)
    if ended:
        tell_own(actor, "session.end", data={"ended": ended}, at=at)
    return ended


@transaction.atomic
def own_password_changed(actor: Actor, *, keep: UUID | None, at: datetime) -> None:
    """Say that somebody took a new password; where else they were signed in, they are no longer."""
    _end(_live(actor.user_id).exclude(pk__in=[keep] if keep else []), by=PASSWORD, at=at)
    tell_own(actor, "password.change", data={}, at=at)


def signed_out(sign_in_id: UUID, *, at: datetime) -> None:
    """End a sign-in whose holder went away."""
    _end(SignIn.objects.filter(pk=sign_in_id, ended_at=None), by=OUT, at=at)


def end_all(user_id: UUID, *, by: str, at: datetime) -> int:
    """End every sign-in of an account: whoever does so asks the right and tells why. Returns how many."""
    return _end(_live(user_id), by=by, at=at)


def _live(user_id: UUID) -> QuerySet[SignIn]:
    return SignIn.objects.filter(user_id=user_id, ended_at=None)


def _end(rows: QuerySet[SignIn], *, by: str, at: datetime) -> int:
    return rows.update(ended_at=at, ended_by=by)
