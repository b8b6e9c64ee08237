"""The measurement grid: names of inputs, filling, reading back, and what a page without script sends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plumbline.faces.kit import grid
from plumbline.faces.kit.fragments import render_fragment
from plumbline.faces.kit.grid import CellResult, Column, GridFill, PointPlan
from tests.faces.kit.conftest import Render

COLUMNS = [Column("v_j_l", "示值", "L", low="0", high="100"), Column("t_j_c", "油温", "℃", "t_J")]
PLAN = [PointPlan("q1", "流量点 1", runs=2), PointPlan("q2", "流量点 2", runs=1)]
FLOW = [Column("flow_l_per_min", "流量", "L/min")]
OBSERVATIONS: dict[str, object] = {
    "points": [
        {
            "code": "q1",
            "flow_l_per_min": "45",
            "runs": [{"v_j_l": "20.10", "t_j_c": "18.4"}, {"v_j_l": "20.09", "t_j_c": ""}],
        },
        {"code": "q2", "flow_l_per_min": "", "runs": [{"v_j_l": "", "t_j_c": ""}]},
    ]
}


def built(**fill: object) -> grid.Grid:
    values = GridFill(**fill)  # type: ignore[arg-type]  # named by each test
    return grid.build_grid(COLUMNS, PLAN, fill=values, head=("误差", "%"), point_columns=FLOW)


def test_observations_read_back_from_the_form_are_the_same() -> None:
    posted = grid.grid_values(OBSERVATIONS)
    assert grid.posted_points(posted, COLUMNS, plan=PLAN, point_columns=FLOW) == OBSERVATIONS["points"]


def test_field_of_the_record_finds_its_input() -> None:
    assert grid.input_name("points.q1.runs.0.v_j_l") == "q1.1.v_j_l"
    assert grid.input_name("points.q1.flow_l_per_min") == "q1.flow_l_per_min"
    assert grid.input_name("environment.temperature_c") == "environment.temperature_c"
    assert grid.input_id("points.q1.runs.1.v_j_l") == "c-q1-2-v_j_l"


def test_every_cell_is_an_input_with_a_name_of_its_own(render: Render) -> None:
    page = render('<c-grid :grid="grid" />', grid=built(values=grid.grid_values(OBSERVATIONS)))
    names = [control.get("name") for control in page.iter("input")]
    assert len(names) == len(set(names)) == 8
    assert page.xpath('//input[@name="q1.1.v_j_l"]')[0].get("value") == "20.10"
    assert page.xpath('//input[@name="q1.2.t_j_c"]')[0].get("aria-label") == "流量点 1 2 油温"


def test_error_stands_beside_its_cell(render: Render) -> None:
    page = render('<c-grid :grid="grid" />', grid=built(errors={"q1.1.v_j_l": "要填数字"}))
    cell = page.xpath('//input[@name="q1.1.v_j_l"]')[0]
    assert cell.get("aria-invalid") == "true"
    assert "要填数字" in page.get_element_by_id(cell.get("aria-describedby")).text_content()


def test_offered_value_is_no_value_until_it_is_accepted(render: Render) -> None:
    page = render('<c-grid :grid="grid" />', grid=built(offered={"q1.1.t_j_c": "18.4"}))
    cell = page.xpath('//input[@name="q1.1.t_j_c"]')[0]
    assert (cell.get("value"), cell.get("placeholder")) == ("", "18.4")


def test_result_has_the_place_a_live_evaluation_fills(render: Render) -> None:
    page = render('<c-grid :grid="grid" />', grid=built(results={"q1.2": CellResult("+0.46", "bad")}))
    assert "+0.46" in page.get_element_by_id("r-q1-2").text_content()
    assert "+0.46" in render_fragment("cellresult", result=CellResult("+0.46", "bad"))


def test_record_that_is_locked_cannot_be_typed_in(render: Render) -> None:
    locked = grid.Grid(columns=COLUMNS, points=built().points, result_label="误差", is_readonly=True)
    page = render('<c-grid :grid="grid" />', grid=locked)
    assert all(control.get("readonly") is not None for control in page.iter("input"))


@given(st.text(max_size=40))
def test_any_path_gives_a_name_without_failing(path: str) -> None:
    assert isinstance(grid.input_id(path), str)
