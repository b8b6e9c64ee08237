"""Writes of drafts and saved views: keep, and forget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts.models import Draft, SavedView
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import InputError, say

VIEWS_MOST = 50
NAME_MOST, QUERY_MOST = 60, 2000


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


def save_view(actor: Actor, listed: str, *, name: str, query: str, at: datetime) -> None:
    """Keep a list as it is asked for under a name, in place of what had that name. Raises: InputError beside `name`."""
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise InputError(say("视图要有名字"), remedy=say("写 1 到 {n} 个字", n=NAME_MOST), field="name")
    require_seen({"name": name})
    if len(query) > QUERY_MOST:
        raise InputError(say("条件太长，存不下"), remedy=say("少用几个条件"), field="name")
    mine = SavedView.objects.filter(person_id=actor.person_id, organisation_id=actor.organisation_id, listed=listed)
    if mine.exclude(name=name).count() >= VIEWS_MOST:
        raise InputError(say("一个清单最多存 {n} 个视图", n=VIEWS_MOST), remedy=say("先删去不用的"), field="name")
    SavedView.objects.update_or_create(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        listed=listed,
        name=name,
        defaults={"query": query, "saved_at": at},
    )


def forget_view(actor: Actor, view_id: UUID) -> None:
    """Throw a saved view of the actor's away; one that is not there, or another's, is left alone."""
    SavedView.objects.filter(pk=view_id, person_id=actor.person_id, organisation_id=actor.organisation_id).delete()
