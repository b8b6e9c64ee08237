"""Look-ups an address may make: refused in words beyond the allowance, alike for known and unknown codes."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from plumbline.faces.kit import allowance
from plumbline.faces.kit.allowance import Allowance, address_of
from tests.faces.portal.issued import issued
from tests.world import World

UNKNOWN = "X" * 26


@pytest.fixture
def two_a_minute(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Allow two look-ups a minute, with nobody counted yet and the clock standing still."""
    settings.PLUMBLINE_LOOKUPS_PER_MINUTE = 2
    monkeypatch.setattr(allowance, "_lookups", Allowance())
    monkeypatch.setattr("plumbline.faces.kit.allowance.time.monotonic", lambda: 1000.0)


def taken(left: Allowance, *times_s: float, address: str = "a") -> list[int]:
    return [left.take(address, a_minute=2, now_s=now_s) for now_s in times_s]


def test_the_allowance_fills_again_evenly() -> None:
    assert taken(Allowance(), 0, 0, 0, 10, 30, 31) == [0, 0, 30, 20, 0, 29]


def test_it_never_holds_more_than_a_minute() -> None:
    assert taken(Allowance(), 0, 3600, 3600, 3600) == [0, 0, 0, 30]


def test_each_address_has_its_own() -> None:
    left = Allowance()
    assert (taken(left, 0, 0, 0), taken(left, 0, address="b")) == ([0, 0, 30], [0])


def test_what_is_kept_is_bounded_and_full_ones_are_forgotten_first() -> None:
    left = Allowance(kept_most=2)
    taken(left, 0, address="old")
    taken(left, 59, 59, address="spent")
    taken(left, 61, address="new")
    assert (taken(left, 61, address="spent"), set(left._left)) == ([28], {"spent", "new"})


@pytest.mark.parametrize(
    ("proxies", "passed", "seen", "counted"),
    [
        (0, "", "192.0.2.7", "192.0.2.7"),
        (0, "203.0.113.9", "192.0.2.7", "192.0.2.7"),
        (1, "203.0.113.9", "192.0.2.7", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "192.0.2.7", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7", "192.0.2.7"),
        (1, "", "192.0.2.7", "192.0.2.7"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "", ""),
    ],
)
def test_the_address_counted_is_one_that_cannot_be_made_up(
    settings: Settings, proxies: int, passed: str, seen: str, counted: str
) -> None:
    settings.PLUMBLINE_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=seen, HTTP_X_FORWARDED_FOR=passed)
    assert address_of(request) == counted


def test_beyond_the_allowance_known_and_unknown_codes_get_the_same_answer(
    world: World, client: Client, two_a_minute: None
) -> None:
    known = issued(world).code
    before = [client.get(f"/c/{code}").status_code for code in (known, UNKNOWN)]
    answers = [client.get(f"/c/{code}") for code in (known, UNKNOWN)]
    assert (before, [each.status_code for each in answers]) == ([200, 404], [429, 429])
    assert answers[0].content == answers[1].content
    assert [answers[0][name] for name in ("Retry-After", "Cache-Control")] == ["30", "no-store"]
    assert "请过 30 秒再查" in answers[0].content.decode()


@pytest.mark.usefixtures("db", "two_a_minute")
def test_the_refusal_speaks_the_language_asked_for(client: Client) -> None:
    answers = [client.get(f"/c/{UNKNOWN}?lang=en") for _ in range(3)]
    assert "Look it up again in 30 s" in answers[-1].content.decode()


@pytest.mark.usefixtures("db", "two_a_minute")
def test_the_bundle_and_a_file_handed_in_count_too_and_the_form_does_not(client: Client) -> None:
    asked = [client.get(f"/c/{UNKNOWN}/bundle"), client.post("/check/"), client.post("/check/"), client.get("/check/")]
    assert [each.status_code for each in asked] == [404, 422, 429, 200]


@pytest.mark.usefixtures("db", "two_a_minute")
def test_nothing_is_counted_where_the_setting_is_zero(client: Client, settings: Settings) -> None:
    settings.PLUMBLINE_LOOKUPS_PER_MINUTE = 0
    assert {client.get(f"/c/{UNKNOWN}").status_code for _ in range(5)} == {404}
