"""Accounts and their roles: who may act as whom on a day, and which passwords are taken."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django import Settings

from plumbline.domain.accounts import actions, queries
from plumbline.domain.accounts.models import Membership, User
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.session import chosen
from plumbline.domain.accounts.types import Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory.types import PersonFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, StateError
from tests.world import CITY, FROM, TODAY, World, moment

STRONG = "seven blue measures"
DAY = timedelta(days=1)


def newcomer(world: World) -> PersonFacts:
    """Register somebody new at the institute."""
    return directory.register_person(world.organisations["institute"], name_zh="测试新人", at=moment())


def opened(world: World, *, password: str = STRONG, username: str = "newcomer", is_demo: bool = False) -> User:
    """Open an account for somebody new."""
    user_id = actions.open_account(SYSTEM, newcomer(world), username=username, password=password, is_demo=is_demo)
    return User.objects.get(pk=user_id)


def with_role(world: World, *, valid_from: date = FROM, valid_to: date | None = None) -> User:
    """Open an account that is a checker for some time."""
    user = opened(world)
    grant = Grant(world.organisations["institute"], "checker", valid_from, CITY, valid_to)
    actions.give_role(SYSTEM, user.id, grant=grant)
    return user


# ---- opening -------------------------------------------------------------------------------------------------------


def test_an_account_opens_with_its_password_hashed(world: World) -> None:
    user = opened(world)
    assert (user.check_password(STRONG), STRONG in user.password) == (True, False)


@pytest.mark.parametrize("password", ["short", "123456789012", "password1234", "newcomer-newcomer", ""])
def test_a_weak_password_is_refused_beside_its_field(world: World, password: str) -> None:
    with pytest.raises(InputError, match="口令太弱") as refused:
        opened(world, password=password)
    assert refused.value.field == "password"


def test_a_refused_account_does_not_exist(world: World) -> None:
    with pytest.raises(InputError):
        opened(world, password="short")
    assert not queries.has_account("newcomer")


def test_only_an_account_of_the_demo_may_have_a_known_password(world: World, settings: Settings) -> None:
    settings.PLUMBLINE_DEMO = True
    assert opened(world, password="demo", is_demo=True).is_demo


@pytest.mark.parametrize("password", ["demo", STRONG])
def test_outside_the_demo_no_account_of_the_demo_is_opened(world: World, password: str) -> None:
    with pytest.raises(StateError, match="不是演示模式"):
        opened(world, password=password, is_demo=True)
    assert not queries.has_account("newcomer")


def test_a_name_that_is_taken_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="已被使用"):
        opened(world, username="verifier")


def test_only_a_manager_of_accounts_opens_one(world: World) -> None:
    with pytest.raises(AccessError):
        actions.open_account(world.actor("approver"), newcomer(world), username="x", password=STRONG)


def test_only_a_manager_of_accounts_gives_a_role(world: World) -> None:
    user = opened(world)
    with pytest.raises(AccessError):
        actions.give_role(
            world.actor("approver"), user.id, grant=Grant(world.organisations["institute"], "approver", FROM)
        )


def test_a_role_that_does_not_exist_is_not_given(world: World) -> None:
    user = opened(world)
    with pytest.raises(InputError):
        actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "emperor", FROM))


# ---- by date -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2026, 3, 1) - DAY, 0),
        (date(2026, 3, 1), 1),
        (date(2026, 9, 30), 1),
        (date(2026, 9, 30) + DAY, 0),
    ],
)
def test_a_role_holds_from_its_first_to_its_last_day(world: World, day: date, count: int) -> None:
    user = with_role(world, valid_from=date(2026, 3, 1), valid_to=date(2026, 9, 30))
    assert len(queries.memberships(user, on=day)) == count


def test_a_role_without_an_end_goes_on(world: World) -> None:
    assert len(queries.memberships(with_role(world), on=date(2099, 1, 1))) == 1


def test_an_account_whose_role_has_ended_acts_as_nobody(world: World) -> None:
    with_role(world, valid_to=TODAY - DAY)
    with pytest.raises(AccessError, match="没有可用的角色"):
        queries.actor_of("newcomer", on=TODAY)


def test_a_closed_account_acts_as_nobody(world: World) -> None:
    with_role(world)
    User.objects.filter(username="newcomer").update(is_active=False)
    with pytest.raises(AccessError):
        queries.actor_of("newcomer", on=TODAY)


def test_an_account_that_does_not_exist_acts_as_nobody(world: World) -> None:
    with pytest.raises(AccessError):
        queries.actor_of("nobody", on=TODAY)


def test_a_person_acts_in_the_role_they_name(world: World) -> None:
    user = with_role(world)
    actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "approver", FROM, CITY))
    assert queries.actor_of("newcomer", on=TODAY, role="checker").role == "checker"


def test_a_session_without_a_chosen_role_takes_the_first(world: World) -> None:
    user = with_role(world)
    actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "approver", FROM, CITY))
    actor = chosen(queries.memberships(user, on=TODAY), "")
    assert actor is not None
    assert actor.role == "approver"


def test_a_session_cannot_choose_a_role_of_somebody_else(world: World) -> None:
    actors = queries.memberships(with_role(world), on=TODAY)
    actor = chosen(actors, str(world.actor("approver").membership_id))
    assert actor == actors[0]


def test_a_session_without_any_role_acts_as_nobody() -> None:
    assert chosen([], "") is None


def test_an_area_contains_the_codes_below_it(world: World) -> None:
    assert "330302" in world.actor("county").regions


def test_people_of_a_role_are_those_who_hold_it_on_the_day(world: World) -> None:
    with_role(world, valid_to=TODAY - DAY)
    found = queries.people_with_role(world.organisations["institute"], "checker", on=TODAY)
    assert [name for _, name in found] == ["测试checker"]


def test_a_role_given_again_alike_is_not_doubled(world: World) -> None:
    user = with_role(world)
    actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "checker", FROM, CITY))
    assert len(queries.memberships(user, on=TODAY)) == 1


def test_a_role_given_again_on_other_terms_is_refused_and_stays(world: World) -> None:
    user = with_role(world, valid_to=TODAY)
    with pytest.raises(InputError, match="已经给过"):
        actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "checker", FROM, CITY))
    assert queries.memberships(user, on=TODAY + DAY) == []


def test_an_ended_role_is_given_anew_as_a_row_of_its_own(world: World) -> None:
    user = with_role(world, valid_to=TODAY - DAY)
    actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "checker", TODAY, CITY))
    assert [len(queries.memberships(user, on=day)) for day in (TODAY - DAY, TODAY)] == [1, 1]
    assert Membership.objects.filter(user=user).count() == 2


def told(user_id: UUID) -> list[tuple[str, object]]:
    """Return what the journal tells of an account: acts with the last day of the role."""
    with scoped(EVERYTHING):
        return [(act.name, act.data.get("valid_to")) for act in journal.acts_of(user_id)]


def test_what_happens_to_an_account_is_told_to_the_journal(world: World) -> None:
    grant = Grant(world.organisations["institute"], "checker", FROM)
    with scoped(EVERYTHING):
        user_id = registers.open_account(SYSTEM, newcomer(world), login=("newcomer", STRONG), at=moment())
        membership_id = registers.give_role(SYSTEM, user_id, grant=grant, at=moment())
        registers.give_role(SYSTEM, user_id, grant=grant, at=moment())
        registers.end_role(SYSTEM, membership_id, last_day=TODAY, at=moment())
    assert told(user_id) == [("account.open", None), ("role.give", ""), ("role.end", "2026-11-20")]


def test_a_role_that_was_ended_is_not_lengthened(world: World) -> None:
    user = with_role(world, valid_to=TODAY)
    (actor,) = queries.memberships(user, on=TODAY)
    assert actor.membership_id is not None
    with pytest.raises(InputError, match="只能提前结束"):
        actions.end_role(SYSTEM, actor.membership_id, last_day=TODAY + DAY)


def test_an_actor_s_scope_is_their_organisation_and_area(world: World) -> None:
    scope = world.actor("county").scope
    assert (scope.organisations, scope.everything) == ((world.organisations["bureau"],), False)


def test_a_region_opens_nothing_to_a_role_that_reaches_its_institution(world: World) -> None:
    user = with_role(world)
    assert [each.scope.regions for each in queries.memberships(user, on=TODAY)] == [()]


def test_an_auditor_s_scope_is_everything(world: World) -> None:
    assert world.actor("auditor").scope.everything


def test_a_sign_in_needs_no_scope(world: World) -> None:
    opened(world)
    request = RequestFactory().post("/login/")
    assert authenticate(request, username="newcomer", password=STRONG) is not None


def test_demo_accounts_are_listed_with_their_roles(world: World, settings: Settings) -> None:
    settings.PLUMBLINE_DEMO = True
    user = opened(world, password="demo", is_demo=True)
    actions.give_role(SYSTEM, user.id, grant=Grant(world.organisations["institute"], "checker", FROM, CITY))
    with scoped(EVERYTHING):
        assert [(each.username, each.role) for each in queries.demo_accounts(on=TODAY)] == [("newcomer", "checker")]


def test_an_account_of_no_demo_is_not_listed_among_them(world: World) -> None:
    with_role(world)
    assert "newcomer" not in [each.username for each in queries.demo_accounts(on=TODAY)]
