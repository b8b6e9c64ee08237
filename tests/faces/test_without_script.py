"""The pages in a browser that runs no script: reading and applying work, from the first page to the last effect.

Three readers walk their ways: an officer, an owner, a stranger. `work_off` is the worker of a running platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.indicators import actions as indicators
from tests.browser import without_large_files
from tests.domain.certificates.issuing import issued
from tests.faces.conftest import work_off
from tests.world import CITY, PASSWORD, World, moment, uscc

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("at_noon")]
REGISTER = "/registers/legal_metrology_institutes/"
ROWS = 60
SCRIPTED = "kbd, [data-theme-toggle], [data-passkey], [data-keypad], [data-paste]"
"""What does something only where scripts run."""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Open a browser without script at the platform; the Chinese faces of 10 MB are left out."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", base_url=live_server.url)
    page = context.new_page()
    without_large_files(page)
    yield page
    context.close()


@pytest.fixture
def document(world: World) -> CertificateFacts:
    """Return a certificate whose case, job and figures the pages have to show."""
    document = issued(world)
    indicators.refresh(at=moment())
    return document


def enter(page: Page, username: str) -> None:
    page.goto("/login/")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def shown(page: Page) -> list[str]:
    """Return the first cells of the rows of a list."""
    return page.locator("main table.t tbody tr td a.id").all_inner_texts()


def assert_no_scripted(page: Page) -> None:
    """Pass if no control can be seen that only a script would answer."""
    expect(page.locator(SCRIPTED).filter(visible=True)).to_have_count(0)


def test_an_officer_imports_and_works_a_list(page: Page, world: World, tmp_path: Path) -> None:
    enter(page, "bureau")
    bring_in(page, tmp_path)
    narrow_and_turn(page)
    choose_and_save(page)
    with page.expect_download() as found:
        page.click("text=导出 CSV")
    assert len(found.value.path().read_text("utf-8-sig").splitlines()) == ROWS + 1
    assert_no_scripted(page)


def bring_in(page: Page, folder: Path) -> None:
    """Bring instruments in from a file: its columns, its preview, the import."""
    table = folder / "器具.csv"
    rows = [f"B-{number:02},批量秤,MV-FUEL,S-{number:02}" for number in range(ROWS)]
    table.write_text("\n".join(["资产编号,器具名称,器具类别,出厂编号", *rows]), encoding="utf-8")
    page.goto("/instruments/import/")
    page.fill("[name=owner]", uscc(3))
    page.set_input_files("[name=file]", table)
    page.click("main form button")
    work_off()
    page.click("text=刷新")
    page.click("text=检查所有行")
    work_off()
    page.click("text=刷新")
    page.click(f"text=导入 {ROWS} 行")
    work_off()
    page.click("text=刷新")
    page.click("text=看登记的内容")


def narrow_and_turn(page: Page) -> None:
    """Narrow a list by its form, turn its pages, sort it by a head."""
    page.fill("main [name=q]", "批量")
    page.click("main .filters > button")
    expect(page.locator(".pager")).to_contain_text(f"共 {ROWS} 条")
    first = shown(page)
    page.click("[rel=next]")
    assert len(first) + len(shown(page)) == ROWS
    page.click("[rel=prev]")
    assert shown(page) == first
    page.click("thead a:has-text('出厂编号')")
    ascending = shown(page)
    page.click("thead a:has-text('出厂编号')")
    assert set(shown(page)).isdisjoint(ascending[:10])


def choose_and_save(page: Page) -> None:
    """Choose columns, save what is shown as a view, come back to it from the whole list."""
    page.click("summary:has-text('选列')")
    page.uncheck("[name=cols][value=serial]")
    page.click("text=只看这些列")
    expect(page.locator("thead")).not_to_contain_text("出厂编号")
    page.click("summary:has-text('视图')")
    page.fill("#view-name", "批量秤")
    page.click("text=存为视图")
    page.goto("/instruments/")
    page.click("summary:has-text('视图')")
    page.click(".lst-v a")
    expect(page.locator(".pager")).to_contain_text(f"共 {ROWS} 条")
    expect(page.locator("thead")).not_to_contain_text("出厂编号")


def test_an_officer_reads_from_figures_down_to_an_entry(page: Page, document: CertificateFacts) -> None:
    enter(page, "bureau")
    assert_no_scripted(page)
    page.fill("[data-search]", "N1")
    page.press("[data-search]", "Enter")
    page.locator("[data-answer]").first.click()
    expect(page.locator("h1")).to_contain_text("有效")
    page.goto("/cases/")
    page.locator("td a.id").first.click()
    page.locator("summary:has-text('依据')").first.click()
    expect(page.locator(".whyp").first).to_be_visible()
    page.goto("/figures/")
    page.locator("a.fig").first.click()
    expect(page.locator("main table.t tbody tr")).not_to_have_count(0)
    page.locator("td a.id").first.click()
    expect(page.locator("h1")).to_have_count(1)
    enter_by_hand(page)


def enter_by_hand(page: Page) -> None:
    """Register an entry by its form; its page shows it."""
    page.goto(f"{REGISTER}new/")
    page.select_option("main [name=region_code]", CITY)
    for name, value in {"uscc": uscc(2), "name": "测试院", "valid_from": "2026-01-01"}.items():
        page.fill(f"main [name={name}]", value)
    page.check("main [name=level][value=municipal]")
    page.check("main [name=kind][value=established]")
    page.select_option("main [name=grade]", "A")
    page.click("main form button")
    expect(page.locator("h1")).to_contain_text("测试院")
    page.goto(REGISTER)
    assert shown(page) == ["测试院"]


def test_an_owner_applies_leaves_the_draft_and_comes_back(page: Page, document: CertificateFacts) -> None:
    enter(page, "owner")
    page.goto("/apply/")
    page.click("button[value=all]")
    page.fill("#contact_phone", "0577-00001")
    page.fill("#remarks", "上午九点以后")
    page.click("button[value=save]")
    page.goto("/")
    page.goto("/apply/")
    assert page.input_value("#remarks") == "上午九点以后"
    page.click("button[value=check]")
    page.click("button[value=submit]")
    expect(page).to_have_url("/my/cases/2026-000002/")
    page.goto("/my/cases/")
    assert "2026-000002" in shown(page)
    page.goto("/my/notices/")
    unread = page.locator(".nt.new").count()
    page.locator(".nt.new button").first.click()
    expect(page.locator(".nt.new")).to_have_count(unread - 1)
    assert_no_scripted(page)


def test_a_stranger_checks_by_number_and_by_file(page: Page, document: CertificateFacts, tmp_path: Path) -> None:
    page.goto("/check/")
    page.fill("[name=code]", document.code)
    page.click("main form button >> nth=0")
    expect(page.locator("h1")).to_contain_text("有效")
    with page.expect_download() as found:
        page.locator(f"a[href='/c/{document.code}/bundle']").first.click()
    found.value.save_as(tmp_path / "one.plumbline.json")
    page.goto("/check/")
    page.set_input_files("[name=bundle]", tmp_path / "one.plumbline.json")
    page.click("text=逐步核验")
    expect(page.locator("td .st.ok")).not_to_have_count(0)
    page.goto("/public/")
    page.locator("main table.t a, main li a").first.click()
    expect(page.locator("h1")).to_have_count(1)
    assert_no_scripted(page)
