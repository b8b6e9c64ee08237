"""Reads of drafts: one's own, for the organisation one acts for."""

from __future__ import annotations

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts.models import Draft, SavedView
from plumbline.domain.drafts.types import DraftFacts, SavedViewFacts


def draft(actor: Actor, form: str) -> DraftFacts | None:
    """Return what the actor has filled in of a form, None where nothing is kept."""
    row = Draft.objects.filter(person_id=actor.person_id, organisation_id=actor.organisation_id, form=form).first()
    return DraftFacts(row.content, row.saved_at) if row is not None else None


def saved_views(actor: Actor, listed: str) -> tuple[SavedViewFacts, ...]:
    """Return the views of a list that the actor has saved, in order of name."""
    rows = SavedView.objects.filter(person_id=actor.person_id, organisation_id=actor.organisation_id, listed=listed)
    return tuple(SavedViewFacts(row.id, row.name, row.query) for row in rows.order_by("name"))
