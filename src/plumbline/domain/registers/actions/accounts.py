"""Accounts opened, roles given and ended, told to the journal: what the room of accounts writes plainly.

The journal holds the person's id, the role and its days; no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as held
from plumbline.domain.accounts.types import Actor, Grant
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import PersonFacts
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct
from plumbline.domain.journal.types import Subject as JournalSubject


@transaction.atomic
def open_account(
    actor: Actor, person: PersonFacts, *, login: tuple[str, str], at: datetime, is_demo: bool = False
) -> UUID:
    """Open a login for a person; returns its id. login: name and password. Raises: as `accounts.open_account`."""
    username, password = login
    user_id = accounts.open_account(actor, person, username=username, password=password, is_demo=is_demo)
    act = NewAct("account.open", {"person": str(person.id)})
    _tell(actor, user_id, organisation_id=person.organisation_id, act=act, at=at)
    return user_id


@transaction.atomic
def give_role(actor: Actor, user_id: UUID, *, grant: Grant, at: datetime) -> UUID:
    """Give an account a role; returns the id of the membership. Raises: as `accounts.give_role`."""
    is_new = held.held_alike(user_id, grant) is None
    membership_id = accounts.give_role(actor, user_id, grant=grant)
    if is_new:
        act = NewAct("role.give", _terms(grant))
        _tell(actor, user_id, organisation_id=grant.organisation_id, act=act, at=at)
    return membership_id


@transaction.atomic
def end_role(actor: Actor, membership_id: UUID, *, last_day: date, at: datetime) -> Grant:
    """End a role after a day; returns what it then is. Raises: as `accounts.end_role`."""
    user_id = held.user_of(membership_id)
    ended = accounts.end_role(actor, membership_id, last_day=last_day)
    _tell(actor, user_id, organisation_id=ended.organisation_id, act=NewAct("role.end", _terms(ended)), at=at)
    return ended


@transaction.atomic
def renew_password(actor: Actor, username: str, *, password: str, at: datetime) -> None:
    """Put a new password in place of one forgotten, and say so in the account's story. Raises: as `accounts`."""
    account = held.account(username)
    accounts.renew_password(actor, account.id, password=password)
    _tell(actor, account.id, organisation_id=actor.organisation_id, act=NewAct("password.renew", {}), at=at)


def _terms(grant: Grant) -> Mapping[str, object]:
    return {
        "role": grant.role,
        "region": grant.region_code,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else "",
    }


def _tell(actor: Actor, user_id: UUID, *, organisation_id: UUID, act: NewAct, at: datetime) -> None:
    region_code = known.organisation(organisation_id).region_code
    subject = JournalSubject("account", user_id, owner_id=organisation_id, region_code=region_code)
    journal.append(actor, subject, act=act, at=at)
