"""The arithmetic of fuel dispensers: worked examples, sensitivities against differences, decisions at the limit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.science.metrology.evaluation import CheckTask, Evaluation, Origin, PointTask, RuleNumber, Task
from plumbline.science.metrology.methods import all_methods, method
from plumbline.science.metrology.methods.fuel_dispenser import (
    Measure,
    Reading,
    error_of_indication,
    repeatability,
    sensitivities,
    volume_at_dispenser,
    volume_of_measure,
)
from tests.shared_data import shared_path

MEASURE = Measure(V_0=20.0, h_0=69.0, q=2.0, beta_y=0.0012, beta_b=5e-05)
READINGS = st.builds(
    Reading, V_J=st.floats(19, 21), h=st.floats(20, 120), t_j=st.floats(-20, 40), t_b=st.floats(-20, 40)
)
NUMBERS = {
    "mpe_percent": 0.30,
    "repeatability_percent": 0.10,
    "d_3": 1.69,
    "beta_liquid": 0.0012,
    "beta_measure": 5e-05,
    "coverage_factor": 2.0,
    "half_width_V_J": 0.005,
    "half_width_h": 0.5,
    "half_width_t_j": 0.2,
    "half_width_t_b": 0.2,
    "half_width_beta_y": 1e-4,
    "half_width_beta_b": 5e-6,
    "warn_error_percent": 2.0,
}
STANDARD = {"zero_volume_l": 20.0, "neck_zero_mm": 69.0, "ml_per_mm": 2.0, "U_ml": 5.0, "k": 2.0}


def number(code: str, value: float | None) -> RuleNumber:
    return RuleNumber(code, code, "数", "number", value, "", "assumption", ("PL",))


def row(v_j: float, neck: float = 69.0, t: float = 20.0) -> dict[str, float | None]:
    return {"v_j_l": v_j, "neck_mm": neck, "t_j_c": t, "t_b_c": t}


def task(*rows: Mapping[str, float | None], required: int | None = 3, **numbers: float | None) -> Task:
    point = PointTask("q1", "流量点 Q1", "Flow point Q1", rows, tuple(range(len(rows))), required)
    return Task(
        numbers={code: number(code, value) for code, value in {**NUMBERS, **numbers}.items()},
        formulas={code: Origin("verified", ("S31",)) for code in method("fuel_dispenser").formulas},
        points=(point,),
        checks=(),
        standard=STANDARD,
    )


def evaluate(some_task: Task) -> Evaluation:
    return method("fuel_dispenser").evaluate(some_task)


def worked(name: str) -> dict[str, float]:
    path = shared_path("domain/worked_examples.json")
    return cast("dict[str, float]", json.loads(path.read_text(encoding="utf-8"))[name])


def test_the_worked_example_of_the_neck_reading() -> None:
    case = worked("dispenser")
    measure = Measure(V_0=20.0, h_0=case["neck_zero_mm"], q=case["mL_per_mm"], beta_y=case["bY"], beta_b=case["bB"])
    reading = Reading(V_J=case["VJ"], h=case["neck_mm"], t_j=case["tJ"], t_b=case["tB"])
    found = (
        volume_of_measure(reading, measure),
        volume_at_dispenser(reading, measure),
        error_of_indication(reading, measure),
    )
    assert found == pytest.approx((case["VB"], case["VBt"], case["EV_percent"]), rel=2e-4)
    assert found[1] == pytest.approx(case["VBt"], abs=5e-6)


def test_the_worked_example_of_the_repeatability() -> None:
    case = worked("dispenser_repeatability")
    errors = cast("list[float]", case["EV_percent"])
    assert repeatability(tuple(errors), case["d3"]) == pytest.approx(case["En_percent"], abs=5e-5)


def test_the_exam_question_with_another_volume_at_the_zero_mark() -> None:
    """Source X1: 19.75 L at 68.3 mm, 2.1 mL/mm, no temperature correction; 0.43, 0.36, 0.58 %, E_n 0.13 %."""
    measure = Measure(V_0=19.75, h_0=68.3, q=2.1, beta_y=0.0, beta_b=0.0)
    pairs = [(19.77, 37.4), (19.82, 67.6), (20.0, 132.2)]
    errors = tuple(error_of_indication(Reading(V_J=v, h=h, t_j=20.0, t_b=20.0), measure) for v, h in pairs)
    assert errors == pytest.approx((0.43, 0.36, 0.58), abs=0.006)
    assert repeatability(errors, 1.69) == pytest.approx(0.13, abs=0.006)


STEPS = {"V_J": 1e-4, "h": 1e-2, "t_j": 1e-3, "t_b": 1e-3, "V_0": 1e-4, "beta_y": 1e-7, "beta_b": 1e-8}


def error_at(point: Mapping[str, float]) -> float:
    measure = Measure(V_0=point["V_0"], h_0=69.0, q=2.0, beta_y=point["beta_y"], beta_b=point["beta_b"])
    return error_of_indication(Reading(V_J=point["V_J"], h=point["h"], t_j=point["t_j"], t_b=point["t_b"]), measure)


def slope(reading: Reading, name: str) -> float:
    at = {**asdict(reading), **asdict(MEASURE)}
    step = STEPS[name]
    return (error_at({**at, name: at[name] + step}) - error_at({**at, name: at[name] - step})) / (2 * step)


@pytest.mark.parametrize("name", sorted(STEPS))
@given(reading=READINGS)
def test_each_sensitivity_equals_the_difference_quotient(name: str, reading: Reading) -> None:
    assert sensitivities(reading, MEASURE)[name] == pytest.approx(slope(reading, name), rel=1e-4, abs=1e-6)


@given(reading=READINGS, litres=st.floats(0.1, 1.0))
def test_a_larger_indication_has_a_larger_error(reading: Reading, litres: float) -> None:
    more = replace(reading, V_J=reading.V_J + litres)
    assert error_of_indication(more, MEASURE) > error_of_indication(reading, MEASURE)


def test_a_dispenser_that_shows_what_it_gives_has_no_error() -> None:
    assert evaluate(task(row(20.0), row(20.0), row(20.0))).points[0].error == 0.0


@pytest.mark.parametrize(
    ("v_j", "verdict"), [(20.06, "pass"), (19.94, "pass"), (20.061, "fail"), (19.939, "fail"), (20.0, "pass")]
)
def test_an_error_at_the_limit_passes_and_one_beyond_fails(v_j: float, verdict: str) -> None:
    assert evaluate(task(row(v_j), row(v_j), row(v_j))).verdict == verdict


@given(st.lists(st.integers(19_900, 20_100), min_size=3, max_size=3))
def test_the_decision_equals_that_of_exact_fractions(millilitres: list[int]) -> None:
    point = evaluate(task(*(row(value / 1000) for value in millilitres))).points[0]
    exact = Fraction(sum(millilitres) - 60_000, 600)
    spread = Fraction(max(millilitres) - min(millilitres), 20_000) * 100 / Fraction("1.69")
    assert point.error_conforms == (abs(exact) <= Fraction("0.3"))
    assert point.repeatability_conforms == (spread <= Fraction("0.1"))


def test_scattered_runs_fail_the_repeatability_though_the_mean_passes() -> None:
    evaluation = evaluate(task(row(19.95), row(20.0), row(20.05)))
    point = evaluation.points[0]
    assert (point.error_conforms, point.repeatability_conforms, evaluation.verdict) == (True, False, "fail")
    assert [finding.zh for finding in evaluation.failures] == ["流量点 Q1：重复性超出限值"]


def test_each_run_is_compared_where_the_rule_says_so() -> None:
    one_bad = task(row(20.0), row(20.0), row(20.07), repeatability_percent=10.0)
    assert evaluate(one_bad).verdict == "pass"
    assert evaluate(replace(one_bad, options={"compare": "each_run"})).verdict == "fail"


def test_a_filled_row_has_its_result_while_the_others_are_empty() -> None:
    empty: dict[str, float | None] = {"v_j_l": 20.0}
    evaluation = evaluate(task(row(20.02), empty, {}))
    runs = evaluation.points[0].runs
    assert runs[0].error == pytest.approx(0.1)
    assert (runs[1].error, runs[1].empty) == (None, ("neck_mm", "t_j_c", "t_b_c"))
    assert evaluation.verdict == "incomplete"
    assert "points.q1.runs.1.neck_mm" in [missing.field for missing in evaluation.missing]


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_the_repeatability_of_another_number_of_runs_is_not_invented(rows: int) -> None:
    evaluation = evaluate(task(*(row(20.0),) * rows, required=None))
    assert evaluation.points[0].repeatability is None
    assert evaluation.verdict == "incomplete"
    assert "d_n" in str(evaluation.missing[0].text)


def test_one_run_alone_has_no_uncertainty() -> None:
    assert evaluate(task(row(20.0), required=None)).points[0].U is None


def test_the_expanded_uncertainty_and_its_ratio_are_shown_and_do_not_refuse() -> None:
    wide = evaluate(task(row(20.05), row(20.05), row(20.05), half_width_V_J=0.1))
    assert wide.verdict == "pass"
    assert cast("float", wide.points[0].U_over_mpe) > 1


def test_the_expanded_uncertainty_is_the_root_of_the_squares_of_its_budget() -> None:
    point = evaluate(task(row(20.0), row(20.01), row(20.02))).points[0]
    assert point.budget is not None
    squares = sum(part.u_of_result**2 for part in point.budget.contributions)
    assert pytest.approx(2 * squares**0.5) == point.U


@pytest.mark.parametrize("code", ["mpe_percent", "repeatability_percent", "beta_liquid", "beta_measure", "d_3"])
def test_an_unknown_number_of_the_rule_leaves_the_verdict_open(code: str) -> None:
    evaluation = evaluate(replace(task(row(20.0), row(20.0), row(20.0)), numbers=without(code)))
    assert evaluation.verdict == "incomplete"
    assert f"numbers.{code}" in [missing.field for missing in evaluation.missing]


def without(code: str) -> dict[str, RuleNumber]:
    return {name: number(name, None if name == code else value) for name, value in NUMBERS.items()}


def test_a_missing_parameter_of_the_measure_gives_no_result() -> None:
    evaluation = evaluate(replace(task(row(20.0)), standard={"neck_zero_mm": 69.0}))
    assert evaluation.points[0].runs[0].error is None


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_reading_that_is_not_finite_is_refused_at_its_place(value: float) -> None:
    with pytest.raises(InputError) as caught:
        task(row(20.0), row(20.0, neck=value), row(20.0))
    assert caught.value.field == "points.q1.runs.1.neck_mm"


@pytest.mark.parametrize(
    ("v_j", "neck", "column"), [(0.0, 69.0, "v_j_l"), (-1.0, 69.0, "v_j_l"), (20.0, -1e5, "neck_mm")]
)
def test_a_volume_that_cannot_be_is_refused_at_its_place(v_j: float, neck: float, column: str) -> None:
    with pytest.raises(InputError) as caught:
        evaluate(task(row(v_j, neck=neck)))
    assert caught.value.field == f"points.q1.runs.0.{column}"


def test_a_failed_check_fails_at_once_and_an_open_one_leaves_the_verdict_open() -> None:
    good = task(row(20.0), row(20.0), row(20.0))
    failed = replace(good, checks=(CheckTask("seals", "铅封", "seals", "fail"),))
    open_check = replace(good, checks=(CheckTask("seals", "铅封", "seals", "not_checked"),))
    assert (evaluate(failed).verdict, evaluate(open_check).verdict) == ("fail", "incomplete")
    finding = evaluate(failed).failures[0]
    assert (finding.zh, finding.en) == ("检查不合格：铅封", "Check failed: seals")


def test_a_cheating_error_is_kept_and_questioned_not_refused() -> None:
    evaluation = evaluate(task(row(22.0), row(22.0), row(22.0)))
    assert evaluation.verdict == "fail"
    assert len(evaluation.warnings) == 3


def test_every_shown_number_has_a_step_with_its_inputs_and_sources() -> None:
    evaluation = evaluate(task(row(20.0), row(20.01), row(20.02)))
    codes = [step.code.rpartition(".")[2] for step in evaluation.steps()]
    assert codes == ["V_B", "V_Bt", "E"] * 3 + ["E", "E_n", "u_c", "U"]
    assert all(step.inputs and step.sources and step.status for step in evaluation.steps())
    assert evaluation.step("points.q1.U").value == evaluation.points[0].U


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(InputError):
        evaluate(task(row(20.0))).step("points.q9.E")


def test_a_task_without_points_is_incomplete() -> None:
    assert evaluate(replace(task(row(20.0)), points=())).verdict == "incomplete"


def test_the_same_task_gives_the_same_evaluation() -> None:
    assert evaluate(task(row(20.0), row(20.013), row(20.02))) == evaluate(task(row(20.0), row(20.013), row(20.02)))


def test_methods_are_found_by_listing_the_package() -> None:
    assert "fuel_dispenser" in all_methods()


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError):
        method("divining_rod")
