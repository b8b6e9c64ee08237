"""Acts on accounts, told to the journal as those of `registers.actions.accounts` are: one story an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct, Subject


def tell_own(actor: Actor, name: str, *, data: Mapping[str, object], at: datetime) -> None:
    """Append what somebody did to their own account, and how it was known that it was they."""
    region_code = directory.organisation(actor.organisation_id).region_code
    subject = Subject("account", actor.user_id, owner_id=actor.organisation_id, region_code=region_code)
    journal.append(actor, subject, act=NewAct(name, {**data, "assurance": actor.assurance.told}), at=at)


def tell_about(actor: Actor, subject_id: UUID, *, owner_id: UUID, act: NewAct, at: datetime) -> None:
    """Append what somebody did to another's account, or to an invitation to one."""
    region_code = directory.organisation(owner_id).region_code
    subject = Subject("account", subject_id, owner_id=owner_id, region_code=region_code)
    journal.append(actor, subject, act=act, at=at)
