"""The console in a real browser: readings pasted from a sheet, drafts without a line, a list worked by keys."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.browser import carry_session
from tests.faces.conftest import SignIn
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_large_fonts")]

PASTE = """([name, text]) => {
  const cell = document.querySelector(`[name="${name}"]`); cell.focus();
  const data = new DataTransfer(); data.setData("text", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
SHEET = "20.00\t59.0\t20.0\t20.0\r\n20.00\t59.5\t20.0\t20.0\r\n20.00\t58.5\t20.0\t20.0\r\n"
AXE = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}))
  .violations.map((found) => found.id + ": " + found.nodes.map((node) => node.target.join(" ")).join(", "))"""
HIDDEN = """() => {
  const field = document.activeElement.closest("label") || document.activeElement;
  const box = field.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return Boolean(seen) && !field.contains(seen) && !seen.contains(field);
}"""
MOVED_ON = """() => {
  const key = Object.keys(localStorage).find(name => name.startsWith('plumbline:draft:'));
  const kept = {...JSON.parse(localStorage.getItem(key)), version: '7', isSubmitted: true};
  kept.values['q1.1.v_j_l'] = '20.44';
  window.addEventListener('pagehide', () => localStorage.setItem(key, JSON.stringify(kept)));
}"""


class Live:
    """The console served to a real browser, in which somebody signs in."""

    def __init__(self, url: str, page: Page, sign_in: SignIn) -> None:
        self.url, self._page, self._sign_in = url, page, sign_in

    def __call__(self, username: str) -> Page:
        carry_session(self._page, self._sign_in(username), url=self.url)
        return self._page

    def by_the_form(self, page: Page, username: str) -> Page:
        page.goto(f"{self.url}/login/")
        page.fill('input[name="username"]', username)
        page.fill('input[name="password"]', PASSWORD)
        page.press('input[name="password"]', "Enter")
        page.wait_for_url("**/work/")
        return page


@pytest.fixture
def live(sign_in: SignIn, live_server: LiveServer, page: Page) -> Live:
    """Serve the console on the day of the small world."""
    return Live(live_server.url, page, sign_in)


def end_sessions() -> None:
    with scoped(EVERYTHING):
        Session.objects.all().delete()


def observe(live: Live, case: CaseFacts) -> str:
    return f"{live.url}/cases/{case.number}/1/observe/"


def test_readings_pasted_from_a_sheet_show_their_results(world: World, live: Live) -> None:
    case = world.on_site()
    page = live("verifier")
    page.goto(observe(live, case))
    page.evaluate(PASTE, ["q1.1.v_j_l", SHEET])
    page.locator("#r-q1-3 b").wait_for()
    assert page.input_value('[name="q1.3.neck_mm"]') == "58.5"
    assert page.locator("#r-q1-1").inner_text().strip().startswith("+0.1")


def test_what_is_focused_does_not_lie_under_the_bar(world: World, live: Live) -> None:
    page = live("verifier")
    page.goto(observe(live, world.on_site()))
    page.set_viewport_size({"width": 1180, "height": 700})
    page.locator('[name="q2.3.t_b_c"]').focus()
    hidden = []
    while not page.evaluate("document.activeElement.name === 'remarks'"):
        page.keyboard.press("Tab")
        if page.evaluate(HIDDEN):
            hidden.append(page.evaluate("document.activeElement.outerHTML"))
    assert hidden == []


def test_what_is_typed_without_a_line_is_sent_when_it_is_back(world: World, live: Live) -> None:
    case = world.on_site()
    page = live("verifier")
    page.goto(observe(live, case))
    page.context.set_offline(True)
    page.fill('[name="remarks"]', "没有信号时写的")
    page.locator(".ob-off").wait_for()
    page.context.set_offline(False)
    page.locator("[data-draft-status]:has-text('已存')").wait_for(timeout=10_000)
    page.reload()
    assert page.input_value('[name="remarks"]') == "没有信号时写的"


def test_after_signing_in_in_another_tab_saving_goes_on_by_itself(world: World, live: Live) -> None:
    case = world.on_site()
    page = live("verifier")
    page.goto(observe(live, case))
    end_sessions()
    page.fill('[name="remarks"]', "登录过期时写的")
    page.locator("[data-draft-status]:has-text('登录已过期')").wait_for()
    other = live.by_the_form(page.context.new_page(), "verifier")
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator("[data-draft-status]:has-text('已存')").wait_for()
    page.reload()
    assert page.input_value('[name="remarks"]') == "登录过期时写的"


def test_what_is_submitted_with_an_old_token_is_sent_again_by_its_reader(world: World, live: Live) -> None:
    case = world.on_site()
    page = live("verifier")
    page.goto(observe(live, case))
    page.fill('[name="remarks"]', "凭据过期时写的")
    page.evaluate("document.querySelector('form[data-grid] [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.locator('button[value="keep"]').last.click()
    page.get_by_role("button", name="再提交一次").click()
    page.locator("form[data-grid]").wait_for()
    assert page.input_value('[name="remarks"]') == "凭据过期时写的"


def test_a_copy_on_this_device_is_offered_when_the_record_moved_on_elsewhere(world: World, live: Live) -> None:
    case = world.on_site()
    page = live("verifier")
    page.goto(observe(live, case))
    page.context.set_offline(True)
    page.fill('[name="q1.1.v_j_l"]', "20.33")
    page.locator(".ob-off").wait_for()
    page.evaluate(MOVED_ON)
    page.context.set_offline(False)
    page.goto(f"{live.url}/cases/")
    page.goto(observe(live, case))
    page.get_by_role("button", name="放回本机上的").click()
    assert page.input_value('[name="q1.1.v_j_l"]') == "20.44"


def test_a_list_is_worked_by_keys(world: World, live: Live) -> None:
    case = world.apply()
    page = live("reception")
    page.goto(f"{live.url}/work/")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_url(f"**/cases/{case.number}/#next")
    page.click("#next button.pri")
    assert "已办“受理”" in page.locator(".toast").inner_text()
