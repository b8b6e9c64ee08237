"""Timed work of notices: send the letters and webhooks that are due, and write the digests of the day.

A letter is taken by moving on when it is tried next, then sent, then marked: a process that dies in between leaves it
to be sent again after a while, under the same Message-ID. No transaction is open while a server is spoken to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.notices import actions, changes, delivering, rules, secret_letters
from plumbline.domain.notices.letters import composed, composed_secret
from plumbline.domain.notices.models import Letter, Line, Notice, Reader
from plumbline.domain.notices.types import Sending
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import OutsideError
from plumbline.gateways.mail import Mail, Post, Unreached
from plumbline.rulebook import notices as rulebook
from plumbline.rulebook.calendar import legal_day

BATCH = 20
"""So many letters in a round: whoever runs it beside other work comes back to that soon."""
DIGEST_MOST = 100
"""So many notices stand in a digest; how many more there are is said below them."""
LOOKED_BACK = timedelta(days=8)
READERS_BATCH = 200
deliver_due, number_changes = delivering.deliver_due, changes.number_changes


def send_due(at: datetime, *, most: int = BATCH) -> Sending:
    """Send the letters that are due, at most so many; returns what came of it.

    A server that cannot be reached ends the round: the rest stays due as it was.
    """
    server = settings.PLUMBLINE_MAIL
    if server is None:
        return Sending(is_set_up=False)
    outcome = Sending()
    with Post(server) as post:
        for _number in range(most):
            letter_id = _take(at)
            if letter_id is None:
                break
            try:
                outcome = _deliver(letter_id, post, outcome=outcome, at=at)
            except Unreached as error:
                _postpone(letter_id, error, at=at)
                return replace(outcome, postponed=outcome.postponed + 1)
    return outcome


def digest(at: datetime) -> int:
    """Write the digest of the day to every reader who has unread notices of a kind they want daily; returns how many.

    Run again on the same day it writes no second one; before the hour of digests it writes none. Nothing is written
    without settings for mail.
    """
    if settings.PLUMBLINE_MAIL is None or timezone.localtime(at).hour < rulebook.load().digest_hour:
        return 0
    today, written = legal_day(at), 0
    while keys := _undigested(today):
        for key in keys:
            with scoped(EVERYTHING):
                written += _digest_of(key, today, at=at)
    return written


def _take(at: datetime) -> UUID | None:
    """Return a letter that is due and is ours for a while; its attempt is counted before it is made."""
    with scoped(EVERYTHING):
        row = (
            Letter.objects.select_for_update(skip_locked=True)
            .filter(state=Letter.State.WAITING, due_at__lte=at)
            .order_by("due_at", "id")
            .first()
        )
        if row is None:
            return None
        row.attempts += 1
        row.due_at = at + rules.LEASE
        row.save(update_fields=["attempts", "due_at"])
        return row.id


def _deliver(letter_id: UUID, post: Post, *, outcome: Sending, at: datetime) -> Sending:
    try:
        mail = _mail_of(letter_id, at=at)
        if mail is None:
            _end(letter_id, Letter.State.DROPPED, at=at)
            return replace(outcome, dropped=outcome.dropped + 1)
        post.send(mail)
    except Unreached:
        raise
    except OutsideError as error:
        if _postpone(letter_id, error, at=at):
            return replace(outcome, postponed=outcome.postponed + 1)
        return replace(outcome, given_up=outcome.given_up + 1)
    _end(letter_id, Letter.State.SENT, at=at)
    return replace(outcome, sent=outcome.sent + 1)


def _mail_of(letter_id: UUID, *, at: datetime) -> Mail | None:
    """Return the mail of a letter; None where its reader has left, has no address any more, or has not confirmed it."""
    with scoped(EVERYTHING):
        letter = Letter.objects.select_related("reader").get(pk=letter_id)
        reader = letter.reader
        if reader is None:
            said = secret_letters.opened(letter)
            return composed_secret(letter, said, at=at) if said else None
        is_wanted = bool(reader.address) and (letter.kind == "confirm") == (reader.confirmed_at is None)
        if not is_wanted or not accounts.is_member(reader.user_id, reader.organisation_id, on=legal_day(at)):
            return None
        held = Notice.objects.filter(line__letter=letter).order_by("-at", "-id")
        more = _waiting(reader, at=letter.made_at).count() if letter.kind == "digest" else 0
        return composed(letter, list(held), more=more, at=at)


def _end(letter_id: UUID, state: str, *, at: datetime, fault: str = "") -> None:
    with scoped(EVERYTHING):
        Letter.objects.filter(pk=letter_id).update(state=state, ended_at=at, fault=fault, sealed=None)


def _postpone(letter_id: UUID, error: OutsideError, *, at: datetime) -> bool:
    """Say when a letter is tried again; where it is given up, say so, and return False."""
    with scoped(EVERYTHING):
        row = Letter.objects.select_for_update().get(pk=letter_id)
        following = rules.next_attempt(row.attempts, waits=rules.LETTER_WAITS, at=at) if error.may_retry else None
        row.fault = str(error.what.params.get("reason", error.what))[:300]
        if following is None:
            row.state, row.ended_at, row.sealed = Letter.State.GIVEN_UP, at, None
        else:
            row.due_at = following
        row.save(update_fields=["fault", "state", "ended_at", "due_at", "sealed"])
    return following is not None


def _undigested(today: date) -> Sequence[UUID]:
    with scoped(EVERYTHING):
        rows = Reader.objects.filter(confirmed_at__isnull=False).exclude(address="").exclude(digested_on__gte=today)
        return list(rows.order_by("id").values_list("id", flat=True)[:READERS_BATCH])


def _digest_of(reader_id: UUID, today: date, *, at: datetime) -> int:
    reader = Reader.objects.select_for_update().get(pk=reader_id)
    if reader.digested_on is not None and reader.digested_on >= today:
        return 0  # another process was faster
    reader.digested_on = today
    reader.save(update_fields=["digested_on"])
    found = list(_waiting(reader, at=at).order_by("-at", "-id").values_list("id", flat=True)[:DIGEST_MOST])
    if not found:
        return 0
    actions.write_letter(reader, "digest", notices=found, at=at)
    return 1


def _waiting(reader: Reader, *, at: datetime) -> QuerySet[Notice]:
    """Return what a reader has not read and not been sent, of the kinds they want daily.

    What was written before the address was confirmed, or more than a week ago, is not sent after all that time.
    """
    kinds = [kind for kind in rulebook.load().kinds if rules.frequency(reader.wishes, kind) == rulebook.DAILY]
    mine = Q(person_id__isnull=True) | Q(person_id=reader.user.person_id)
    sent = Line.objects.filter(reader=reader, notice=OuterRef("pk"))
    return Notice.objects.filter(
        mine, ~Exists(sent), recipient_id=reader.organisation_id, read_at__isnull=True, kind__in=kinds,
        at__gte=max(reader.since, at - LOOKED_BACK), at__lte=at,
    )  # fmt: skip
