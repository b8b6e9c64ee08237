"""From a regulation, the observations and the parameters of the measurement standard to an evaluation.

Observations and parameters are JSON values with decimal text (shapes: `blank_observations`, `Regulation.standard`).
Pure and deterministic: the same three inputs give the same evaluation, so a stored record can be replayed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from plumbline.errors import InputError, InputErrors, Term, say
from plumbline.rulebook.regulations.model import PointRule, Regulation, RuleValue
from plumbline.rulebook.regulations.typing_in import Faults
from plumbline.science.metrology.evaluation import (
    Answer,
    CheckTask,
    Evaluation,
    Missing,
    Origin,
    PointTask,
    RuleNumber,
    Task,
)
from plumbline.science.metrology.methods import method

ANSWERS = ("ok", "fail", "not_checked")
FREE_POINT = re.compile(r"q[1-9]")
MOST_RUNS = 20
MOST_REMARKS = 2000
KEYS = {"environment", "choices", "points", "checks", "remarks"}
Json = Mapping[str, object]


def evaluate(regulation: Regulation, observations: Json, *, standard: Json) -> Evaluation:
    """Return the evaluation. Cells still empty give no result yet and are listed in `missing`.

    Raises: InputErrors (all faults at once) for text that is no number, a value that cannot be, a key or choice the
    regulation does not know; `field` is the path, as points.q1.runs.2.neck_mm with rows counted from 0.
    """
    task, errors = read_task(regulation, observations, standard=standard)
    if errors:
        raise InputErrors(errors)
    return method(regulation.method).evaluate(task)


def evaluate_while_typing(
    regulation: Regulation, observations: Json, *, standard: Json
) -> tuple[Evaluation, list[InputError]]:
    """Return the evaluation with every faulty cell left out, and the faults, so that one slip hides no other result."""
    task, errors = read_task(regulation, observations, standard=standard)
    return method(regulation.method).evaluate(task), errors


def read_task(regulation: Regulation, observations: Json, *, standard: Json) -> tuple[Task, list[InputError]]:
    """Return the task in plain numbers, and the faults of the input. A faulty cell counts as empty."""
    faults = Faults()
    faults.unknown_keys(observations, KEYS, path="")
    choices = _choices(regulation, faults.table(observations.get("choices"), "choices"), faults=faults)
    words, parameters = _parameters(regulation, standard, faults=faults)
    gaps = _environment_gaps(regulation, faults.table(observations.get("environment"), "environment"), faults=faults)
    gaps += [
        Missing(f"choices.{code}", say("还没有选择：{name}", name=Term(rule.zh, rule.en)))
        for code, rule in regulation.choices.items()
        if code not in choices
    ]
    gaps += [
        Missing(f"standard.{parameter.code}", say("标准器缺少参数：{name}", name=Term(parameter.zh, parameter.en)))
        for parameter in regulation.standard.parameters
        if parameter.required and parameter.code not in {*words, *parameters}
    ]
    _read_remarks(observations.get("remarks"), faults)
    task = Task(
        numbers=_numbers(regulation, {**choices, **words}),
        formulas={
            code: _origin(rule.provenance.status, rule.provenance.sources) for code, rule in regulation.formulas.items()
        },
        points=_points(
            regulation, faults.table(_points_by_code(observations.get("points"), faults), "points"), faults=faults
        ),
        checks=_checks(regulation, faults.table(observations.get("checks"), "checks"), faults=faults),
        standard=parameters,
        options={code: rule.value for code, rule in regulation.options.items()},
        gaps=tuple(gaps),
        decimals=regulation.decimals,
    )
    return task, faults.errors


def blank_observations(regulation: Regulation) -> dict[str, object]:
    """Return the observations of a form not yet filled: every key the regulation knows, every cell empty."""
    row = {column.code: "" for column in regulation.columns}
    return {
        "environment": {column.code: "" for column in regulation.environment},
        "choices": dict.fromkeys(regulation.choices, ""),
        "points": [
            {
                "code": point.code,
                **{column.code: "" for column in regulation.point_columns},
                "runs": [dict(row) for _ in range(regulation.runs.offered)],
            }
            for point in regulation.points
        ],
        "checks": {check.code: "not_checked" for check in regulation.checks},
        "remarks": "",
    }


def rule_number(value: RuleValue) -> RuleNumber:
    """Return a rule value as science may use it."""
    origin = value.provenance
    number = None if value.value is None else float(value.value)
    return RuleNumber(
        value.code, value.symbol, value.zh, value.en, number, value.unit, origin.status, origin.sources, origin.clause
    )


def _origin(status: str, sources: tuple[str, ...]) -> Origin:
    return Origin(status, sources)


def _numbers(regulation: Regulation, chosen: Mapping[str, str]) -> dict[str, RuleNumber]:
    numbers = {code: rule_number(value) for code, value in regulation.numbers.items()}
    for code, rule in regulation.coefficients.items():
        option = chosen.get(rule.choice or rule.parameter)
        if option is not None:
            numbers[code] = rule_number(rule.values[option])
        else:
            some = next(iter(rule.values.values()))
            numbers[code] = RuleNumber(code, some.symbol, some.zh, some.en, None, some.unit, "unknown", ())
    return numbers


def _choices(regulation: Regulation, given: Json, *, faults: Faults) -> dict[str, str]:
    faults.unknown_keys(given, set(regulation.choices), path="choices")
    found = {
        code: faults.word(given.get(code), rule.options, path=f"choices.{code}")
        for code, rule in regulation.choices.items()
    }
    return {code: value for code, value in found.items() if value is not None}


def _parameters(regulation: Regulation, given: Json, *, faults: Faults) -> tuple[dict[str, str], dict[str, float]]:
    """Return the words and the numbers of the measurement standard, defaults filled in."""
    rules = regulation.standard.parameters
    faults.unknown_keys(given, {parameter.code for parameter in rules}, path="standard")
    words: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for parameter in rules:
        path = f"standard.{parameter.code}"
        if parameter.type == "choice":
            word = faults.word(given.get(parameter.code), parameter.options, path=path)
            words |= {parameter.code: word} if word is not None else {}
            continue
        number = faults.number(given.get(parameter.code), parameter, path=path)
        if number is not None:
            numbers[parameter.code] = float(number)
        elif parameter.default_from in numbers:
            numbers[parameter.code] = numbers[parameter.default_from]
    return words, numbers


def _environment_gaps(regulation: Regulation, given: Json, *, faults: Faults) -> list[Missing]:
    faults.unknown_keys(given, {column.code for column in regulation.environment}, path="environment")
    gaps: list[Missing] = []
    for column in regulation.environment:
        path = f"environment.{column.code}"
        if faults.number(given.get(column.code), column, path=path) is None and column.required:
            gaps.append(Missing(path, say("还没有填写：{name}", name=Term(column.zh, column.en))))
    return gaps


def _read_remarks(value: object, faults: Faults) -> None:
    if value is not None and not (isinstance(value, str) and len(value) <= MOST_REMARKS):
        faults.add("remarks", say("备注不是文字，或超过 {most} 字", most=MOST_REMARKS), remedy=say("缩短备注"))


def _points_by_code(value: object, faults: Faults) -> dict[str, object]:
    found: dict[str, object] = {}
    for index, row in enumerate(faults.rows(value, "points")):
        table = faults.table(row, f"points.{index}")
        code = table.get("code")
        if not isinstance(code, str) or code in found:
            faults.add(f"points.{index}", say("流量点没有代码，或代码重复"), remedy=say("每个流量点用自己的代码"))
            continue
        found[code] = table
    return found


def _points(regulation: Regulation, given: Json, *, faults: Faults) -> tuple[PointTask, ...]:
    rules = {point.code: point for point in regulation.points}
    for code in given:
        if code not in rules and not (regulation.free_points and FREE_POINT.fullmatch(code)):
            faults.add(
                f"points.{code}", say("规则中没有“{key}”这一项", key=code), remedy=say("删去这一项，或核对规程版本")
            )
    codes = [code for code in dict.fromkeys((*rules, *given)) if code in rules or FREE_POINT.fullmatch(code)]
    codes = codes if regulation.free_points else list(rules)
    points = [
        _point(
            regulation,
            rules.get(code) or _free_point(code, regulation),
            given=cast("Json", given.get(code, {})),
            faults=faults,
        )
        for code in codes
    ]
    used = [point for point in points if any(value is not None for run in point.runs for value in run.values())]
    return tuple(used) if regulation.free_points and used else tuple(points)


def _free_point(code: str, regulation: Regulation) -> PointRule:
    number = code.removeprefix("q")
    return PointRule(code, f"流量点 {number}", f"Flow point {number}", regulation.runs.provenance)


def _point(regulation: Regulation, rule: PointRule, *, given: Json, faults: Faults) -> PointTask:
    path = f"points.{rule.code}"
    faults.unknown_keys(given, {"code", "runs", *(column.code for column in regulation.point_columns)}, path=path)
    for column in regulation.point_columns:
        faults.number(given.get(column.code), column, path=f"{path}.{column.code}")
    required = regulation.runs.required
    rows = faults.rows(given.get("runs"), f"{path}.runs")
    most = required if required is not None else MOST_RUNS
    if len(rows) > most:
        what = say("测量次数过多：最多 {most} 次，现有 {given} 次", most=most, given=len(rows))
        faults.add(f"{path}.runs", what, remedy=say("删去多余的行"))
    rows = rows[:most] + [{}] * ((required or 0) - len(rows))
    runs = [_run(regulation, row, path=f"{path}.runs.{number}", faults=faults) for number, row in enumerate(rows)]
    numbered = list(enumerate(runs))
    if required is None:
        filled = [(number, run) for number, run in numbered if any(value is not None for value in run.values())]
        numbered = filled or numbered
    return PointTask(
        code=rule.code,
        zh=rule.zh,
        en=rule.en,
        runs=tuple(run for _, run in numbered),
        numbers=tuple(number for number, _ in numbered),
        runs_required=required,
    )


def _run(regulation: Regulation, row: object, *, path: str, faults: Faults) -> dict[str, float | None]:
    given = faults.table(row, path)
    faults.unknown_keys(given, {column.code for column in regulation.columns}, path=path)
    cells: dict[str, Decimal | None] = {
        column.code: faults.number(given.get(column.code), column, path=f"{path}.{column.code}")
        for column in regulation.columns
    }
    return {code: None if value is None else float(value) for code, value in cells.items()}


def _checks(regulation: Regulation, given: Json, *, faults: Faults) -> tuple[CheckTask, ...]:
    faults.unknown_keys(given, {check.code for check in regulation.checks}, path="checks")
    found: list[CheckTask] = []
    for check in regulation.checks:
        answer = given.get(check.code) or "not_checked"
        if answer not in ANSWERS:
            allowed = "ok、fail、not_checked"
            what = say("没有“{value}”这个选项", value=str(answer)[:40])
            faults.add(f"checks.{check.code}", what, remedy=say("选择其中之一：{allowed}", allowed=allowed))
            answer = "not_checked"
        found.append(CheckTask(check.code, check.zh, check.en, cast("Answer", answer)))
    return tuple(found)
