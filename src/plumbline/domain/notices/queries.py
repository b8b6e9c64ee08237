"""Reads of notices: the newest of an organisation, page after page, and how many it has not read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import webhook_rows
from plumbline.domain.notices.models import Notice
from plumbline.domain.notices.rules import told
from plumbline.domain.notices.types import NoticeFacts, NoticePage
from plumbline.errors import InputError, Text, say

subscriptions_of, subscription = webhook_rows.subscriptions_of, webhook_rows.subscription
deliveries_of = webhook_rows.deliveries_of
PAGE = 50
COUNTED_MOST = 100


def latest(actor: Actor, *, most: int = 20) -> list[NoticeFacts]:
    """Return the newest notices of the actor's organisation."""
    return [_facts(row) for row in _newest_first(actor)[:most]]


def page(actor: Actor, *, after: str = "", size: int = PAGE) -> NoticePage:
    """Return notices of the actor's organisation, the newest first; `after` is the key of the last page.

    Raises: InputError for what is no key.
    """
    rows = _newest_first(actor)
    if after:
        at, key = _place(after)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=key))
    found = list(rows[: size + 1])
    return NoticePage(tuple(_facts(row) for row in found[:size]), _key(found[size - 1]) if len(found) > size else "")


def count_unread(actor: Actor) -> int:
    """Return how many notices the actor's organisation has not read; no more than `COUNTED_MOST` are counted."""
    unread = Notice.objects.filter(recipient_id=actor.organisation_id, read_at__isnull=True)
    return unread[:COUNTED_MOST].count()


def _newest_first(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient_id=actor.organisation_id).order_by("-at", "-id")


def _key(row: Notice) -> str:
    return f"{row.at.isoformat()}~{row.id}"


def _place(after: str) -> tuple[datetime, UUID]:
    try:
        at, key = after.split("~")
        return datetime.fromisoformat(at), UUID(key)
    except ValueError as err:
        raise InputError(say("网址里的翻页记号看不懂"), remedy=say("回到清单的第一页再翻")) from err


def _facts(row: Notice) -> NoticeFacts:
    text = Text(row.template, {name: told(value) for name, value in row.params.items()})
    return NoticeFacts(row.id, text, row.link, row.at, row.read_at is not None)
