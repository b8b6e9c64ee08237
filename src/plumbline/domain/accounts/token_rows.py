"""Reads of tokens: which ones somebody may see and end, as values that hold no secret."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.accounts import rules
from plumbline.domain.accounts.models import Token
from plumbline.domain.accounts.types import Actor, Subject, TokenFacts
from plumbline.domain.directory import queries as directory

RIGHT = "interface.manage"
SHOWN_MOST = 100


def about(organisation_id: UUID) -> Subject:
    """Return what the right to manage an organisation's interfaces is asked about: the organisation, on any side."""
    region_code = directory.organisation(organisation_id).region_code
    return Subject(owner_id=organisation_id, body_id=organisation_id, region_code=region_code)


def manages_interfaces(actor: Actor) -> bool:
    """Tell whether somebody may manage the machine tokens and subscriptions of their organisation."""
    return rules.may(actor, RIGHT, subject=about(actor.organisation_id))


def tokens_of(actor: Actor) -> tuple[TokenFacts, ...]:
    """Return the tokens somebody may see and end, the newest first: their own, and the machines' they may manage."""
    return tuple(facts(row) for row in visible(actor).order_by("-made_at", "-id")[:SHOWN_MOST])


def visible(actor: Actor) -> QuerySet[Token]:
    """Return the rows somebody may see and end."""
    own = Q(membership__user_id=actor.user_id)
    machines = Q(membership__isnull=True, organisation_id=actor.organisation_id)
    return rows().filter(own | machines if manages_interfaces(actor) else own)


def rows() -> QuerySet[Token]:
    """Return the rows with all their values are made of, in one query."""
    return Token.objects.select_related("organisation", "membership__user", "made_by__person")


def facts(row: Token) -> TokenFacts:
    """Return the value of a row."""
    membership = row.membership
    return TokenFacts(
        id=row.id,
        prefix=row.prefix,
        name=row.name,
        scopes=tuple(row.scopes),
        is_machine=membership is None,
        organisation_id=row.organisation_id,
        role=membership.role if membership else row.role,
        holder=row.made_by.person.name_zh if membership else row.organisation.name_zh,
        made_by=row.made_by.person.name_zh,
        made_at=row.made_at,
        expires_on=row.expires_on,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
