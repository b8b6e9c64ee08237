"""Reads of accounts: the actor behind a login, and the one question every action asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from plumbline.domain.accounts import delegated, lists, rules, scopes, token_rows
from plumbline.domain.accounts.delegated import (
    absences,
    absences_of,
    colleagues,
    delegates_for,
    delegation,
    delegations_in_force,
    delegations_of,
    delegations_to,
    is_member,
)
from plumbline.domain.accounts.models import Membership, User
from plumbline.domain.accounts.types import (
    PROGRAM,
    UNSHOWN,
    AccountFacts,
    Actor,
    Assurance,
    DemoAccount,
    Grant,
    RoleFacts,
    Subject,
)
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.listing.spec import ListSpec, Row
from plumbline.errors import AccessError, InputError, Term, say
from plumbline.rulebook import roles

__all__ = [
    "NOBODY",
    "SYSTEM",
    "TOKEN_SCOPES",
    "absences",
    "absences_of",
    "account",
    "account_of",
    "actor_again",
    "actor_of",
    "actors",
    "actors_named",
    "colleagues",
    "delegates_for",
    "delegation",
    "delegations_in_force",
    "delegations_of",
    "delegations_to",
    "demo_accounts",
    "has_account",
    "has_right",
    "held_alike",
    "holders_by_role",
    "house_of",
    "houses_with_role",
    "interfaces_of",
    "is_member",
    "list_of_accounts",
    "manages_interfaces",
    "may",
    "memberships",
    "own_actor",
    "people_by_role",
    "people_with_role",
    "require",
    "role_name",
    "stand_ins",
    "tokens_of",
    "user_of",
]
TOKEN_SCOPES, APPLY, ACT = scopes.SCOPES, scopes.APPLY, scopes.ACT
tokens_of, manages_interfaces = token_rows.tokens_of, token_rows.manages_interfaces
interfaces_of = token_rows.about
NOBODY = UUID(int=0)
SYSTEM = Actor(
    NOBODY, NOBODY, NOBODY, role="sysadmin", name="系统", organisation_name="", sees_everything=True, assurance=PROGRAM
)


def require(actor: Actor, right: str, *, subject: Subject) -> None:
    """Pass if the actor may use `right` on `subject`. Raises: AccessError."""
    if not rules.may(actor, right, subject=subject):
        raise AccessError(
            say("当前角色“{role}”不能办这一步", role=role_name(actor.role)),
            remedy=say("换用有权的角色或账号；不清楚该由谁办时，看本页“人”一栏"),
        )


def may(actor: Actor, right: str, *, subject: Subject) -> bool:
    """Tell whether the actor may use `right` on `subject`: what `require` passes."""
    return rules.may(actor, right, subject=subject)


def has_right(actor: Actor, right: str) -> bool:
    """Tell whether the actor carries a right at all; whether it reaches a thing, `may` tells."""
    return rules.has_right(actor, right)


def role_name(code: str) -> Term:
    """Return the name of a role in both languages. Raises: InputError if there is no such role."""
    role = roles.by_code(code)
    return Term(role.zh, role.en)


def memberships(user: User, *, on: date, assurance: Assurance = UNSHOWN) -> list[Actor]:
    """Return the actors a user may be on a day, in order of role: one query, plus the regions of the areas.

    assurance: how it is known that it is they.
    """
    rows = (
        Membership.objects.filter(user=user, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("organisation", "user__person")
        .order_by("role")
    )
    return [replace(_actor(row), assurance=assurance) for row in rows]


def actors(user: User, *, on: date, assurance: Assurance = UNSHOWN) -> list[Actor]:
    """Return the actors a user may be on a day: in the own roles, then in the place of others.

    assurance: how it is known that it is they.
    """
    own = memberships(user, on=on, assurance=assurance)
    others = [replace(each, assurance=assurance) for each in stand_ins(user.id, on=on)]
    return [*own, *others] if own else []


def actors_named(username: str, *, on: date) -> list[Actor]:
    """Return the actors an account may be on a day; none for an account that is not there or may not sign in."""
    user = User.objects.filter(username=username, is_active=True).first()
    return actors(user, on=on) if user else []


def holders_by_role(*, on: date) -> dict[str, int]:
    """Return how many active accounts hold each role on a day."""
    rows = Membership.objects.filter(valid_from__lte=on, user__is_active=True)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by()
    return dict(rows.values_list("role").annotate(count=Count("user", distinct=True)))


def stand_ins(user_id: UUID, *, on: date) -> list[Actor]:
    """Return the actors an account may be on a day in the place of others.

    A delegation holds while its giver holds the role, is in the house, and the delegate may be given it: what the
    rulebook, the giver or the house has taken back since is not passed on.
    """
    handed = delegated.usable(user_id, on=on)
    if not handed:
        return []
    givers = Membership.objects.select_related("organisation", "user__person").in_bulk(
        [each.membership_id for each in handed]
    )
    return [delegated.stand_in(each, _actor(givers[each.membership_id])) for each in handed]


def _actor(row: Membership) -> Actor:
    role = roles.by_code(row.role)
    is_of_an_area = role.reach == "region" and row.region_code  # any other role reaches by its organisation alone
    return Actor(
        user_id=row.user_id,
        person_id=row.user.person_id,
        organisation_id=row.organisation_id,
        role=row.role,
        name=row.user.person.name_zh,
        organisation_name=row.organisation.name_zh,
        regions=directory.codes_under(row.region_code) if is_of_an_area else (),
        membership_id=row.id,
        sees_everything=role.reach == "everything",
        organisation_name_en=row.organisation.name_en,
        name_en=row.user.person.name_en,
    )


def actor_of(username: str, *, on: date, role: str | None = None) -> Actor:
    """Return the actor of an account, in its first role or the one named, for a program that acts as it.

    Raises: AccessError if there is none.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    actors = memberships(user, on=on, assurance=PROGRAM) if user else []
    wanted = [actor for actor in actors if role in (None, actor.role)]
    if not wanted:
        raise AccessError(
            say("账号 {username} 在 {day} 没有可用的角色", username=username, day=on),
            remedy=say("请管理员核对账号、角色和起止日期"),
        )
    return wanted[0]


