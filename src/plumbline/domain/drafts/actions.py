"""Writes of drafts: keep, and forget once sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts.models import Draft


def keep(actor: Actor, form: str, *, content: Mapping[str, object], at: datetime) -> None:
    """Keep what is filled in of a form, in place of what was kept of it before."""
    Draft.objects.update_or_create(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        form=form,
        defaults={"content": dict(content), "saved_at": at},
    )


def forget(actor: Actor, form: str) -> None:
    """Throw the draft of a form away; nothing kept is no error."""
    Draft.objects.filter(person_id=actor.person_id, organisation_id=actor.organisation_id, form=form).delete()
