"""Components by what they say to a reader, a keyboard and a screen reader."""

from __future__ import annotations

from datetime import date

import pytest

from plumbline.errors import InputError, say
from plumbline.faces.kit.shapes import (
    ArithmeticLine,
    ChainBranch,
    ChainLink,
    Clock,
    DiffLine,
    Fault,
    Option,
    Page,
    RuleCite,
    StepItem,
    StoryItem,
    Why,
)
from tests.faces.kit.conftest import Render


def test_state_says_its_word_beside_its_shape(render: Render) -> None:
    state = render('<c-state kind="over" />')
    assert state.text_content().strip() == "逾期"
    assert state.find(".//svg").get("aria-hidden") == "true"


def test_field_ties_label_hint_and_error_to_its_input(render: Render) -> None:
    field = render('<c-field.number name="v" label="示值" hint="升" unit="L" error="太大" value="20" required="1" />')
    control = field.find(".//input")
    assert field.find(".//label").get("for") == control.get("id") == "v"
    assert control.get("aria-describedby") == "v-h v-e"
    assert control.get("aria-invalid") == "true"
    assert control.get("required") is not None
    assert field.get_element_by_id("v-e").text_content().strip() == "太大"


def test_error_beside_a_field_may_be_a_sentence_to_translate(render: Render) -> None:
    field = render('<c-field.text name="s" label="编号" :error="error" />', error=say("序列号 {s} 已登记", s="7"))
    assert "序列号 7 已登记" in field.text_content()


def test_value_typed_by_a_stranger_is_escaped(render: Render) -> None:
    field = render('<c-field.text name="s" label="{{ label }}" value="{{ value }}" />', label="<b>", value='"><script>')
    assert field.find(".//script") is None
    assert field.find(".//input").get("value") == '"><script>'


def test_choice_is_a_group_with_the_chosen_one_checked(render: Render) -> None:
    options = [Option("a", "现场"), Option("b", "送检", is_disabled=True)]
    field = render('<c-field.choice name="p" label="地点" value="a" :options="options" />', options=options)
    assert field.find(".//legend").text_content() == "地点"
    assert [control.get("checked") for control in field.iter("input")] == ["checked", None]
    assert [control.get("disabled") for control in field.iter("input")] == [None, "disabled"]


def test_every_check_has_three_answers_and_starts_unchecked(render: Render) -> None:
    field = render('<c-field.checks :checks="checks" />', checks=[("seal", "铅封完好", "")])
    assert [control.get("value") for control in field.iter("input")] == ["ok", "fail", "not_checked"]
    assert [control.get("checked") for control in field.iter("input")] == [None, None, "checked"]
    assert {control.get("name") for control in field.iter("input")} == {"check.seal"}


def test_summary_of_errors_counts_links_and_takes_the_focus(render: Render) -> None:
    faults = [Fault(say("第 {n} 行重复", n=4), "r4"), Fault("日期已过去", "date", "选以后的一天")]
    summary = render('<c-errors :faults="faults" />', faults=faults)
    assert "有 2 处要改" in summary.find(".//h2").text_content()
    assert [link.get("href") for link in summary.iter("a")] == ["#r4", "#date"]
    assert summary.find("section").get("data-focus") is not None
    assert "第 4 行重复" in summary.text_content()


def test_no_summary_stands_where_nothing_is_wrong(render: Render) -> None:
    assert render('<c-errors :faults="faults" />', faults=[]).find("section") is None


def test_problem_says_what_where_and_what_to_do(render: Render) -> None:
    error = InputError(say("证书已到期"), where=say("作业 {j}", j="1140"), remedy=say("换一台计量标准"))
    text = render('<c-problem :error="error" />', error=error).text_content()
    assert all(part in text for part in ("证书已到期", "作业 1140", "换一台计量标准"))


@pytest.mark.parametrize(
    ("clock", "kind", "words"),
    [
        (Clock(3, 20), "run", "还剩 17 个工作日"),
        (Clock(16, 20), "run", "还剩 4 个工作日"),
        (Clock(17, 20), "due", "还剩 3 个工作日"),
        (Clock(20, 20), "due", "还剩 0 个工作日"),
        (Clock(22, 20), "over", "超出 2 个工作日"),
        (Clock(6, 20, state="stop"), "unk", "停在第 6 天"),
        (Clock(4, 10, state="done"), "ok", "用了 4 个工作日"),
        (Clock(12, 10, state="done"), "over", "用了 12 个工作日"),
        (Clock(4, None), "unk", "第 4 天，时限不明"),
    ],
)
def test_clock_says_the_days_in_words(clock: Clock, kind: str, words: str) -> None:
    assert (clock.kind, clock.words) == (kind, words)


