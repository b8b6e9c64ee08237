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
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.credentials import queries as proofs
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import PersonFacts
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.rows.reasons import require_reason
from plumbline.errors import StateError, say


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
    credentials.end_all(account.id, by="password", at=at)
    _tell(actor, account.id, organisation_id=actor.organisation_id, act=NewAct("password.renew", {}), at=at)


@transaction.atomic
def deactivate(actor: Actor, username: str, *, reason: str, at: datetime) -> None:
    """Let an account sign in no more, and end where it is signed in.

    Raises: as `accounts`; InputError without a reason.
    """
    account = held.account(username)
    said = require_reason(reason, remedy=say("写清为什么停用，例如调离、账号可能被盗"))
    accounts.deactivate(actor, account.id)
    ended = credentials.end_all(account.id, by="stopped", at=at)
    act = NewAct("account.deactivate", {"reason": said, "ended": ended})
    _tell(actor, account.id, organisation_id=account.organisation_id, act=act, at=at)


@transaction.atomic
def reactivate(actor: Actor, username: str, *, reason: str, at: datetime) -> None:
    """Let a deactivated account sign in again. Raises: as `accounts`; InputError without a reason."""
    account = held.account(username)
    said = require_reason(reason, remedy=say("写清为什么恢复"))
    accounts.reactivate(actor, account.id)
    _tell(
        actor,
        account.id,
        organisation_id=account.organisation_id,
        act=NewAct("account.reactivate", {"reason": said}),
        at=at,
    )


@transaction.atomic
def clear_ways(actor: Actor, username: str, *, reason: str, at: datetime) -> None:
    """Forget passkeys, app and recovery codes of an account whose holder lost them; where it is signed in ends.

    Raises: as `accounts`; Unconfirmed; InputError without a reason; StateError if there are none.
    """
    account = held.account(username)
    said = require_reason(reason, remedy=say("写清为什么清除，例如手机丢了、已当面核对本人"))
    accounts.managed(actor, account.id)
    proofs.require_fresh(actor, proofs.CHANGE, at=at)
    if not credentials.forget_ways(account.id):
        raise StateError(
            say("账号 {username} 没有通行密钥和验证器", username=username), remedy=say("忘了口令，换新口令就行")
        )
    credentials.end_all(account.id, by="cleared", at=at)
    act = NewAct("method.clear", {"reason": said, "assurance": actor.assurance.told})
    _tell(actor, account.id, organisation_id=account.organisation_id, act=act, at=at)


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