def own_actor(user_id: UUID, *, on: date, assurance: Assurance) -> Actor:
    """Return who an account acts as on its own behalf: its first role on a day; where it has none yet, its person in
    their own house, who may nothing.
    """
    user = User.objects.select_related("person__organisation").get(pk=user_id)
    actors = memberships(user, on=on, assurance=assurance)
    if actors:
        return actors[0]
    person, house = user.person, user.person.organisation
    return Actor(
        user.id, person.id, house.id, role="public", name=person.name_zh, organisation_name=house.name_zh,
        name_en=person.name_en, organisation_name_en=house.name_en, assurance=assurance,
    )  # fmt: skip


def house_of(user_id: UUID) -> UUID:
    """Return the organisation of an account's person."""
    return User.objects.values_list("person__organisation_id", flat=True).get(pk=user_id)


def actor_again(person_id: UUID, *, membership_id: UUID, on: date) -> Actor:
    """Return who somebody was when they asked for something, as they are on a day, in their own role or another's.

    Raises: AccessError if the role, the delegation or the account has ended by then.
    """
    for user in User.objects.filter(person_id=person_id, is_active=True).order_by("id"):
        for actor in actors(user, on=on, assurance=PROGRAM):
            if actor.membership_id == membership_id:
                return actor
    raise AccessError(say("要这项作业的人已没有当时的角色"), remedy=say("请有权的人重新发起；已写入的没有丢"))


def has_account(username: str) -> bool:
    """Tell whether an account of that name exists."""
    return User.objects.filter(username=username).exists()


def list_of_accounts() -> ListSpec:
    """Return the list of accounts; each row brings every role given, ended ones too, as `roles`."""
    return lists.accounts(_roles_of_rows)


