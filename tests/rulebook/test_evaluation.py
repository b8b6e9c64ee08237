"""From typed text to a judgement: the day between the editions, live typing, nonsense, replay."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputErrors
from plumbline.rulebook import regulations
from plumbline.rulebook.reading import RULEBOOK, parse_table
from plumbline.rulebook.regulations.loader import read_regulation
from plumbline.rulebook.regulations.record import evaluation_as_record, point_texts, rule_as_record
from plumbline.rulebook.regulations.task import blank_observations, evaluate, evaluate_while_typing
from plumbline.science.metrology.evaluation import Evaluation

OLD, NEW = regulations.by_id("JJG443-2015"), regulations.by_id("JJG443-2023")
STANDARD = {
    "nominal_volume_l": "20",
    "neck_zero_mm": "69",
    "ml_per_mm": "2",
    "material": "stainless steel",
    "U_ml": "5",
    "k": "2",
}
Observations = dict[str, Any]  # the JSON of a record, changed here and there by the tests


def row(v_j: str, neck: str = "69.0", t: str = "20.0") -> dict[str, str]:
    return {"v_j_l": v_j, "neck_mm": neck, "t_j_c": t, "t_b_c": t}


def observed(*v_j: str, regulation: regulations.Regulation = NEW) -> Observations:
    values = v_j or ("20.00", "20.01", "20.00")
    return {
        "environment": {"temperature_c": "18.6", "humidity_percent": "52"},
        "choices": {"liquid": "petrol"},
        "points": [
            {"code": "q1", "flow_l_per_min": "45", "runs": [row(value) for value in values]},
            {"code": "q2", "flow_l_per_min": "20", "runs": [row(value) for value in values]},
        ],
        "checks": {check.code: "ok" for check in regulation.checks},
        "remarks": "",
    }


def changed(path: str, value: object) -> Observations:
    observations = observed()
    *way, last = path.split(".")
    place: Any = observations  # lists and dicts in turn
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return observations


def verdict_on(day: date, **changes: object) -> tuple[str, str, list[str]]:
    regulation = regulations.in_force("MV-FUEL", day)
    evaluation = evaluate(regulation, {**observed(regulation=regulation), **changes}, standard=STANDARD)
    return regulation.title, evaluation.verdict, [check.code for check in evaluation.checks]


def as_text(evaluation: Evaluation) -> str:
    return json.dumps(evaluation_as_record(evaluation), ensure_ascii=False, sort_keys=True)


def test_one_nozzle_on_each_side_of_the_day_is_judged_by_its_own_edition() -> None:
    old, new = verdict_on(date(2024, 4, 30)), verdict_on(date(2024, 5, 1))
    assert old == ("JJG 443-2015", "pass", [])
    assert new == ("JJG 443-2023", "pass", [check.code for check in NEW.checks])


def test_each_side_cites_its_own_sources_for_the_same_limits() -> None:
    old, new = rule_as_record(OLD), rule_as_record(NEW)
    assert (old["edition"], new["edition"]) == ("2015", "2023")
    assert old["limits"] != new["limits"]
    assert json.dumps(old["limits"]).count("SUP1") == json.dumps(new["limits"]).count("S61") == 2


@pytest.mark.parametrize("regulation", [OLD, NEW])
def test_a_stored_record_replays_to_the_last_digit(regulation: regulations.Regulation) -> None:
    observations = observed("20.013", "19.998", "20.02", regulation=regulation)
    stored = json.dumps({"observations": observations, "standard": STANDARD, "id": regulation.id})
    first = as_text(evaluate(regulation, observations, standard=STANDARD))
    read = json.loads(stored)
    assert as_text(evaluate(regulations.by_id(read["id"]), read["observations"], standard=read["standard"])) == first


def test_no_float_gets_into_a_record() -> None:
    text = json.dumps(evaluation_as_record(evaluate(NEW, observed(), standard=STANDARD)))
    floats: list[str] = []
    json.loads(text, parse_float=floats.append)
    assert floats == []


def test_a_blank_record_is_incomplete_and_names_everything_it_needs() -> None:
    evaluation = evaluate(NEW, blank_observations(NEW), standard={})
    fields = {missing.field for missing in evaluation.missing}
    assert evaluation.verdict == "incomplete"
    assert {"points.q1.runs.0.v_j_l", "checks.seals", "choices.liquid", "environment.temperature_c"} <= fields
    assert {"standard.U_ml", "standard.material"} <= fields


@pytest.mark.parametrize(
    "path",
    [
        "environment.humidity_percent",
        "choices.liquid",
        "points.1.runs.2.t_b_c",
        "checks.self_lock",
        "points.0.runs.0.v_j_l",
    ],
)
def test_one_empty_field_leaves_the_verdict_open(path: str) -> None:
    evaluation = evaluate(NEW, changed(path, ""), standard=STANDARD)
    assert (evaluation.verdict, evaluation.missing != ()) == ("incomplete", True)


@pytest.mark.parametrize("gone", ["environment", "choices", "points", "checks"])
def test_a_missing_part_leaves_the_verdict_open(gone: str) -> None:
    observations = observed()
    del observations[gone]
    assert evaluate(NEW, observations, standard=STANDARD).verdict == "incomplete"


def test_the_choice_of_fuel_changes_the_expansion_used() -> None:
    observations = {**observed(), "choices": {"liquid": "light_diesel"}}
    step = evaluate(NEW, observations, standard=STANDARD).step("points.q1.runs.0.V_Bt")
    beta = next(part for part in step.inputs if part.symbol == "β_Y")
    assert (beta.value, beta.rule is not None) == (0.0009, True)


def test_the_volume_at_the_zero_mark_replaces_the_nominal_one() -> None:
    evaluation = evaluate(NEW, observed(), standard={**STANDARD, "zero_volume_l": "19.99"})
    assert evaluation.step("points.q1.runs.0.V_B").value == pytest.approx(19.99)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("points.0.runs.2.neck_mm", "abc", "points.q1.runs.2.neck_mm"),
        ("points.0.runs.2.neck_mm", "NaN", "points.q1.runs.2.neck_mm"),
        ("points.0.runs.2.neck_mm", "-5", "points.q1.runs.2.neck_mm"),
        ("points.1.runs.0.v_j_l", "20,10", "points.q2.runs.0.v_j_l"),
        ("points.1.runs.0.v_j_l", "2010", "points.q2.runs.0.v_j_l"),
        ("points.1.runs.0.v_j_l", "1e1", "points.q2.runs.0.v_j_l"),
        ("points.1.runs.0.v_j_l", 20.1, "points.q2.runs.0.v_j_l"),
        ("points.1.runs.0.v_j_l", "1" * 500, "points.q2.runs.0.v_j_l"),
        ("points.1.runs.0.t_j_c", "200", "points.q2.runs.0.t_j_c"),
        ("points.1.runs.0.colour", "red", "points.q2.runs.0.colour"),
        ("points.0.flow_l_per_min", "0", "points.q1.flow_l_per_min"),
        ("points.0.code", "q7", "points.q7"),
        ("points.0.code", "q2", "points.1"),
        ("points.0.runs", "three", "points.q1.runs"),
        ("points.0.runs", [{}] * 4, "points.q1.runs"),
        ("points", {"q1": {}}, "points"),
        ("points", ["q1"], "points.0"),
        ("environment.temperature_c", "hot", "environment.temperature_c"),
        ("environment.pressure", "1", "environment.pressure"),
        ("environment", "warm", "environment"),
        ("choices.liquid", "water", "choices.liquid"),
        ("choices.colour", "red", "choices.colour"),
        ("checks.seals", "yes", "checks.seals"),
        ("checks.tyres", "ok", "checks.tyres"),
        ("remarks", "x" * 2001, "remarks"),
        ("surprise", "1", "surprise"),
    ],
)
def test_nonsense_is_refused_beside_its_field(path: str, value: object, field: str) -> None:
    with pytest.raises(InputErrors) as caught:
        evaluate(NEW, changed(path, value), standard=STANDARD)
    assert field in [error.field for error in caught.value.errors]
    assert all(error.remedy is not None for error in caught.value.errors)


@pytest.mark.parametrize(
    ("code", "value"), [("U_ml", "0"), ("k", "9"), ("material", "wood"), ("ml_per_mm", "two"), ("owner", "x")]
)
def test_a_parameter_of_the_standard_that_cannot_be_is_refused(code: str, value: str) -> None:
    with pytest.raises(InputErrors) as caught:
        evaluate(NEW, observed(), standard={**STANDARD, code: value})
    assert caught.value.field == f"standard.{code}"


def test_several_faults_are_told_at_once() -> None:
    observations = changed("points.0.runs.0.v_j_l", "x")
    observations["points"][1]["runs"][1]["t_b_c"] = "y"
    with pytest.raises(InputErrors) as caught:
        evaluate(NEW, observations, standard=STANDARD)
    assert [error.field for error in caught.value.errors] == ["points.q1.runs.0.v_j_l", "points.q2.runs.1.t_b_c"]


def test_while_typing_one_slip_hides_no_other_result() -> None:
    evaluation, errors = evaluate_while_typing(NEW, changed("points.0.runs.0.v_j_l", "x"), standard=STANDARD)
    assert [error.field for error in errors] == ["points.q1.runs.0.v_j_l"]
    assert evaluation.points[0].runs[0].error is None
    assert evaluation.points[0].runs[1].error == pytest.approx(0.05)
    assert evaluation.points[1].conforms is True


@pytest.mark.parametrize(
    ("text", "what"),
    [("9" * 30, "位数太多"), ("1.0000001", "位数太多"), ("1e5", "不是十进制数"), ("x", "不是十进制数")],
)
def test_a_number_is_refused_for_what_is_wrong_with_it(text: str, what: str) -> None:
    with pytest.raises(InputErrors, match=what):
        evaluate(NEW, changed("points.0.runs.0.v_j_l", text), standard=STANDARD)


@pytest.mark.parametrize("text", ["２０．００", " 20.00 ", "20"])
def test_the_ways_a_number_is_typed_mean_the_same(text: str) -> None:
    evaluation = evaluate(NEW, changed("points.0.runs.0.v_j_l", text), standard=STANDARD)
    assert evaluation.points[0].runs[0].error == pytest.approx(0.0)


def test_a_minus_sign_of_typography_is_a_minus_sign() -> None:
    evaluation = evaluate(NEW, changed("environment.temperature_c", "−5.0"), standard=STANDARD)
    assert evaluation.verdict == "pass"


@pytest.mark.parametrize(
    ("v_j", "verdict", "shown"),
    [
        ("20.06", "pass", "0.30"),
        ("20.0602", "fail", "0.301"),
        ("19.94", "pass", "-0.30"),
        ("19.9398", "fail", "-0.301"),
    ],
)
def test_what_is_shown_never_contradicts_the_verdict(v_j: str, verdict: str, shown: str) -> None:
    evaluation = evaluate(NEW, observed(v_j, v_j, v_j), standard=STANDARD)
    assert (evaluation.verdict, point_texts(evaluation.points[0])["error"]) == (verdict, shown)


@given(st.lists(st.integers(19_930, 20_070), min_size=3, max_size=3))
def test_a_reader_of_the_texts_comes_to_the_same_decision(millilitres: list[int]) -> None:
    evaluation = evaluate(NEW, observed(*(f"{value / 1000:.3f}" for value in millilitres)), standard=STANDARD)
    point = evaluation.points[0]
    texts = point_texts(point)
    assert (abs(Decimal(texts["error"])) <= Decimal(texts["mpe"])) == point.error_conforms
    assert (Decimal(texts["repeatability"]) <= Decimal(texts["repeatability_limit"])) == point.repeatability_conforms


def test_the_old_edition_takes_any_number_of_points() -> None:
    observations = observed(regulation=OLD)
    observations["points"].append({"code": "q3", "runs": [row("20.00")] * 3})
    one = copy.deepcopy(observations)
    del one["points"][1:]
    assert [point.code for point in evaluate(OLD, observations, standard=STANDARD).points] == ["q1", "q2", "q3"]
    assert (evaluate(OLD, one, standard=STANDARD).verdict, len(evaluate(OLD, one, standard=STANDARD).points)) == (
        "pass",
        1,
    )


def test_the_old_edition_decides_no_repeatability_from_two_runs() -> None:
    evaluation = evaluate(OLD, observed("20.00", "20.00", regulation=OLD), standard=STANDARD)
    assert (evaluation.verdict, evaluation.points[0].repeatability) == ("incomplete", None)


def test_rules_and_arithmetic_need_no_web_framework_and_no_database() -> None:
    code = (
        "import sys, plumbline.rulebook.regulations.record, plumbline.rulebook.rights, plumbline.rulebook.catalogue\n"
        "import plumbline.rulebook.regulations.task\n"
        "from plumbline.rulebook import regulations\n"
        "regulations.all_regulations()\n"
        "print([name for name in ('django', 'polars', 'duckdb', 'psycopg', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_method_for_another_kind_is_one_more_file_of_rules() -> None:
    text = (RULEBOOK / "regulations" / "jjg443-2023.toml").read_text(encoding="utf-8")
    text = text.replace('category = "MV-FUEL"', 'category = "MV-LPG"').replace("value = 0.30", "value = 1.0")
    other = read_regulation(parse_table(text, file="probe.toml"))
    evaluation = evaluate(other, observed("20.15", "20.15", "20.15"), standard=STANDARD)
    assert (evaluation.verdict, point_texts(evaluation.points[0])["mpe"]) == ("pass", "1.00")
    assert evaluate(NEW, observed("20.15", "20.15", "20.15"), standard=STANDARD).verdict == "fail"
