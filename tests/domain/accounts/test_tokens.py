"""Tokens: made once, kept as a hash, narrowed to scopes and to what their holder may, ended by whoever may end them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from plumbline.domain.accounts import actions, queries
from plumbline.domain.accounts.errors import NotKnownError
from plumbline.domain.accounts.models import Membership, Token
from plumbline.domain.accounts.types import Actor, Bearer, NewToken, Subject, TokenFacts
from plumbline.domain.journal.models import Act
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, PlumblineError, StateError
from tests.world import TODAY, World, moment

UNTIL = TODAY + timedelta(days=30)


def made(
    world: World, username: str, *scopes: str, is_machine: bool = False, until: object = UNTIL
) -> tuple[TokenFacts, str]:
    wanted = NewToken("测试", scopes or ("cases:read",), until, is_machine=is_machine)  # type: ignore[arg-type]  # a day
    return world.do(username, lambda actor: registers.make_token(actor, wanted, request_id=uuid4(), at=moment()))


def asked(text: str, *, days: int = 0) -> Bearer:
    with scoped(NOTHING):
        return actions.bearer(text, at=moment() + timedelta(days=days))


def end_role_of(world: World, username: str) -> None:
    key = world.actor(username).membership_id
    assert key is not None
    Membership.objects.filter(pk=key).update(valid_to=TODAY - timedelta(days=1))


def test_a_token_acts_as_its_person_in_the_role_it_was_made_in(world: World) -> None:
    _token, text = made(world, "verifier")
    actor = asked(text).actor
    assert (actor.person_id, actor.role) == (world.actor("verifier").person_id, "verifier")


def test_no_row_and_no_act_holds_the_secret(world: World) -> None:
    token, text = made(world, "owner")
    secret = text.rpartition("_")[2]
    with scoped(EVERYTHING):
        row = Token.objects.filter(pk=token.id).values().get()
        act = Act.objects.get(subject_id=token.id)
    assert secret not in str(row)
    assert (act.name, secret in str(act.data)) == ("token.make", False)


def test_a_token_may_what_both_its_scopes_and_its_holder_may(world: World) -> None:
    _token, text = made(world, "reception", "cases:read", "cases:apply")
    actor = asked(text).actor
    subject = Subject(body_id=actor.organisation_id)
    rights = ("case.read", "verification.accept", "verification.submit", "register.read")
    assert [queries.may(actor, right, subject=subject) for right in rights] == [True, False, False, False]


@pytest.mark.parametrize("text", ["", "plt_", "x" * 200, "plt_000000000000_" + "a" * 43])
def test_what_is_no_token_is_told_alike(world: World, text: str) -> None:
    with pytest.raises(NotKnownError, match="没有这个令牌"):
        asked(text)


def test_a_token_with_one_letter_changed_is_none(world: World) -> None:
    _token, text = made(world, "owner")
    with pytest.raises(NotKnownError, match="没有这个令牌"):
        asked(text[:-1] + ("a" if text[-1] != "a" else "b"))


def test_a_token_works_on_its_last_day_and_not_after(world: World) -> None:
    _token, text = made(world, "owner")
    assert asked(text, days=30).token.name == "测试"
    with pytest.raises(NotKnownError, match="到期"):
        asked(text, days=31)


def test_a_revoked_token_is_told_so_at_once(world: World) -> None:
    token, text = made(world, "owner")
    world.do("owner", lambda actor: registers.revoke_token(actor, token.id, at=moment()))
    with pytest.raises(NotKnownError, match="已经撤销"):
        asked(text)


def test_a_personal_token_ends_with_its_role(world: World) -> None:
    _token, text = made(world, "verifier")
    end_role_of(world, "verifier")
    with pytest.raises(NotKnownError, match="没有角色"):
        asked(text)


def test_a_machine_stays_when_its_maker_leaves_and_is_one_holder_under_all_its_tokens(world: World) -> None:
    first, second = (made(world, "owner", is_machine=True)[1] for _ in range(2))
    end_role_of(world, "owner")
    actors = [asked(text).actor for text in (first, second)]
    assert actors[0].person_id == actors[1].person_id != world.actor("owner").person_id
    assert actors[0].user_id != actors[1].user_id


def test_a_machine_holds_no_scope_that_needs_a_person(world: World) -> None:
    with pytest.raises(InputError, match="系统令牌不能有"):
        made(world, "reception", "cases:act", is_machine=True)


def test_who_may_not_manage_interfaces_makes_no_machine(world: World) -> None:
    with pytest.raises(AccessError):
        made(world, "verifier", is_machine=True)


@pytest.mark.parametrize(
    ("scopes", "days", "field"),
    [
        ((), 1, "scopes"),
        (("all",), 1, "scopes"),
        (("cases:read",), -1, "expires_on"),
        (("cases:read",), 999, "expires_on"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(world: World, scopes: tuple[str, ...], days: int, field: str) -> None:
    wanted = NewToken("测试", scopes, TODAY + timedelta(days=days))
    with pytest.raises(PlumblineError) as told:
        world.do("owner", lambda actor: registers.make_token(actor, wanted, request_id=uuid4(), at=moment()))
    assert told.value.field == field


def test_a_token_makes_no_token(world: World) -> None:
    actor: Actor = asked(made(world, "owner")[1]).actor
    with scoped(actor.scope), pytest.raises(AccessError, match="令牌由本人用自己的角色来做"):
        actions.make_token(actor, NewToken("x", ("cases:read",), UNTIL), at=moment())


def test_one_request_makes_one_token(world: World) -> None:
    wanted, key = NewToken("测试", ("cases:read",), UNTIL), uuid4()
    world.do("owner", lambda actor: registers.make_token(actor, wanted, request_id=key, at=moment()))
    with pytest.raises(StateError, match="刚才已经做好"):
        world.do("owner", lambda actor: registers.make_token(actor, wanted, request_id=key, at=moment()))


def test_nobody_ends_the_token_of_a_colleague(world: World) -> None:
    token, _text = made(world, "verifier")
    with pytest.raises(Hidden):
        world.do("verifier2", lambda actor: registers.revoke_token(actor, token.id, at=moment()))


def test_when_it_was_last_used_is_noted_once_a_minute(world: World) -> None:
    token, text = made(world, "owner")
    asked(text)
    with scoped(NOTHING):
        actions.bearer(text, at=moment() + timedelta(seconds=30))
    seen = {each.id: each.last_used_at for each in world.do("owner", queries.tokens_of)}
    assert seen[token.id] == moment()
