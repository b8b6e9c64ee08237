"""Reads of delegations and absences: who stands in for whom on a day, who is away.

A delegation itself is open to read, as memberships are: the scope of a request is found by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.accounts.models import Absence, Delegation, Membership, User
from plumbline.domain.accounts.types import AbsenceFacts, Actor, Behalf, Colleague, DelegationFacts
from plumbline.errors import InputError, say
from plumbline.rulebook import delegation as rule

MOST = 200
"""How many are listed; a house with more of them at once has another problem."""


def usable(user_id: UUID, *, on: date) -> list[Delegation]:
    """Return the delegations to an account that may be used on a day, in order of their giver's account name."""
    handed = Delegation.objects.filter(delegate_id=user_id, valid_from__lte=on, valid_to__gte=on, ended_at=None)
    if not (keys := list(handed.values_list("pk", flat=True))):  # asked at every request, and seldom any
        return []
    held = (
        Delegation.objects.filter(pk__in=keys, membership__user__is_active=True, membership__valid_from__lte=on)
        .filter(Q(membership__valid_to__isnull=True) | Q(membership__valid_to__gte=on))
        .select_related("membership", "delegate__person")
        .order_by("membership__user__username", "id")
    )
    own = set(_held(on=on).filter(user_id=user_id).values_list("organisation_id", "role"))
    return [each for each in held if may_take(own, each.organisation_id, role=each.membership.role)]


def may_take(held: Iterable[tuple[UUID, str]], organisation_id: UUID, *, role: str) -> bool:
    """Tell whether somebody may be handed rights of a role. held: (organisation, role) they hold themselves."""
    there = {each for house, each in held if house == organisation_id}
    return role in there if rule.needs_same_role(role) else bool(there)


def stand_in(row: Delegation, giver: Actor) -> Actor:
    """Return who acts by a delegation: the delegate's person, in the giver's role and place."""
    person = row.delegate.person
    return replace(
        giver,
        user_id=row.delegate_id,
        person_id=person.id,
        name=person.name_zh,
        name_en=person.name_en,
        membership_id=row.id,
        behalf=Behalf(giver.person_id, giver.name, giver.name_en),
        only=rule.carried(giver.role, frozenset(row.rights)),
    )


def delegation(delegation_id: UUID) -> DelegationFacts:
    """Return a delegation. Raises: InputError if there is none."""
    row = _all().filter(pk=delegation_id).first()
    if row is None:
        raise InputError(say("没有这项代办"), remedy=say("从代办名单里重新选择"), field="delegation")
    return facts(row)


def delegations_of(user_id: UUID, *, organisation_id: UUID) -> tuple[DelegationFacts, ...]:
    """Return what an account has handed to others in an organisation, ended ones too, the latest first."""
    rows = _all().filter(membership__user_id=user_id, organisation_id=organisation_id)
    return tuple(facts(row) for row in rows[:MOST])


def delegations_to(user_id: UUID, *, organisation_id: UUID | None = None) -> tuple[DelegationFacts, ...]:
    """Return what others have handed to an account, ended ones too, the latest first."""
    rows = _all().filter(delegate_id=user_id)
    rows = rows.filter(organisation_id=organisation_id) if organisation_id else rows
    return tuple(facts(row) for row in rows[:MOST])


def delegations_in_force(*, on: date) -> tuple[DelegationFacts, ...]:
    """Return the delegations of every house that hold on a day, the one that ends last on top."""
    rows = _all().filter(valid_from__lte=on, valid_to__gte=on, ended_at=None)
    return tuple(facts(row) for row in rows[:MOST])


def delegates_for(person_id: UUID, organisation_id: UUID, *, right: str, on: date) -> tuple[UUID, ...]:
    """Return the people to whom somebody has handed a right in an organisation on a day."""
    rows = Delegation.objects.filter(
        membership__user__person_id=person_id, organisation_id=organisation_id, rights__contains=[right],
        valid_from__lte=on, valid_to__gte=on, ended_at=None, delegate__is_active=True,
    )  # fmt: skip
    return tuple(rows.order_by("delegate__person_id").values_list("delegate__person_id", flat=True).distinct())


def absences(organisation_id: UUID, *, on: date, until: date | None = None) -> dict[UUID, AbsenceFacts]:
    """Return who is away from an organisation on a day, or on any until another: by person, what begins first."""
    rows = Absence.objects.filter(
        organisation_id=organisation_id, last_day__gte=on, first_day__lte=until or on, ended_at=None
    )
    found: dict[UUID, AbsenceFacts] = {}
    for row in rows.select_related("user__person").order_by("first_day", "id"):
        found.setdefault(row.user.person_id, absence_facts(row))
    return found


def absences_of(user_id: UUID, *, organisation_id: UUID) -> tuple[AbsenceFacts, ...]:
    """Return the absences somebody has noted for an organisation, the latest first."""
    rows = Absence.objects.filter(user_id=user_id, organisation_id=organisation_id)
    return tuple(absence_facts(row) for row in rows.select_related("user__person").order_by("-first_day", "-id")[:MOST])


def colleagues(organisation_id: UUID, *, on: date) -> tuple[Colleague, ...]:
    """Return who has an active account and a role in an organisation on a day, in order of account name."""
    rows = _held(on=on).filter(organisation_id=organisation_id, user__is_active=True)
    found: dict[UUID, Colleague] = {}
    for row in rows.select_related("user__person").order_by("user__username", "role"):
        person = row.user.person
        known = found.get(row.user_id, Colleague(row.user_id, person.id, person.name_zh, person.name_en, ()))
        found[row.user_id] = replace(known, roles=(*known.roles, row.role))
    return tuple(found.values())


def is_member(user_id: UUID, organisation_id: UUID, *, on: date) -> bool:
    """Tell whether an account is active and holds any role in an organisation on a day."""
    return _held(on=on).filter(user_id=user_id, organisation_id=organisation_id, user__is_active=True).exists()


def _held(*, on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _all() -> QuerySet[Delegation]:
    rows = Delegation.objects.select_related("membership__user__person", "delegate__person")
    return rows.order_by("-valid_to", "-id")


def facts(row: Delegation) -> DelegationFacts:
    """Return the value of a row."""
    held = row.membership
    return DelegationFacts(
        id=row.id,
        organisation_id=row.organisation_id,
        role=held.role,
        region_code=held.region_code,
        giver_user_id=held.user_id,
        giver=_named(held.user),
        delegate_user_id=row.delegate_id,
        delegate=_named(row.delegate),
        rights=tuple(row.rights),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reason=row.reason,
        given_at=row.given_at,
        ended_at=row.ended_at,
    )


def _named(user: User) -> Behalf:
    return Behalf(user.person_id, user.person.name_zh, user.person.name_en)


def absence_facts(row: Absence) -> AbsenceFacts:
    """Return the value of a row."""
    return AbsenceFacts(
        row.id, row.user_id, _named(row.user), row.organisation_id, row.first_day, row.last_day, row.ended_at
    )
