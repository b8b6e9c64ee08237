"""Invitations: a link by which a person opens their account with a first role.

It is shown once to whoever makes it, or mailed to the person: see `mailing`.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as held
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Assurance, Grant, Subject
from plumbline.domain.credentials import queries
from plumbline.domain.credentials.actions import mailing
from plumbline.domain.credentials.actions.outside import link
from plumbline.domain.credentials.models import Invitation
from plumbline.domain.credentials.telling import tell_about, tell_own
from plumbline.domain.credentials.types import OUTSIDE, PASSWORD, InvitationFacts, Offer
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import NewAct
from plumbline.domain.notices import actions as notices
from plumbline.domain.rows.codes import new_lookup_code
from plumbline.domain.rows.scope import Scope, scoped
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import InputError, StateError, Term, say
from plumbline.gateways.identity.openid import Identity
from plumbline.rulebook import signing
from plumbline.rulebook.calendar import legal_day


@transaction.atomic
def invite(actor: Actor, offer: Offer, *, at: datetime) -> tuple[str, InvitationFacts]:
    """Invite a person to open an account; returns the code of the link, kept nowhere readable, and the invitation.

    Raises: AccessError; InputError beside `username` if an account or an open invitation has the name, beside `address`
    if no letter can be sent there.
    """
    person = directory.person(offer.person_id)
    _require_manager(actor, person.organisation_id, grant=offer.grant)
    require_seen({"username": offer.username})
    accounts.require_grantable(offer.grant)
    address = mailing.require_mailable(offer, at=at)
    code = new_lookup_code()
    Invitation.objects.filter(username=offer.username, used_at=None, withdrawn_at=None, ends_at__lte=at).update(
        withdrawn_at=at
    )
    row = Invitation(
        digest=queries.invitation_digest(code), person_id=offer.person_id, username=offer.username,
        made_by_id=actor.user_id, made_at=at, ends_at=at + signing.load().invitation, address=address,
        language=offer.language if address else "", **asdict(offer.grant),
    )  # fmt: skip
    try:
        if held.has_account(offer.username):
            raise _taken(offer.username)
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as err:
        raise _taken(offer.username) from err
    mailing.send(row, code, at=at)
    data = {"username": offer.username, "person": str(person.id), "role": offer.grant.role, "invitation": str(row.id)}
    tell_about(actor, row.id, owner_id=person.organisation_id, act=NewAct("invitation.make", data), at=at)
    name = Term(person.name_zh, person.name_en or person.name_zh)
    told = say(
        "{name}受邀开账号 {username}，邀请到 {day} 为止", name=name, username=row.username, day=legal_day(row.ends_at)
    )
    notices.tell(person.organisation_id, told, link="", at=at)
    return code, queries.invitation_facts(row)


@transaction.atomic
def renew(actor: Actor, invitation_id: UUID, *, at: datetime) -> tuple[str, InvitationFacts]:
    """Give an invitation that nobody has used a new link, and mail it where it has an address; the old link dies.

    Returns as `invite`. Raises: AccessError; Hidden; StateError; InputError if no letter can be sent now.
    """
    row = _locked(actor, invitation_id)
    offer = queries.invitation_facts(row).offer
    _require_manager(actor, row.person.organisation_id, grant=offer.grant)
    accounts.require_grantable(offer.grant)
    mailing.require_mailable(offer, at=at)
    code = new_lookup_code()
    row.digest, row.ends_at = queries.invitation_digest(code), at + signing.load().invitation
    row.save(update_fields=["digest", "ends_at"])
    mailing.send(row, code, at=at)
    act = NewAct("invitation.renew", {"username": row.username})
    tell_about(actor, row.id, owner_id=row.person.organisation_id, act=act, at=at)
    return code, queries.invitation_facts(row)


@transaction.atomic
def withdraw(actor: Actor, invitation_id: UUID, *, at: datetime) -> InvitationFacts:
    """Withdraw an invitation that nobody has used. Raises: AccessError; Hidden; StateError."""
    row = _locked(actor, invitation_id)
    mailing.take_back(row, at=at)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    act = NewAct("invitation.withdraw", {"username": row.username})
    tell_about(actor, row.id, owner_id=row.person.organisation_id, act=act, at=at)
    return queries.invitation_facts(row)


@transaction.atomic
def accept(code: str, *, password: str | None, identity: Identity | None, at: datetime) -> UUID:
    """Open the account somebody is invited to, with a password of their own or an identity proved just now.

    Returns the account's id. Raises: Hidden for a link that is none, used, withdrawn or too old; InputError beside
    `password`; what `link` raises.
    """
    if (password is None) == (identity is None):
        raise InputError(say("没有填口令"), remedy=say("填账号的口令"), field="password")
    with scoped(Scope(lookup=queries.invitation_digest(code))):
        row = Invitation.objects.select_for_update(of=("self",)).filter(digest=queries.invitation_digest(code)).first()
        if row is None or not queries.invitation_facts(row).is_open(at):
            raise queries.no_invitation()
        row.used_at = at
        row.save(update_fields=["used_at"])
    offer = queries.invitation_facts(row).offer
    person = directory.person(offer.person_id)
    user_id = accounts.open_account(SYSTEM, person, username=offer.username, password=password)
    accounts.give_role(SYSTEM, user_id, grant=offer.grant)
    if identity is not None:
        link(user_id, identity, at=at)
    way = PASSWORD if identity is None else OUTSIDE
    actor = held.own_actor(user_id, on=legal_day(at), assurance=Assurance(way, at))
    with scoped(actor.scope):
        data = {"invitation": str(row.id), "username": offer.username, "role": offer.grant.role}
        tell_own(actor, "invitation.use", data=data, at=at)
    name = Term(person.name_zh, person.name_en or person.name_zh)
    told = say("{name}接受了邀请，账号 {username} 已开", name=name, username=offer.username)
    notices.tell(held.house_of(row.made_by_id), told, link=f"/accounts/{offer.username}/", at=at)
    return user_id


def _require_manager(actor: Actor, house_id: UUID, *, grant: Grant) -> None:
    """Pass if the actor manages the accounts of a person's house and of where the role is. Raises: AccessError."""
    for owner_id in {house_id, grant.organisation_id}:
        held.require(actor, "account.manage", subject=Subject(owner_id=owner_id, region_code=grant.region_code))


def _locked(actor: Actor, invitation_id: UUID) -> Invitation:
    """Return an invitation that nobody has used or withdrawn. Raises: Hidden; AccessError; StateError."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    row = rows.filter(pk=invitation_id).first()
    if row is None:
        raise queries.no_such_invitation()
    held.require(actor, "account.manage", subject=Subject(owner_id=row.person.organisation_id))
    if row.used_at or row.withdrawn_at:
        raise StateError(say("这个邀请已经用过或者撤回"), remedy=say("另发一个邀请，或者什么也不用做"))
    return row


def _taken(username: str) -> InputError:
    return InputError(
        say("账号名 {username} 已有账号或邀请", username=username),
        remedy=say("换一个账号名，或先撤回那个邀请"),
        field="username",
    )
