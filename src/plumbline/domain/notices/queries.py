"""Reads of notices."""

from __future__ import annotations

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices.models import Notice
from plumbline.domain.notices.rules import told
from plumbline.domain.notices.types import NoticeFacts
from plumbline.errors import Text


def latest(actor: Actor, *, most: int = 20) -> list[NoticeFacts]:
    """Return the newest notices of the actor's organisation."""
    rows = Notice.objects.filter(recipient_id=actor.organisation_id).order_by("-at")[:most]
    return [_facts(row) for row in rows]


def _facts(row: Notice) -> NoticeFacts:
    text = Text(row.template, {name: told(value) for name, value in row.params.items()})
    return NoticeFacts(text, row.link, row.at, row.read_at is not None)
