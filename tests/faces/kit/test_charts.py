"""The drawings: marks by zone, off-scale values named, unknown limits not drawn, nothing a strict policy refuses."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from plumbline.faces.kit import charts
from plumbline.faces.kit.charts import HistoryPoint, Interval, IntervalRow, Limits, RunGroup, Share
from plumbline.faces.kit.charts.bars import Bar

LIMITS = Limits.symmetric(0.30)
UNKNOWN = Limits(None, None)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> etree._Element:
    """Return the drawing as XML: what is not well formed fails here."""
    return etree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(drawing: str) -> list[str]:
    return ["".join(map(str, element.itertext())) for element in parsed(drawing).iter(f"{SVG}text")]


def test_value_inside_the_limits_is_round() -> None:
    drawing = charts.interval_cell([Interval(0.06, 0.06)], LIMITS)
    assert "<circle" in drawing
    assert 'class="x"' not in drawing
    assert 'class="g"' not in drawing


def test_value_whose_interval_reaches_over_the_limit_is_a_triangle() -> None:
    drawing = charts.interval_cell([Interval(0.27, 0.06)], LIMITS)
    assert '<g class="g">' in drawing
    assert "<circle" not in drawing


def test_value_outside_the_limits_is_a_diamond() -> None:
    drawing = charts.interval_cell([Interval(0.46, 0.06)], LIMITS)
    assert '<g class="x">' in drawing
    assert "<circle" not in drawing


@pytest.mark.parametrize(
    ("value", "u", "zone"),
    [(0.30, None, ""), (0.30, 0.01, "g"), (-0.30, None, ""), (0.3000001, None, "x"), (-0.31, 0.06, "x"), (0, 0.06, "")],
)
def test_value_on_the_limit_is_inside(value: float, u: float | None, zone: str) -> None:
    assert Interval(value, u).zone(LIMITS) == zone


def test_sum_that_floats_a_little_over_the_limit_is_inside() -> None:
    assert Interval(0.1 + 0.2).zone(LIMITS) == ""


def test_no_zone_is_claimed_where_the_limit_is_unknown() -> None:
    drawing = charts.error_line(Interval(5.0), UNKNOWN, label="误差")
    assert Interval(5.0).zone(UNKNOWN) == ""
    assert "band" not in drawing
    assert "限值不明" in drawing


def test_value_off_the_scale_is_named_at_the_edge() -> None:
    assert "+1.85" in words(charts.interval_cell([Interval(1.85, 0.06)], LIMITS))
    assert "−1.40" in words(charts.runs_chart([RunGroup("q1", [-1.4])], LIMITS, title="t"))
    history = charts.error_history([HistoryPoint(date(2026, 1, 1), 9.9)], LIMITS, title="t")
    assert "+9.90" in words(history)


def test_interval_cell_and_its_head_share_one_scale() -> None:
    head = parsed(charts.interval_scale(LIMITS))
    cell = parsed(charts.interval_cell([], LIMITS))
    places = [element.get("x") for element in head.iter(f"{SVG}text")]
    limits = [re.match(r"M([\d.]+)", element.get("d", "")) for element in cell.iter(f"{SVG}path")]
    assert places[0] == limits[0][1] if limits[0] else False
    assert places[2] == limits[1][1] if limits[1] else False


def test_row_not_measured_says_so() -> None:
    drawing = charts.interval_plot([IntervalRow("6 号枪", None)], LIMITS, title="t")
    assert "未检" in words(drawing)


def test_chart_has_title_and_description_for_those_who_do_not_see_it() -> None:
    drawing = parsed(charts.runs_chart([RunGroup("q1", [0.45, 0.46])], LIMITS, title="误差与限值"))
    assert drawing.findtext(f"{SVG}title") == "误差与限值"
    assert "+0.45 +0.46" in (drawing.findtext(f"{SVG}desc") or "")
    assert drawing.get("role") == "img"
    assert drawing.xpath("@aria-labelledby = *[local-name() = 'title']/@id")


def test_runs_still_to_come_are_dashed_circles() -> None:
    drawing = charts.runs_chart([RunGroup("q1", [0.1], pending=2)], LIMITS, title="t")
    assert drawing.count('class="no"') == 2


def test_mean_is_drawn_with_its_number() -> None:
    assert "+0.46" in words(charts.runs_chart([RunGroup("q1", [0.45, 0.47], mean=0.46)], LIMITS, title="t"))


def test_history_names_due_day_and_change_of_edition() -> None:
    points = [HistoryPoint(date(2024, 1, 10), 0.1, 0.06), HistoryPoint(date(2025, 1, 10), 0.2, 0.06)]
    drawing = charts.error_history(
        points, LIMITS, title="t", due=date(2026, 1, 9), changes=[(date(2024, 5, 1), "换版"), (date(1990, 1, 1), "早")]
    )
    assert "换版" in words(drawing)
    assert "早" not in words(drawing)
    assert "2026-01-09 到期" in words(drawing)


def test_history_without_results_says_so() -> None:
    assert words(charts.error_history([], LIMITS, title="t")) == ["还没有结果"]


def test_history_of_one_day_has_a_day_on_its_axis() -> None:
    drawing = charts.error_history([HistoryPoint(date(2026, 6, 1), 0.1)], LIMITS, title="t")
    assert any(word.startswith("2026-0") for word in words(drawing))


def test_budget_gives_each_share_of_the_variance() -> None:
    drawing = charts.budget([Share("a", 3.0), Share("b", 4.0)], "%", title="t")
    assert "64\u00a0%" in words(drawing)
    assert "36\u00a0%" in words(drawing)


def test_budget_without_contributions_says_so() -> None:
    assert words(charts.budget([Share("a", 0.0)], "%", title="t")) == ["没有不确定度分量"]


def test_empty_month_shows_zero_and_has_no_height() -> None:
    drawing = charts.month_bars([Bar("1", 0), Bar("2", 4)], title="t")
    assert "0" in words(drawing)
    assert 'height="0"' in drawing


def test_words_in_a_chart_are_escaped() -> None:
    drawing = charts.interval_plot([IntervalRow("<b>&", Interval(0.1))], LIMITS, title='"<t>')
    assert "<b>" not in drawing
    assert "<b>&" in words(drawing)


def test_no_chart_carries_a_style() -> None:
    drawings = [
        charts.interval_cell([Interval(0.1)], LIMITS),
        charts.runs_chart([RunGroup("q1", [0.1], 0.06, 0.1)], LIMITS, title="t"),
        charts.error_history([HistoryPoint(date(2026, 6, 1), 0.1)], LIMITS, title="t"),
        charts.budget([Share("a", 1.0)], "%", title="t"),
    ]
    assert "style" not in "".join(drawings)


def test_the_same_values_give_the_same_bytes() -> None:
    first = charts.error_line(Interval(0.1, 0.06), LIMITS, label="误差")
    assert charts.error_line(Interval(0.1, 0.06), LIMITS, label="误差") == first


@given(
    value=st.floats(allow_nan=True, allow_infinity=True),
    u=st.none() | st.floats(min_value=0, max_value=1e6),
    mpe=st.none() | st.floats(min_value=1e-6, max_value=1e6),
)
def test_any_value_gives_a_well_formed_drawing_inside_its_paper(
    value: float, u: float | None, mpe: float | None
) -> None:
    drawing = charts.interval_cell([Interval(value, u)], Limits.symmetric(mpe))
    places = [float(x) for x in re.findall(r'[" M](-?\d+(?:\.\d+)?) -?\d', drawing)]
    assert parsed(drawing) is not None
    assert all(-20 <= x <= 260 for x in places)
