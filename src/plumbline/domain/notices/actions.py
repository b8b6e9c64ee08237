"""Writes of notices: tell an organisation, mark as read; tell other systems of what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import webhooks
from plumbline.domain.notices.models import Notice
from plumbline.domain.notices.rules import kept
from plumbline.errors import Text

announce, deliver_due = webhooks.announce, webhooks.deliver_due
subscribe, end_subscription, renew_secret = webhooks.subscribe, webhooks.end_subscription, webhooks.renew_secret
try_address, redeliver = webhooks.try_address, webhooks.redeliver


def tell(recipient_id: UUID, text: Text, *, link: str, at: datetime) -> None:
    """Leave a sentence for an organisation; it commits or falls with the act that it tells of."""
    Notice.objects.create(
        recipient_id=recipient_id,
        template=text.template,
        params={name: kept(value) for name, value in text.params.items()},
        link=link,
        at=at,
    )


def mark_read(actor: Actor, *, at: datetime, only: UUID | None = None) -> int:
    """Mark what the actor's organisation has not read yet, or only one notice of it; returns how many."""
    unread = Notice.objects.filter(recipient_id=actor.organisation_id, read_at__isnull=True)
    return (unread if only is None else unread.filter(pk=only)).update(read_at=at)
