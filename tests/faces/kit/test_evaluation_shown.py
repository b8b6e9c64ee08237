"""An evaluation as the pages show it: results by input, the verdict in words, rules that say what is unknown."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import cast

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.errors import InputError, InputErrors, Term, say
from plumbline.faces.kit import evaluation as shown
from plumbline.faces.kit.evaluation_view import edition_changes
from plumbline.rulebook import regulations
from plumbline.science.metrology.evaluation import Evaluation, Finding, Input, Missing, Point, Run, Step

STEP = Step(
    code="points.q1.runs.0.E",
    symbol="E",
    zh="示值误差",
    en="Error of indication",
    formula="E = (V_J - V_Bt) / V_Bt * 100",
    inputs=(Input("V_J", 20.1, "L"), Input("V_Bt", 20.004, "L")),
    value=0.479904019196,
    unit="%",
    status="verified",
    sources=("SUP1",),
)


def point(*, error: float | None, mpe: float | None = 0.30) -> Point:
    """Return a point with two runs, one of them empty."""
    return Point(
        code="q1",
        zh="流量点 1",
        en="Flow point 1",
        unit="%",
        runs=(Run(0, error, (STEP,), ()), Run(1, None, (), ("v_j_l",))),
        error=error,
        mpe=mpe,
        error_conforms=None if error is None or mpe is None else abs(error) <= mpe,
        repeatability=None,
        repeatability_limit=0.10,
        repeatability_conforms=None,
        U=0.06,
        k=2.0,
        budget=None,
        steps=(),
        decimals=2,
    )


def evaluation(one: Point, *, verdict: str = "incomplete") -> Evaluation:
    failure = Finding("points.q1", say("{n}：示值误差超出最大允许误差", n=Term(one.zh, one.en)), "Flow point 1: …")
    return Evaluation(
        method="fuel_dispenser",
        points=(one,),
        checks=(),
        verdict=verdict,  # type: ignore[arg-type]  # one of the three words
        missing=(Missing("points.q1.runs.1.v_j_l", say("这一格还没有填写")),),
        failures=(failure,),
        warnings=(),
    )


def test_result_of_a_run_stands_beside_its_row_and_an_empty_row_has_none() -> None:
    results = shown.cell_results(evaluation(point(error=0.46)))
    assert list(results) == ["q1.1"]
    assert (results["q1.1"].text, results["q1.1"].kind) == ("+0.46", "bad")


def test_a_run_on_the_limit_is_inside_whatever_the_last_binary_digit_says() -> None:
    on_the_limit = 0.1 + 0.2
    assert on_the_limit > 0.30
    assert shown.cell_results(evaluation(point(error=on_the_limit)))["q1.1"].kind == "ok"


def test_no_colour_is_claimed_where_the_limit_is_unknown() -> None:
    one = point(error=0.46, mpe=None)
    assert shown.cell_results(evaluation(one))["q1.1"].kind == ""
    assert "限值不明" in shown.point_summary(one)[0][1].note


def test_u_and_its_share_of_the_limit_are_shown() -> None:
    name, result = shown.point_summary(point(error=0.1))[-1]
    assert (name, result.text) == ("U", "0.060\u00a0%")
    assert "0.20" in result.note


def test_verdict_names_the_first_failure_or_what_is_missing() -> None:
    kind, title, reason = shown.verdict(evaluation(point(error=0.46), verdict="fail"))
    assert (kind, str(title)) == ("bad", "不合格")
    assert "流量点 1：示值误差" in str(reason)
    kind, title, reason = shown.verdict(evaluation(point(error=None)))
    assert (kind, str(title), str(reason)) == ("unk", "还没有结论，缺 1 处", "这一格还没有填写")


def test_runs_to_come_are_counted_for_the_chart() -> None:
    (group,) = shown.run_groups(evaluation(point(error=0.46)), 3)
    assert (group.values, group.pending, group.mean) == ([0.46], 2, 0.46)


def test_why_of_a_point_opens_the_rule_as_it_is_known_and_every_step() -> None:
    why = shown.point_why(point(error=0.46), regulations.by_id("JJG443-2015"))
    rule, step = why.rules[0], why.steps[0]
    assert (rule.value, rule.is_clause_known, rule.checked_by) == ("0.30\u00a0%", False, "")
    assert "SUP1" in rule.source
    assert (step.value, step.inputs[1]) == ("0.47990402", ("V_Bt", "20.004", "L"))


def test_faults_of_a_record_point_to_their_cells() -> None:
    errors = InputErrors([InputError(say("甲"), field="points.q1.runs.0.v_j_l"), InputError(say("乙"), field="place")])
    assert [fault.field_id for fault in shown.faults_of(errors)] == ["c-q1-1-v_j_l", "place"]
    assert set(shown.errors_by_input(errors)) == {"q1.1.v_j_l", "place"}
    assert shown.faults_of(InputError(say("丙"), field="x"), ids={"x": "other"})[0].field_id == "other"


def document(day: date, edition: str) -> CertificateFacts:
    facts = {"rule": {"number": "JJG 443", "edition": edition}}
    return cast("CertificateFacts", SimpleNamespace(performed_on=day, facts=facts))


def test_a_change_of_edition_among_documents_is_told_once_by_its_first_day() -> None:
    days = [(date(2025, 6, 1), "2023"), (date(2023, 6, 1), "2015"), (date(2024, 6, 1), "2023")]
    documents = [document(day, edition) for day, edition in days]
    assert edition_changes(documents) == [(date(2024, 5, 1), "JJG 443-2023")]
    assert edition_changes([document(date(2023, 6, 1), "1900"), *documents[:1]]) == []
