"""The portal in a real browser: drafts that save themselves, looking over, applying without script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import carry_session
from tests.faces.conftest import SignIn
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("at_noon", "without_large_fonts")]
AXE = "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def address(world: World, live_server: LiveServer) -> str:
    """Return where the portal runs, on a fresh copy of the small world."""
    return str(live_server.url)


@pytest.fixture
def own(sign_in: SignIn, address: str, page: Page) -> Page:
    """Open the browser as the company's own."""
    carry_session(page, sign_in("owner"), url=address)
    return page


def faults(page: Page, axe_source: str) -> list[str]:
    page.evaluate(axe_source)
    found: list[dict[str, Any]] = page.evaluate(AXE)  # the browser's own values
    return [f"{each['id']} {[node['html'][:90] for node in each['nodes'][:3]]}" for each in found]


def test_what_is_typed_is_kept_without_a_click(address: str, own: Page) -> None:
    page = own
    page.goto(f"{address}/apply/")
    page.fill("#remarks", "上午九点以后")
    expect(page.locator("[data-draft-state]")).to_contain_text("已存")
    page.goto(f"{address}/")
    page.goto(f"{address}/apply/")
    assert page.input_value("#remarks") == "上午九点以后"


def test_looking_an_application_over_is_accessible_at_320_px(address: str, own: Page, axe_source: str) -> None:
    page = own
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/apply/")
    page.click("button[value=all]")
    page.wait_for_load_state()
    page.fill("#contact_phone", "0577-00001")
    page.click("button[value=check]")
    page.wait_for_load_state()
    assert page.url == f"{address}/apply/check/"
    assert (page.evaluate(OVERFLOW), faults(page, axe_source)) == (0, [])


def test_an_application_goes_through_without_script(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("#username", "owner")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    page.goto(f"{address}/apply/")
    page.click("button[value=all]")
    page.fill("#contact_phone", "0577-00001")
    page.click("button[value=check]")
    page.wait_for_load_state()
    page.click("button[value=submit]")
    page.wait_for_load_state()
    assert page.url == f"{address}/my/cases/2026-000001/"
    context.close()