def test_clock_draws_one_cell_a_working_day_and_marks_today(render: Render) -> None:
    clock = render('<c-clock :clock="clock" />', clock=Clock(3, 20, date(2026, 12, 17)))
    cells = [cell.get("class") for cell in clock.iter("i")]
    assert len(cells) == 20
    assert cells[:4] == ["d", "d", "t", ""]
    assert "2026-12-17" in clock.text_content()


def test_bar_of_a_clock_stays_within_its_length() -> None:
    assert [Clock(day, 20).bar for day in (0, 10, 20, 99)] == [0, 32, 64, 64]


def test_steps_mark_the_present_one_for_screen_readers(render: Render) -> None:
    steps = render('<c-steps :items="s" />', s=[StepItem("受理", is_done=True), StepItem("核验", is_current=True)])
    assert [item.get("aria-current") for item in steps.iter("li")] == [None, "step"]


def test_story_keeps_its_order_and_kinds(render: Render) -> None:
    story = render('<c-story :items="s" />', s=[StoryItem("现在", "等核验", "now"), StoryItem("11-19", "受理")])
    assert [item.get("class") for item in story.iter("li")] == ["now", None]


def test_why_opens_facts_rule_steps_and_says_that_nobody_checked_the_rule(render: Render) -> None:
    step = ArithmeticLine("E", "示值误差", "E = …", [("V_J", "20.10", "L")], "+0.48", "%", "S1")
    why = Why("为什么", [("平均", "+0.46 %")], [RuleCite("JJG 1", value="±0.30 %", status="verified")], [step])
    panel = render('<c-why :why="why" />', why=why)
    text = panel.text_content()
    assert panel.find("details").find("summary").text_content() == "依据"
    assert all(part in text for part in ("+0.46 %", "条款不明", "本规则数据尚未由人核对原文", "E = …", "20.10 L"))


def test_rule_that_a_person_checked_has_no_banner(render: Render) -> None:
    rule = RuleCite("JJG 1", clause="5.1", status="verified", checked_by="示例")
    text = render('<c-rule :rule="rule" />', rule=rule).text_content()
    assert "尚未由人核对" not in text
    assert "条款 5.1" in text


def test_arithmetic_may_be_opened_down_to_its_parts(render: Render) -> None:
    inner = ArithmeticLine("V_B", "量器示值", "", [], "20.004", "L")
    outer = ArithmeticLine("E", "误差", "", [], "+0.48", "%", parts=[inner])
    assert len(list(render('<c-arithmetic :step="s" />', s=outer).iter("details"))) == 2


def test_diff_strikes_the_old_and_underlines_the_new_value(render: Render) -> None:
    diff = render('<c-diff :items="d" />', d=[DiffLine("编号", "1003", "1004"), DiffLine("油品", "95#", "95#")])
    assert [old.text_content() for old in diff.iter("del")] == ["1003"]
    assert [new.text_content() for new in diff.iter("ins")] == ["1004"]
    assert "未变" in diff.text_content()


def test_broken_chain_names_the_break_and_what_lies_below(render: Render) -> None:
    links = [ChainLink("国家基准"), ChainLink("一等量器", state="over", word="到期"), ChainLink("枪", state="unk")]
    text = render('<c-chain :branches="b" />', b=[ChainBranch(links)]).text_content()
    assert "断" in text
    assert "无有效溯源" in text


def test_chain_without_standards_says_so(render: Render) -> None:
    assert "没有写明所用的标准" in render('<c-chain :branches="b" />', b=[ChainBranch([])]).text_content()


def test_pager_without_a_count_claims_none(render: Render) -> None:
    pager = render('<c-pager :page="p" />', p=Page(1, 50, next_url="?after=x"))
    assert "共" not in pager.text_content()
    assert [link.get("href") for link in pager.iter("a")] == ["?after=x"]


def test_qr_code_has_a_quiet_zone_and_a_name(render: Render) -> None:
    block = render('<c-qr data="https://example.org/c/7K3M9" code="7K3M92QXF4" />')
    drawing = block.find(".//svg")
    assert drawing.get("aria-label") == "查验二维码"
    assert drawing.findall("path")[1].get("d").startswith("M4 4h7")
    assert "7K3M9-2QXF4" in block.text_content()


def test_preview_is_hatched_and_says_it_is_no_certificate(render: Render) -> None:
    preview = render("<c-preview>内容</c-preview>")
    assert preview.find("div").get("class") == "hatch"
    assert "草稿，不是证书" in preview.text_content()


def test_button_keeps_what_it_is_given(render: Render) -> None:
    button = render('<c-button kind="pri" name="act" value="review" data-x="1">开始核验</c-button>').find("button")
    assert (button.get("name"), button.get("value"), button.get("data-x")) == ("act", "review", "1")


def test_table_is_a_region_a_keyboard_can_reach(render: Render) -> None:
    region = render('<c-table label="业务"><tbody><tr><td data-label="号">1</td></tr></tbody></c-table>').find("div")
    assert (region.get("role"), region.get("tabindex"), region.get("aria-label")) == ("region", "0", "业务")
