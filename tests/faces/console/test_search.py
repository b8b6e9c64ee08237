"""The search of the console: grouped answers, what a role may not open, sentences for what cannot be searched."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.faces.conftest import SignIn
from tests.world import World


def told(client: Client, text: str, *, path: str = "/search/") -> str:
    return client.get(path, {"q": text}).content.decode()


def test_one_box_answers_in_groups(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    officer = sign_in("reception")
    page = told(officer, "测试")

    assert 'id="found-cases"' in page
    assert f"/cases/{case.number}/" in page
    assert 'id="found-organisations"' in page
    assert 'id="found-standards"' in told(officer, "金属量器")
    assert 'id="found-methods"' in told(officer, "443")
    assert all(each.identity in told(officer, "加油") for each in world.nozzles())


@pytest.mark.parametrize("path", ["/search/", "/search/answers/"])
def test_what_a_role_may_not_open_is_answered_as_what_is_not_there(world: World, sign_in: SignIn, path: str) -> None:
    case = world.apply()
    keeper = sign_in("keeper")
    hidden, unknown = (
        told(keeper, text, path=path).partition("<main")[2].replace(text, "") for text in (case.number, "2026-999999")
    )

    assert hidden == unknown
    assert f"/cases/{case.number}/" not in told(keeper, case.number, path=path)


def test_the_box_is_answered_while_one_types(world: World, sign_in: SignIn) -> None:
    piece = told(sign_in("reception"), "jyj", path="/search/answers/")

    assert piece.count('role="option"') >= len(world.nozzles())
    assert "<html" not in piece


@pytest.mark.parametrize(
    ("text", "said"), [("水", "一个字能找到的太多"), ("，。", "没有可以搜索的字"), ("水" * 3_000, "太长")]
)
def test_what_cannot_be_searched_is_said_on_the_page(world: World, sign_in: SignIn, text: str, said: str) -> None:
    answer = sign_in("reception").get("/search/", {"q": text})

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert said in told(sign_in("reception"), text, path="/search/answers/")


def test_the_link_of_a_search_leads_an_owner_to_the_portal_s(world: World, sign_in: SignIn) -> None:
    assert sign_in("owner").get("/search/", {"q": "加油"})["Location"] == "/?q=%E5%8A%A0%E6%B2%B9"


def test_an_owner_finds_the_own_papers_and_a_stranger_does_not(world: World, sign_in: SignIn) -> None:
    case = world.apply()

    assert f"/my/cases/{case.number}/" in told(sign_in("owner"), "测试站", path="/")
    assert case.number not in told(sign_in("stranger"), "测试站", path="/")


def test_more_leads_to_the_list_with_the_same_answers(world: World, sign_in: SignIn) -> None:
    officer = sign_in("reception")
    rows = told(officer, "jyj", path="/instruments/")

    assert all(each.identity in rows for each in world.nozzles())
