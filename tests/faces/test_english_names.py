"""What has an English name is called by it on English pages: people, sites, and the platform itself once."""

from __future__ import annotations

import pytest
from django.test import Client

from plumbline.domain.directory.models import Person
from plumbline.domain.registers.models import Site
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn
from tests.world import World

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def named(world: World) -> World:
    """The small world, whose people and sites have English names."""
    with scoped(EVERYTHING):
        Person.objects.update(name_en="Sam Sample")
        Site.objects.update(name_en="Sample Station")
    return world


def english(client: Client, path: str) -> str:
    return client.get(path, headers=ENGLISH).content.decode()


def test_people_to_assign_stand_in_the_list_with_their_english_names(named: World, sign_in: SignIn) -> None:
    case = named.apply()
    named.act("reception", case, "accept")
    page = english(sign_in("reception"), f"/cases/{case.number}/")
    assert ">Sam Sample" in page.split('name="verifier"')[1].split("</select>")[0]


def test_the_story_and_the_head_call_people_by_their_english_names(named: World, sign_in: SignIn) -> None:
    case = named.apply()
    page = english(sign_in("reception"), f"/cases/{case.number}/")
    assert "Sam Sample \u00b7 owner" in page.split('class="tl"')[1]
    assert "Sam Sample" in page.split('class="who"')[1].split("</span></span>")[0]


@pytest.mark.parametrize(
    ("username", "path"), [("reception", "/cases/"), ("reception", "/work/"), ("owner", "/my/cases/"), ("owner", "/")]
)
def test_a_case_is_called_by_the_english_name_of_its_site(
    named: World, sign_in: SignIn, username: str, path: str
) -> None:
    case = named.apply()
    client = sign_in(username)
    assert "Sample Station" in english(client, path)
    assert "Sample Station" not in client.get(path).content.decode()
    assert "Sample Station" in english(client, f"{'/my' if username == 'owner' else ''}/cases/{case.number}/")


def test_the_platform_is_named_once_in_the_side_bar(sign_in: SignIn) -> None:
    client = sign_in("reception")
    sides = [
        page.split("<aside")[1].split("<nav")[0]
        for page in (english(client, "/work/"), client.get("/work/").content.decode())
    ]
    assert [side.count(">Plumbline<") for side in sides] == [1, 1]
