"""Lock-out: five wrong passwords for one account from one address, and nobody else is kept out."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import PASSWORD, World

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
SIGNED_IN, WRONG, LOCKED = 302, 422, 429


def sign_in(username: str, password: str, *, address: str = HERE) -> int:
    """Try to sign in from an address with a browser of its own; returns the status of the answer."""
    browser = Client(REMOTE_ADDR=address)
    return browser.post("/login/", {"username": username, "password": password}).status_code


@pytest.fixture
def guessed(world: World) -> list[int]:
    """Guess five times from one address; returns the answers."""
    return [sign_in("verifier", f"guess {number}") for number in range(5)]


def test_the_right_password_signs_in(world: World) -> None:
    assert sign_in("verifier", PASSWORD) == SIGNED_IN


def test_the_fifth_wrong_password_locks(guessed: list[int]) -> None:
    assert guessed == [WRONG] * 4 + [LOCKED]


def test_a_locked_account_does_not_open_to_the_right_password(guessed: list[int]) -> None:
    assert sign_in("verifier", PASSWORD) == LOCKED


def test_the_owner_of_a_locked_account_still_signs_in_from_elsewhere(guessed: list[int]) -> None:
    assert sign_in("verifier", PASSWORD, address=ELSEWHERE) == SIGNED_IN


def test_a_colleague_behind_the_same_address_still_signs_in(guessed: list[int]) -> None:
    assert sign_in("checker", PASSWORD) == SIGNED_IN


def test_an_account_that_does_not_exist_locks_alike(world: World) -> None:
    assert [sign_in("nobody", "guess") for _ in range(5)] == [WRONG] * 4 + [LOCKED]


def test_a_right_password_before_the_fifth_failure_forgets_the_others(world: World) -> None:
    four = [sign_in("verifier", "guess") for _ in range(4)]
    between = sign_in("verifier", PASSWORD)
    assert (four[-1], between, sign_in("verifier", "guess")) == (WRONG, SIGNED_IN, WRONG)


def test_a_failure_is_kept_though_the_request_is_refused(world: World) -> None:
    sign_in("verifier", "guess")
    assert [sign_in("verifier", "guess") for _ in range(4)][-1] == LOCKED
