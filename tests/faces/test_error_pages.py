"""Errors are pages of ours, in both languages and in the reader's frame; no text of a request makes us fail."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import path

from plumbline.config import urls
from tests.faces.conftest import SignIn, act_of
from tests.world import World

FRAME = 'aria-label="主导航"'


def told(answer: HttpResponseBase) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]  # a response of the test client


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/nope", 404, "没有这一页"),
        ("/nope/%00", 404, "没有这一页"),
        ("/cases/?q=%00", 400, "这个请求读不懂"),
        ("/cases/?q=a%1bb", 400, "这个请求读不懂"),
        ("/search/?q=%00", 400, "这个请求读不懂"),
        ("/instruments/?q=%00", 400, "这个请求读不懂"),
        ("/certificates/?q=%00", 400, "这个请求读不懂"),
        ("/logout/", 405, "这个网址不能直接打开"),
        ("/apply/draft/", 405, "这个网址不能直接打开"),
    ],
)
def test_what_django_refuses_is_a_page_of_ours(
    world: World, sign_in: SignIn, address: str, status: int, said: str
) -> None:
    answer = sign_in("reception").get(address)
    assert (answer.status_code, said in told(answer), FRAME in told(answer)) == (status, True, True)
    assert "怎么办" in told(answer)


@pytest.mark.parametrize(("address", "said"), [("/nope", "There is no such page"), ("/?q=%00", "cannot be read")])
def test_error_pages_speak_english(world: World, client: Client, address: str, said: str) -> None:
    assert said in told(client.get(address, headers={"accept-language": "en"}))


def test_staff_keep_their_side_bar_on_an_error_page(world: World, sign_in: SignIn) -> None:
    page = told(sign_in("reception").get("/cases/2026-999999/"))
    assert 'href="/instruments/"' in page
    assert "回首页" in page


def test_the_way_back_is_the_page_one_came_from(world: World, sign_in: SignIn) -> None:
    client = sign_in("reception")
    assert 'href="/cases/?q=1"' in told(client.get("/nope", headers={"referer": "http://testserver/cases/?q=1"}))
    assert "elsewhere" not in told(client.get("/nope", headers={"referer": "https://elsewhere.invalid/"}))


def test_too_large_a_form_is_a_page_of_ours(world: World, sign_in: SignIn) -> None:
    text = "application/x-www-form-urlencoded"
    answer = sign_in("reception").post("/notices/", "username=" + "a" * 3_000_000, content_type=text)
    assert (answer.status_code, "这个请求读不懂" in told(answer)) == (400, True)


def test_too_many_fields_are_a_page_of_ours(world: World, sign_in: SignIn) -> None:
    answer = sign_in("reception").post("/notices/", {f"f{n}": "" for n in range(5001)})
    assert (answer.status_code, "这个请求读不懂" in told(answer)) == (400, True)


def test_a_host_that_is_not_ours_is_told_so(world: World, client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        answer = client.get("/", headers={"host": "elsewhere.invalid", "accept-language": "zh-hans"})
    assert (answer.status_code, "这个请求读不懂" in told(answer)) == (400, True)


def test_nul_in_a_sign_in_is_a_bad_request(world: World, client: Client) -> None:
    assert client.post("/login/", {"username": "a\0b", "password": "x"}).status_code == 400


def test_nul_in_what_is_looked_up_by_anybody_is_no_failure_of_ours(world: World, client: Client) -> None:
    assert client.post("/check/", {"code": "a\0b"}).status_code < 500


def test_a_cookie_with_nul_is_none(world: World, client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefgh\0"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("seen", ["9" * 5000, "-1", "٣", "a", "1" * 10])
def test_a_number_no_page_of_ours_wrote_is_refused_in_words(world: World, sign_in: SignIn, seen: str) -> None:
    case = world.apply()
    answer = sign_in("reception").post(f"/cases/{case.number}/", act_of("accept", 0) | {"seen": seen})
    assert (answer.status_code, "这一页已经失效" in told(answer)) == (422, True)
    assert world.case(case).state == "submitted"


def test_a_long_version_of_a_draft_is_no_error_of_ours(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    form = {"request_id": str(uuid4()), "draft_version": "9" * 5000, "performed_on": "2026-11-20"}
    assert sign_in("verifier").post(f"/cases/{case.number}/1/observe/draft/", form).status_code in {200, 409}


@pytest.mark.parametrize("address", ["/cases/", "/instruments/", "/nope"])
def test_what_is_shown_to_staff_stays_in_no_cache(world: World, sign_in: SignIn, address: str) -> None:
    assert sign_in("reception").get(address)["Cache-Control"] == "private, no-store"


def failing(client: Client, error: type[Exception], address: str = "fails") -> HttpResponseBase:
    """Ask for a page whose view fails so."""

    def fails(_request: object) -> HttpResponseBase:
        raise error

    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=type("Failing", (), {**vars(urls), "urlpatterns": [path(address, fails)]})):
        return client.get(f"/{address}", headers={"accept-language": "zh-hans"})


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_is_told_and_when_to_ask_again(client: Client, error: type[Exception]) -> None:
    answer = failing(client, error)
    assert (answer.status_code, answer["Retry-After"], "数据库暂时没有应答" in told(answer)) == (503, "5", True)


@pytest.mark.django_db
def test_a_program_is_told_so_too(client: Client) -> None:
    answer = failing(client, OperationalError, "api/v1/cases")
    assert (answer.status_code, answer["Retry-After"], "Idempotency-Key" in told(answer)) == (503, "5", True)


@pytest.mark.django_db
def test_our_own_failure_is_told_without_asking_the_database(client: Client) -> None:
    answer = failing(client, ZeroDivisionError)
    assert (answer.status_code, "系统出错了" in told(answer), "没有办一半" in told(answer)) == (500, True, True)
    assert "ZeroDivision" not in told(answer)
