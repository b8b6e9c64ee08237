"""The kit in a real browser: audit by axe, reflow at 320 px, the grid under the hands, keys, themes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from plumbline.faces.kit.views import SHELLS
from tests.browser import paste_text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_large_fonts")]
PATHS = ["/kit/", *[f"/kit/shells/{name}" for name in SHELLS]]
RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def sheet(page: Page, kit_server: str) -> Page:
    """Open the observation sheet, with the draft sent to the test's own address."""
    page.goto(f"{kit_server}/kit/shells/observe")
    page.evaluate("localStorage.clear()")
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => {"
        "document.querySelector('form[data-grid]').dataset.draftUrl = '/draft'}, {once: true})"
    )
    page.reload()
    return page


def cell(page: Page, name: str) -> str:
    return page.locator(f"[name='{name}']").input_value()


def violations(page: Page, url: str, axe_source: str) -> list[str]:
    page.goto(url)
    page.evaluate(axe_source)
    found: list[dict[str, Any]] = page.evaluate(RULES)["violations"]  # the browser's own values
    return [f"{url} {one['id']} {node['html']}" for one in found for node in one["nodes"]]


def over_the_edge(page: Page, url: str) -> int:
    page.goto(url)
    return int(page.evaluate(OVER_THE_EDGE))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_pass_the_audit(page: Page, kit_server: str, axe_source: str, theme: str) -> None:
    assert [each for path in PATHS for each in violations(page, f"{kit_server}{path}?theme={theme}", axe_source)] == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_hold_at_320_pixels(page: Page, kit_server: str, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.set_extra_http_headers({"Accept-Language": language})
    assert {path: over for path in PATHS if (over := over_the_edge(page, f"{kit_server}{path}"))} == {}


def test_opened_why_holds_at_320_pixels(page: Page, kit_server: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{kit_server}/kit/shells/console")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate(OVER_THE_EDGE) == 0


def test_block_pasted_from_a_spreadsheet_fills_the_cells_from_the_focus_on(sheet: Page) -> None:
    sheet.locator("[name='q2.1.v_j_l']").focus()
    paste_text(sheet, "20,07\t38.1\t１８.6\r\n20.05\t37.9\t−1.5\r\n")
    assert [cell(sheet, f"q2.1.{name}") for name in ("v_j_l", "neck_mm", "t_j_c")] == ["20.07", "38.1", "18.6"]
    assert [cell(sheet, f"q2.2.{name}") for name in ("v_j_l", "neck_mm", "t_j_c")] == ["20.05", "37.9", "-1.5"]


def test_arrows_and_enter_move_between_cells(sheet: Page) -> None:
    sheet.locator("[name='q1.1.v_j_l']").focus()
    sheet.keyboard.press("ArrowDown")
    expect(sheet.locator("[name='q1.2.v_j_l']")).to_be_focused()
    sheet.keyboard.press("ArrowRight")
    sheet.keyboard.press("ArrowRight")
    expect(sheet.locator("[name='q1.2.t_j_c']")).to_be_focused()
    sheet.keyboard.press("Enter")
    sheet.keyboard.press("Enter")
    assert cell(sheet, "q1.3.t_j_c") == "18.4"


def test_value_that_looks_wrong_asks_and_does_not_block(sheet: Page) -> None:
    field = sheet.locator("[name='q1.1.t_j_c']")
    field.fill("184")
    expect(field).to_have_class("oc asks")
    field.fill("18.4")
    expect(field).to_have_class("oc")


def test_result_comes_while_typing_and_the_draft_says_it_is_saved(sheet: Page) -> None:
    sheet.locator("[name='q1.1.v_j_l']").fill("20.11")
    expect(sheet.locator("#r-q1-1")).to_contain_text("=20.11")
    expect(sheet.locator("[data-draft-status]")).to_contain_text("已存 09:14:09")


def test_what_is_typed_without_network_stays_and_is_sent_later(sheet: Page) -> None:
    sheet.route("**/draft", lambda route: route.abort())
    sheet.locator("[name='q1.1.v_j_l']").fill("20.12")
    expect(sheet.locator("[data-draft-status]")).to_contain_text("离线")
    sheet.reload()
    expect(sheet.locator("[name='q1.1.v_j_l']")).to_have_value("20.12")
    sheet.unroute("**/draft")
    expect(sheet.locator("[data-draft-status]")).to_contain_text("已存", timeout=10_000)


def test_conflict_is_said_and_nothing_is_thrown_away(sheet: Page) -> None:
    sheet.route("**/draft", lambda route: route.fulfill(status=409, body="{}"))
    sheet.locator("[name='q1.1.v_j_l']").fill("20.13")
    expect(sheet.locator("[data-draft-status]")).to_contain_text("在别处改过")
    assert cell(sheet, "q1.1.v_j_l") == "20.13"


def test_big_keys_type_into_the_cell(page: Page, kit_server: str) -> None:
    page.goto(f"{kit_server}/kit/")
    page.locator("[name='q2.2.v_j_l']").focus()
    for_each = page.locator("[data-key='2'], [data-key='0'], [data-key='.']")
    expect(for_each).to_have_count(3)
    page.locator("[data-key='2']").click()
    page.locator("[data-key='0']").click()
    page.locator("[data-key='.']").click()
    page.locator("[data-key='.']").click()
    page.locator("[data-key='-']").click()
    assert cell(page, "q2.2.v_j_l") == "-20."
    page.locator("[data-key='next']").click()
    expect(page.locator("[name='q2.2.neck_mm']")).to_be_focused()


def test_work_list_is_walked_by_keys(page: Page, kit_server: str) -> None:
    page.goto(f"{kit_server}/kit/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    expect(page.locator("table[data-work] tr.cur a.id")).to_have_text("PL-9H3V")
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("table[data-work] tr.cur a.id")).to_have_text("PL-7B2D")
    page.keyboard.press("d")
    expect(page).to_have_url(f"{kit_server}/kit/#")


def test_search_is_reached_by_control_k(page: Page, kit_server: str) -> None:
    page.goto(f"{kit_server}/kit/shells/console")
    page.keyboard.press("Control+k")
    expect(page.locator("[data-search]")).to_be_focused()


def test_theme_chosen_by_the_reader_stays(page: Page, kit_server: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{kit_server}/kit/shells/console")
    page.locator("[data-theme-toggle]").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_summary_of_errors_takes_the_focus(page: Page, kit_server: str) -> None:
    page.goto(f"{kit_server}/kit/")
    expect(page.locator("#esum")).to_be_focused()


def test_pages_work_without_script(browser: Browser, kit_server: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{kit_server}/kit/shells/observe")
    page.locator("details.why summary, .check3 input").first.click()
    assert page.locator("[data-cells] input").count() > 10
    assert page.locator("[data-keypad]").is_hidden()
