"""The pages by keyboard alone: every stop is marked and in sight, drawers give the focus back, lists are walked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import carry_session, without_large_files
from tests.faces.conftest import SignIn
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("at_noon")]
STOPS = 120
STOP = """() => {
  const at = document.activeElement, shown = getComputedStyle(at);
  if (at === document.body) return null;
  const box = at.getBoundingClientRect(), name = at.outerHTML.slice(0, 100);
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const seen = document.elementFromPoint(x, Math.min(box.top + box.height / 2, innerHeight - 1));
  const isMarked = shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2;
  const isOnTop = seen && (at.contains(seen) || seen.contains(at));
  return {name, fault: !isMarked ? "no mark" : !isOnTop ? "hidden" : ""};
}"""
PAGES = ("/work/", "/cases/", "/instruments/?state=in_use", "/cases/2026-000001/", "/notices/", "/search/?q=N1")


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a browser at the platform, at the width of a small laptop; the Chinese faces of 10 MB are left out."""
    context = browser.new_context(locale="zh-CN", base_url=live_server.url, viewport={"width": 1180, "height": 700})
    page = context.new_page()
    without_large_files(page)
    yield page
    context.close()


def focused(page: Page, text: str) -> None:
    """Move on by Tab until what is focused says a text."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || document.activeElement.value || ''"):
            return
    pytest.fail(f"Tab leads to no {text}")


def stops(page: Page) -> list[str]:
    """Return what is wrong with the stops of a page, from its beginning to its end."""
    faults = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            break
        if stop["fault"]:
            faults.append(f"{stop['fault']}: {stop['name']}")
    return faults


def test_an_officer_signs_in_and_works_a_list(world: World, page: Page) -> None:
    case = world.apply()
    sign_in_by_keys(page)
    skip_to_content(page)
    open_drawer(page)
    page.goto("/cases/")
    page.keyboard.press("j")
    expect(page.locator("tr.cur a.id").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.number}/")
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_url(f"**/cases/{case.number}/#next")
    do_an_act(page)
    turn_single_keys_off(page)


def sign_in_by_keys(page: Page) -> None:
    """Sign in: the field is focused, or Tab leads to it."""
    page.goto("/login/")
    page.locator("#username").focus()
    page.keyboard.type("reception")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")


def skip_to_content(page: Page) -> None:
    """The first stop leads past the head to the content."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def open_drawer(page: Page) -> None:
    """A list's drawer opens by Enter, is walked by Tab, and gives the focus back by Escape."""
    page.goto("/cases/")
    summary = page.locator("summary", has_text="条件")
    focused(page, "条件")
    page.keyboard.press("Enter")
    expect(page.locator(".lst-g")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".lst-p :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".lst-g")).to_be_hidden()
    expect(summary).to_be_focused()


def do_an_act(page: Page) -> None:
    """An act of a case is filled in and sent by keys; what is wrong is where the focus then is."""
    focused(page, "退回补正")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("缺一页")
    focused(page, "退回补正")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("已退回")


def turn_single_keys_off(page: Page) -> None:
    """Keys of one character can be turned off, and stay so on the next page; Ctrl K goes on."""
    focused(page, "关单键快捷键")
    page.keyboard.press("Enter")
    page.goto("/work/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).not_to_be_focused()
    expect(page.locator(".jump kbd")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("[data-search]")).to_be_focused()


def test_every_stop_is_marked_and_not_covered(
    world: World, page: Page, sign_in: SignIn, live_server: LiveServer
) -> None:
    world.apply()
    carry_session(page, sign_in("reception"), url=live_server.url)
    faults = []
    for path in PAGES:
        page.goto(path)
        faults += [f"{path}: {each}" for each in stops(page)]
    carry_session(page, sign_in("owner"), url=live_server.url)
    for path in ("/", "/apply/", "/my/instruments/", "/check/"):
        page.goto(path)
        faults += [f"{path}: {each}" for each in stops(page)]
    assert not faults, "\n".join(faults)
