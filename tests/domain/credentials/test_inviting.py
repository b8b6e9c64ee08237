"""Invitations: one link, one person, one account; what is used, withdrawn or too old opens nothing."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.models import User
from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.models import Invitation
from plumbline.domain.notices import queries as notices
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, Scope, scoped
from plumbline.errors import AccessError, Hidden, InputError, StateError
from plumbline.gateways.identity.openid import Identity
from plumbline.rulebook import signing
from tests.domain.credentials.people import AT, acts_on, administrator, offer
from tests.world import TODAY, World

STRONG = "seven blue measures"
WHO = Identity("province", "https://id.example.invalid", "officer-7")


def invited(world: World) -> str:
    """Invite somebody new to be a checker; returns the code of the link."""
    administrator(world)
    code, _made = world.do("admin", partial(actions.invite, offer=offer(world), at=AT))
    return code


def accepted(code: str, *, password: str | None = STRONG, identity: Identity | None = None) -> User:
    with scoped(NOTHING):
        return User.objects.get(pk=actions.accept(code, password=password, identity=identity, at=AT))


def test_who_is_invited_opens_an_account_with_a_password_and_the_role(world: World) -> None:
    user = accepted(invited(world))
    assert (user.check_password(STRONG), user.is_first_password) == (True, False)
    assert [each.role for each in accounts.memberships(user, on=TODAY)] == ["checker"]
    assert acts_on(user.id) == ["invitation.use"]


def test_who_is_invited_may_come_by_a_provider_without_any_password(world: World) -> None:
    user = accepted(invited(world), password=None, identity=WHO)
    assert (user.has_usable_password(), actions.use_outside(WHO, at=AT)) == (False, user.id)


def test_an_invitation_is_used_once(world: World) -> None:
    code = invited(world)
    accepted(code)
    with pytest.raises(Hidden):
        accepted(code)


def test_an_invitation_ends(world: World) -> None:
    code = invited(world)
    with pytest.raises(Hidden):
        queries.invitation_by(code, at=AT + signing.load().invitation)


def test_a_withdrawn_invitation_opens_nothing(world: World) -> None:
    code = invited(world)
    found = queries.invitation_by(code, at=AT)
    world.do("admin", partial(actions.withdraw, invitation_id=found.id, at=AT))
    with pytest.raises(Hidden):
        accepted(code)
    assert acts_on(found.id) == ["invitation.make", "invitation.withdraw"]


def test_a_weak_password_uses_nothing_up(world: World) -> None:
    code = invited(world)
    with pytest.raises(InputError, match="口令太弱"):
        accepted(code, password="short")
    assert accepted(code).username == "newcomer"


def test_neither_password_nor_identity_opens_nothing(world: World) -> None:
    with pytest.raises(InputError):
        accepted(invited(world), password=None)


def test_an_identity_that_has_an_account_opens_no_second(world: World) -> None:
    code = invited(world)
    world.do("checker", lambda actor: actions.add_outside(actor, WHO, at=AT))
    with pytest.raises(StateError, match="已经关联"):
        accepted(code, password=None, identity=WHO)


def test_who_may_not_manage_accounts_invites_nobody(world: World) -> None:
    with pytest.raises(AccessError):
        world.do("approver", partial(actions.invite, offer=offer(world), at=AT))


@pytest.mark.parametrize("username", ["newcomer", "checker"])
def test_a_name_is_promised_once(world: World, username: str) -> None:
    invited(world)
    with pytest.raises(InputError, match="已有账号或邀请"):
        world.do("admin", partial(actions.invite, offer=offer(world, username=username), at=AT))


def test_a_name_whose_invitation_ended_is_free_again(world: World) -> None:
    invited(world)
    later = AT + signing.load().invitation + timedelta(seconds=1)
    code, _made = world.do("admin", partial(actions.invite, offer=offer(world), at=later))
    assert queries.invitation_by(code, at=later).offer.username == "newcomer"


def test_an_area_s_role_needs_its_area_already_in_the_invitation(world: World) -> None:
    administrator(world)
    with pytest.raises(InputError, match="要管一个地区"):
        world.do("admin", partial(actions.invite, offer=offer(world, role="city_metrology"), at=AT))


def test_the_code_of_a_link_lies_in_no_row(world: World) -> None:
    code = invited(world)
    with scoped(EVERYTHING):
        assert code not in str(list(Invitation.objects.values()))


def test_a_row_is_seen_by_its_house_and_by_its_code_alone(world: World) -> None:
    code = invited(world)
    scopes = (NOTHING, world.actor("owner").scope, world.actor("approver").scope, Scope(lookup=code))
    digest = Scope(lookup=queries.invitation_digest(code))
    seen = []
    for scope in (*scopes, digest):
        with scoped(scope):
            seen.append(Invitation.objects.count())
    assert seen == [0, 0, 1, 0, 1]


def test_house_and_inviter_are_told_without_the_link(world: World) -> None:
    code = invited(world)
    accepted(code)
    told = world.do("approver", notices.latest) + world.do("admin", notices.latest)
    assert [each.text.template for each in told if "账号" in each.text.template] == [
        "{name}受邀开账号 {username}，邀请到 {day} 为止",
        "{name}接受了邀请，账号 {username} 已开",
    ]
    assert code not in str(told)
