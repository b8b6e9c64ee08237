"""Signing in: where it leads, what a failure says, the lock-out, and the role one acts in."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from plumbline.domain.accounts.models import Membership
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import PASSWORD, World


def signed(client: Client, username: str, password: str = PASSWORD, following: str = "") -> str:
    answer = client.post("/login/", {"username": username, "password": password, "next": following})
    return f"{answer.status_code} {answer.headers.get('Location', '')}".strip()


@pytest.mark.parametrize(
    ("username", "following", "leads"),
    [
        ("owner", "", "302 /"),
        ("verifier", "", "302 /work/"),
        ("auditor", "", "302 /work/"),
        ("owner", "/apply/", "302 /apply/"),
        ("owner", "https://elsewhere.invalid/", "302 /"),
        ("owner", "//elsewhere.invalid/", "302 /"),
    ],
)
def test_signing_in_leads_to_where_the_role_begins_and_never_away(
    world: World, client: Client, username: str, following: str, leads: str
) -> None:
    assert signed(client, username, following=following) == leads


def test_a_wrong_password_says_neither_which_part_was_wrong(world: World, client: Client) -> None:
    answers = [client.post("/login/", {"username": name, "password": "wrong"}) for name in ("owner", "nobody")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("账号或口令不对" in answer.content.decode() for answer in answers)


def test_empty_fields_are_told_beside_them(world: World, client: Client) -> None:
    text = client.post("/login/", {}).content.decode()
    assert 'href="#username"' in text
    assert 'href="#password"' in text


def test_the_fifth_failure_locks_the_account_and_says_until_when(world: World, client: Client) -> None:
    answers = [client.post("/login/", {"username": "owner", "password": "wrong"}) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "锁到 20" in answers[-1].content.decode()


def test_while_locked_the_right_password_does_not_help(world: World, client: Client) -> None:
    [client.post("/login/", {"username": "owner", "password": "wrong"}) for _ in range(5)]
    assert signed(client, "owner") == "429"


def test_behind_ones_own_proxy_a_guesser_locks_the_account_for_himself_alone(
    world: World, client: Client, settings: Settings
) -> None:
    settings.PLUMBLINE_PROXIES = 1
    guesser, owner = ({"X-Forwarded-For": address} for address in ("192.0.2.66", "192.0.2.7"))
    wrong = {"username": "owner", "password": "wrong"}
    answers = [client.post("/login/", wrong, headers=guesser).status_code for _ in range(5)]
    assert (answers[-1], client.post("/login/", wrong, headers=owner).status_code) == (429, 422)


def test_an_account_without_role_is_told_so(world: World, client: Client) -> None:
    with scoped(EVERYTHING):
        Membership.objects.filter(user__username="owner").update(valid_to="2021-01-01")
    assert signed(client, "owner") == "403"
    assert client.get("/my/cases/").status_code == 302


def test_signing_out_ends_the_session(world: World, client: Client) -> None:
    signed(client, "owner")
    client.post("/logout/")
    assert client.get("/my/cases/").status_code == 302


def test_a_link_does_not_sign_out(world: World, client: Client) -> None:
    assert client.get("/logout/").status_code == 405


def test_a_role_that_is_not_mine_is_refused(world: World, client: Client) -> None:
    signed(client, "owner")
    other = world.actor("verifier").membership_id
    assert client.post("/role/", {"role": str(other), "next": "/"}).status_code == 403


def test_my_own_role_is_taken(world: World, client: Client) -> None:
    signed(client, "owner")
    mine = world.actor("owner").membership_id
    answer = client.post("/role/", {"role": str(mine), "next": "/apply/"})
    assert (answer.status_code, answer["Location"]) == (302, "/apply/")


def test_outside_the_demo_no_account_is_listed(world: World, client: Client) -> None:
    assert "演示账号" not in client.get("/login/").content.decode()


NEW = "a longer secret of one's own"


def changed(client: Client, **typed: str) -> tuple[int, str]:
    """Sign in and send the form that changes the password; return the status and the page."""
    signed(client, "owner")
    answer = client.post("/password/", {"old": PASSWORD, "password": NEW, "again": NEW, **typed})
    return answer.status_code, answer.content.decode()


def test_a_changed_password_keeps_this_session_and_opens_the_next(world: World, client: Client) -> None:
    assert changed(client)[0] == 302
    assert "口令已换新" in client.get("/").content.decode()
    assert [signed(Client(), "owner", password) for password in (PASSWORD, NEW)] == ["422", "302 /"]


def test_a_changed_password_ends_the_other_sessions(world: World, client: Client) -> None:
    other = Client()
    signed(other, "owner")
    changed(client)
    assert other.get("/my/cases/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"password": "123456789012345", "again": "123456789012345"}, "password"),
        ({"password": PASSWORD, "again": PASSWORD}, "password"),
        ({"again": "something else"}, "again"),
    ],
)
def test_a_password_that_cannot_be_is_told_beside_its_field(
    world: World, client: Client, typed: dict[str, str], field: str
) -> None:
    status, page = changed(client, **typed)
    assert (status, f'id="{field}-e"' in page, signed(Client(), "owner")) == (422, True, "302 /")


def test_a_stranger_has_no_password_to_change(world: World, client: Client) -> None:
    assert client.get("/password/").status_code == 302


def test_guessing_passwords_at_the_confirmation_locks_as_at_the_door(world: World, client: Client) -> None:
    client.post("/login/", {"username": "owner", "password": PASSWORD})
    answers = [client.post("/confirm/", {"password": "wrong"}).status_code for _ in range(5)]
    assert (answers[-1], client.post("/confirm/", {"password": PASSWORD}).status_code) == (429, 429)
