"""The search box in a real browser: by keyboard alone, while one types, without a finding of axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.faces.conftest import SignIn
from tests.faces.console.test_browser import AXE, Live
from tests.world import World

pytestmark = pytest.mark.browser
MARKED = '.jump-out [aria-selected="true"]'


@pytest.fixture
def live(sign_in: SignIn, live_server: LiveServer, page: Page, without_large_fonts: None) -> Live:
    """Serve the console on the day of the small world."""
    return Live(live_server.url, page, sign_in)


def test_search_is_worked_by_keys_alone(world: World, live: Live) -> None:
    page = live("reception")
    page.goto(f"{live.url}/work/")
    page.keyboard.press("/")
    page.keyboard.type("jyj")
    page.locator(".jump-out [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(MARKED)
    address = second.get_attribute("href")
    assert page.locator("[data-search]").get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_escape_closes_the_answers_and_enter_without_one_opens_the_page(world: World, live: Live) -> None:
    page = live("reception")
    page.goto(f"{live.url}/work/")
    page.keyboard.press("Control+k")
    page.keyboard.type("jyj")
    page.locator(".jump-out [role=option]").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".jump-out").is_hidden()
    assert page.locator("[data-search]").get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=jyj")


def test_answers_satisfy_axe_and_fit_a_narrow_screen(world: World, live: Live, axe_source: str) -> None:
    page = live("reception")
    page.goto(f"{live.url}/work/")
    page.set_viewport_size({"width": 320, "height": 640})
    for text in ("加由机", "水"):
        page.goto(f"{live.url}/search/?q={text}")
        page.evaluate(axe_source)
        assert page.evaluate(AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("/")
    page.keyboard.type("测试")
    page.locator(".jump-out [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
