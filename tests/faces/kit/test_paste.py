"""Readings pasted from a spreadsheet: no reading lands in a run it was not measured in, and nothing is guessed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import paste_text

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_large_fonts")]
UNDO = "[data-paste-do='undo']"
ALL = "[...document.querySelectorAll('[data-cells] td input')].map(cell => cell.value)"
LINES = ("20.01\t31\t20.1", "20.02\t32\t20.1", "20.03\t33\t20.1")
NEXT = ("20.04\t34\t20.1", "20.05\t35\t20.1")


class Grid:
    """The grid of the sample sheet, with a cell to paste at."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def paste(self, text: str, at: str = "q1.1.v_j_l") -> list[str]:
        """Paste at a cell and return all values of the grid."""
        self.page.locator(f"[name='{at}']").focus()
        paste_text(self.page, text)
        return self.values

    @property
    def values(self) -> list[str]:
        """Every value of the grid, row by row."""
        return list(self.page.evaluate(ALL))

    @property
    def notice(self) -> Locator:
        """Where is said what became of a paste."""
        return self.page.locator("[data-paste]")


@pytest.fixture
def grid(page: Page, kit_server: str) -> Grid:
    """Open the sample sheet."""
    page.goto(f"{kit_server}/kit/shells/observe")
    return Grid(page)


def cells(*lines: str) -> list[str]:
    return [cell for line in lines for cell in line.split("\t")]


def test_headings_and_blank_lines_between_points_move_no_reading(grid: Grid) -> None:
    values = grid.paste("\n".join(["示值 L\t读数 mm\t油温 ℃", *LINES, "", "Q2\t\t", *NEXT, "", ""]))
    assert values[:15] == cells(*LINES, *NEXT)
    expect(grid.notice).to_contain_text("跳过了标题行和空行：3 行")


def test_columns_of_labels_and_run_numbers_are_left_out(grid: Grid) -> None:
    values = grid.paste("\n".join([f"Q1\t1\t{LINES[0]}", f"\t2\t{LINES[1]}", f"\t3\t{LINES[2]}"]))
    assert values[:9] == cells(*LINES)
    expect(grid.notice).to_contain_text("标签列：2 列")


@pytest.mark.parametrize(("copied", "said"), [
    (f"{LINES[0]}\n\n{LINES[1]}", "第 2 行没有读数"),
    (f"Q2\t1\t{LINES[0]}\n\t2\t{LINES[1]}", "对不上"),
    ("2\t20.01\n3\t20.02\n4\t20.03", None),
    ("1\t20.01\n2\t20.02\n3\t20.03", "对不上"),
    ("\n".join(["20.01\t31\t20.1\t9\t9"] * 9), "放不下"),
    ("1,234\t31", "“1,234”里的逗号"),
    ("1,234.5\t31,5", "逗号"),
    ("20.01\t31 kg", "“31 kg”不是数"),
    ("示值\t读数", "没有读数"),
    ("<b>1</b>\t2", "“<b>1</b>”不是数"),
])  # fmt: skip
def test_what_is_not_clear_is_refused_as_a_whole(grid: Grid, copied: str, said: str | None) -> None:
    before = grid.values
    after = grid.paste(copied)
    assert (after == before) is (said is not None)
    expect(grid.notice).to_contain_text(said or "已贴入 6 格")


def test_numbers_as_they_are_written_elsewhere_are_understood(grid: Grid) -> None:
    values = grid.paste("２０．０５\t31,5\t20。1\n1 020.05\t0,125\t'20.1\n20 L\t−2,5\t20.1 ℃")
    assert values[:9] == ["20.05", "31.5", "20.1", "1020.05", "0.125", "20.1", "20", "-2.5", "20.1"]


def test_the_other_commas_of_the_sheet_say_what_a_comma_means(grid: Grid) -> None:
    assert grid.paste("20,050\t31,5")[:2] == ["20.050", "31.5"]
    assert grid.paste("1,050\t2,031.5")[:2] == ["1050", "2031.5"]


def test_what_is_pasted_is_marked_until_it_is_looked_at(grid: Grid) -> None:
    grid.paste("\n".join(LINES))
    marked = grid.page.locator(".oc.pasted")
    expect(marked).to_have_count(9)
    grid.page.locator("[name='q1.2.v_j_l']").focus()
    expect(marked).to_have_count(8)
    grid.page.locator("[data-paste-do='all']").click()
    expect(marked).to_have_count(0)
    expect(grid.notice).to_be_hidden()


@pytest.mark.parametrize("way", ["key", "button"])
def test_a_paste_is_taken_back(grid: Grid, way: str) -> None:
    before = grid.values
    grid.paste("\n".join(LINES))
    ways = {"key": lambda: grid.page.keyboard.press("Control+z"), "button": grid.page.locator(UNDO).click}
    ways[way]()
    assert grid.values == before
    expect(grid.notice).to_contain_text("放回原值：9 格")


def test_taking_a_paste_back_keeps_what_was_typed_since(grid: Grid) -> None:
    before = grid.values
    grid.paste("\n".join(LINES))
    grid.page.locator("[name='q1.1.v_j_l']").fill("20.99")
    grid.page.locator(UNDO).click()
    assert grid.values == ["20.99", *before[1:]]