def _roles_of_rows(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    given = Membership.objects.filter(user__in=[row["id"] for row in rows]).select_related("organisation")
    roles_of: dict[UUID, list[RoleFacts]] = {row["id"]: [] for row in rows}
    for row in given.order_by("valid_from", "id"):
        roles_of[row.user_id].append(_role_facts(row))
    return {key: {"roles": tuple(held)} for key, held in roles_of.items()}


def account(username: str) -> AccountFacts:
    """Return an account with every role given. Raises: InputError if there is none of that name."""
    return _found(User.objects.filter(username=username).select_related("person__organisation").first(), username)


def account_of(user_id: UUID) -> AccountFacts:
    """Return the account of a key that the platform itself holds. Raises: InputError if there is none."""
    return _found(User.objects.filter(pk=user_id).select_related("person__organisation").first(), str(user_id))


def _found(user: User | None, username: str) -> AccountFacts:
    if user is None:
        raise InputError(
            say("没有名为 {username} 的账号", username=username), remedy=say("从账号名单里选"), field="username"
        )
    given = Membership.objects.filter(user=user).select_related("organisation").order_by("valid_from", "id")
    return _account_facts(user, [_role_facts(row) for row in given])


def _account_facts(user: User, given: list[RoleFacts]) -> AccountFacts:
    person, house = user.person, user.person.organisation
    return AccountFacts(
        id=user.id,
        username=user.username,
        name=person.name_zh,
        name_en=person.name_en,
        organisation_id=house.id,
        organisation_name=house.name_zh,
        organisation_name_en=house.name_en,
        is_active=user.is_active,
        is_demo=user.is_demo,
        has_password=user.has_usable_password(),
        is_first_password=user.is_first_password,
        roles=tuple(given),
    )


def _role_facts(row: Membership) -> RoleFacts:
    return RoleFacts(
        row.id, row.organisation_id, row.organisation.name_zh, row.role, row.region_code, row.valid_from, row.valid_to,
        row.organisation.name_en,
    )  # fmt: skip


def people_with_role(organisation_id: UUID, role: str, *, on: date) -> list[tuple[UUID, str]]:
    """Return (person id, name) of the active people who hold a role in an organisation on a day."""
    rows = (
        Membership.objects.filter(organisation_id=organisation_id, role=role, valid_from__lte=on, user__is_active=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("user__username")
        .values_list("user__person_id", "user__person__name_zh")
    )
    return list(rows)


def people_by_role(role: str, house: UUID, *, region_codes: Sequence[str], on: date) -> list[tuple[UUID, UUID]]:
    """Return (person, house) of who may act in a role, on a day, for a thing of a house in a region, by account name.

    region_codes: of the thing, up to the country; a role that looks after areas has it where one of them is its own.
    """
    rows = Membership.objects.filter(role=role, valid_from__lte=on, user__is_active=True)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by("user__username")
    is_of_areas = roles.by_code(role).reach == "region"
    rows = rows.filter(region_code__in=region_codes) if is_of_areas else rows.filter(organisation_id=house)
    return list(rows.values_list("user__person_id", "organisation_id"))


def houses_with_role(role: str, region_codes: Sequence[str], *, on: date) -> list[UUID]:
    """Return the organisations in which somebody holds a role on a day for one of some regions, in the order of these.

    region_codes: from the most local up. A role without an area is held for the region its organisation lies in.
    """
    rows = (
        Membership.objects.filter(role=role, valid_from__lte=on, user__is_active=True)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .filter(Q(region_code__in=region_codes) | Q(region_code="", organisation__region_code__in=region_codes))
        .values_list("region_code", "organisation__region_code", "organisation_id")
        .distinct()
    )
    place = {code: number for number, code in enumerate(region_codes)}
    held = [(place[own or of], house) for own, of, house in rows]
    return list(dict.fromkeys(house for _place, house in sorted(held)))


def held_alike(user_id: UUID, grant: Grant) -> UUID | None:
    """Return the membership by which an account holds a role on exactly these terms, if it does."""
    rows = Membership.objects.filter(user_id=user_id, **asdict(grant))
    return rows.values_list("id", flat=True).first()


def user_of(membership_id: UUID) -> UUID:
    """Return the account a membership belongs to. Raises: InputError if there is none."""
    user_id = Membership.objects.filter(pk=membership_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise InputError(say("没有这个角色"), remedy=say("从账号的角色里重新选择"), field="membership")
    return user_id


def demo_accounts(*, on: date) -> list[DemoAccount]:
    """Return the accounts of the demo with their roles on a day, for its sign-in page; elsewhere there are none."""
    rows = (
        Membership.objects.filter(user__is_demo=True, user__is_active=True, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .order_by("role", "user__username")
        .values_list(
            "user__username", "user__person__name_zh", "organisation__name_zh", "organisation__name_en", "role"
        )
    )
    return [DemoAccount(*row) for row in rows]
