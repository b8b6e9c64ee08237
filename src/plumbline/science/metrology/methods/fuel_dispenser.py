"""Fuel dispensers against a metal measure with a scaled neck: error of indication, repeatability, U, conformity.

    V_B  = V_0 + (h - h_0) q / 1000                              volume of the measure at 20 C from the neck reading
    V_Bt = V_B (1 + beta_Y (t_J - t_B) + beta_B (t_B - 20))      volume of the fuel at the dispenser
    E    = (V_J - V_Bt) / V_Bt * 100                             error of indication in %
    E_n  = (E_max - E_min) / d_n                                 repeatability in %

Volumes in L, neck in mm, q in mL/mm, temperatures in C. Limits, coefficients and half widths come with the task, each
with its source (JJG 443 editions in the rulebook); the budget is this project's own, after JCGM 100:2008.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plumbline.errors import InputError, Term, say
from plumbline.science.metrology.conformity import is_within, verdict
from plumbline.science.metrology.evaluation import (
    Evaluation,
    Finding,
    Input,
    Missing,
    Point,
    PointTask,
    RuleNumber,
    Run,
    Step,
    Task,
)
from plumbline.science.metrology.findings import answered, failures, unchecked, unfilled, unknown_numbers
from plumbline.science.metrology.methods import Method
from plumbline.science.metrology.uncertainty import (
    Budget,
    Contribution,
    mean,
    standard_uncertainty,
    standard_uncertainty_of_mean,
)

COLUMNS = ("v_j_l", "neck_mm", "t_j_c", "t_b_c")
RUNS_OF_D_3 = 3
PERCENT = "%"


@dataclass(frozen=True)
class Reading:
    """The numbers of one run (or their means over a point) in the units of the module's docstring."""

    V_J: float
    h: float
    t_j: float
    t_b: float


@dataclass(frozen=True)
class Measure:
    """The measure and the coefficients: volume V_0 at neck mark h_0, q in mL/mm, beta in 1/C."""

    V_0: float
    h_0: float
    q: float
    beta_y: float
    beta_b: float


def evaluate(task: Task) -> Evaluation:
    """Return the evaluation of one nozzle; rows not yet filled give no result and are listed as missing.

    Raises: InputError with the path of the field for a reading or parameter that cannot be.
    """
    points = tuple(_point(task, point) for point in task.points)
    checks = tuple(answered(check) for check in task.checks)
    missing = (*task.gaps, *_missing(task, points), *unchecked(checks))
    decisions = [point.conforms for point in points] + [check.conforms for check in checks]
    decisions += [None] * bool(missing)
    return Evaluation(
        method=METHOD.name,
        points=points,
        checks=checks,
        verdict=verdict(decisions),
        missing=missing,
        failures=tuple(failures(points, checks)),
        warnings=_warnings(task, points),
    )


def volume_of_measure(reading: Reading, measure: Measure) -> float:
    """Return V_B in L: what the measure holds at 20 C when its neck reads h."""
    return measure.V_0 + (reading.h - measure.h_0) * measure.q / 1000.0


def volume_at_dispenser(reading: Reading, measure: Measure) -> float:
    """Return V_Bt in L: the volume the fuel had at the outlet of the dispenser."""
    return volume_of_measure(reading, measure) * _thermal_factor(reading, measure)


def error_of_indication(reading: Reading, measure: Measure) -> float:
    """Return E in %."""
    V_Bt = volume_at_dispenser(reading, measure)
    return (reading.V_J - V_Bt) / V_Bt * 100.0


def repeatability(errors: tuple[float, ...], d_n: float) -> float:
    """Return E_n = (E_max - E_min)/d_n in %; d_n must be the one of this number of runs."""
    return (max(errors) - min(errors)) / d_n


def sensitivities(reading: Reading, measure: Measure) -> Mapping[str, float]:
    """Return dE/dx in % per unit of x for V_J, V_0, h, t_j, t_b, beta_y and beta_b."""
    V_B, factor = volume_of_measure(reading, measure), _thermal_factor(reading, measure)
    V_Bt = V_B * factor
    slope = -100.0 * reading.V_J / V_Bt**2
    return {
        "V_J": 100.0 / V_Bt,
        "V_0": slope * factor,
        "h": slope * factor * measure.q / 1000.0,
        "t_j": slope * V_B * measure.beta_y,
        "t_b": slope * V_B * (measure.beta_b - measure.beta_y),
        "beta_y": slope * V_B * (reading.t_j - reading.t_b),
        "beta_b": slope * V_B * (reading.t_b - 20.0),
    }


def _thermal_factor(reading: Reading, measure: Measure) -> float:
    return 1.0 + measure.beta_y * (reading.t_j - reading.t_b) + measure.beta_b * (reading.t_b - 20.0)


def _point(task: Task, point: PointTask) -> Point:
    measure = _measure(task)
    pairs = zip(point.numbers, point.runs, strict=True)
    runs = tuple(_run(task, point, number=number, cells=cells, measure=measure) for number, cells in pairs)
    errors = tuple(run.error for run in runs if run.error is not None)
    complete = bool(errors) and len(errors) == (point.runs_required or len(runs))
    spread = _repeatability_step(task, point, errors=errors)
    mpe, limit = task.number("mpe_percent"), task.number("repeatability_percent")
    budget = _budget(task, point, errors=errors, measure=measure) if measure and complete else None
    k = task.number("coverage_factor").value
    U = budget.expanded(k) if budget is not None and k is not None else None
    return Point(
        code=point.code,
        zh=point.zh,
        en=point.en,
        unit=PERCENT,
        runs=runs,
        error=mean(errors) if errors else None,
        mpe=mpe.value,
        error_conforms=_error_conforms(task, errors) if complete else None,
        repeatability=spread.value if spread is not None else None,
        repeatability_limit=limit.value,
        repeatability_conforms=_within(spread.value if spread is not None and complete else None, limit),
        U=U,
        k=k,
        budget=budget,
        steps=_point_steps(task, point, errors=errors, spread=spread, budget=budget),
        decimals=task.decimals,
    )


def _measure(task: Task) -> Measure | None:
    """Return measure and coefficients, None while one of them is not known."""
    beta_y, beta_b = task.number("beta_liquid").value, task.number("beta_measure").value
    parameters = [task.standard.get(name) for name in ("zero_volume_l", "neck_zero_mm", "ml_per_mm")]
    if beta_y is None or beta_b is None or None in parameters:
        return None
    V_0, h_0, q = (parameter for parameter in parameters if parameter is not None)
    return Measure(V_0=V_0, h_0=h_0, q=q, beta_y=beta_y, beta_b=beta_b)


def _run(
    task: Task, point: PointTask, *, number: int, cells: Mapping[str, float | None], measure: Measure | None
) -> Run:
    given = {column: value for column in COLUMNS if (value := cells.get(column)) is not None}
    empty = tuple(column for column in COLUMNS if column not in given)
    if empty or measure is None:
        return Run(number=number, error=None, steps=(), empty=empty)
    reading = Reading(V_J=given["v_j_l"], h=given["neck_mm"], t_j=given["t_j_c"], t_b=given["t_b_c"])
    path = f"points.{point.code}.runs.{number}"
    if reading.V_J <= 0:
        raise InputError(say("加油机示值必须大于零"), remedy=say("重新填写这个读数"), field=f"{path}.v_j_l")
    if volume_at_dispenser(reading, measure) <= 0:
        raise InputError(
            say("按颈口读数算出的标准体积不大于零"), remedy=say("检查颈口读数和量器参数"), field=f"{path}.neck_mm"
        )
    steps = _run_steps(task, path, reading=reading, measure=measure)
    return Run(number=number, error=error_of_indication(reading, measure), steps=steps, empty=())


def _run_steps(task: Task, path: str, *, reading: Reading, measure: Measure) -> tuple[Step, ...]:
    beta_y, beta_b = task.number("beta_liquid"), task.number("beta_measure")
    V_B, V_Bt = volume_of_measure(reading, measure), volume_at_dispenser(reading, measure)
    V_J, t_j, t_b = Input("V_J", reading.V_J, "L"), Input("t_J", reading.t_j, "℃"), Input("t_B", reading.t_b, "℃")
    neck = (Input("V_0", measure.V_0, "L"), Input("h", reading.h, "mm"), Input("h_0", measure.h_0, "mm"))
    betas = (Input("β_Y", measure.beta_y, "1/℃", beta_y), Input("β_B", measure.beta_b, "1/℃", beta_b))
    return (
        Step(
            f"{path}.V_B", "V_B", "标准量器在 20 ℃ 时的容积", "Volume of the measure at 20 ℃",
            "V_0 + (h − h_0)·q/1000", (*neck, Input("q", measure.q, "mL/mm")), V_B, "L", *_origin(task, "V_B"),
        ),
        Step(
            f"{path}.V_Bt", "V_Bt", "换算到加油机出口温度的体积", "Volume at the temperature of the dispenser outlet",
            "V_B·(1 + β_Y·(t_J − t_B) + β_B·(t_B − 20))", (Input("V_B", V_B, "L"), *betas, t_j, t_b), V_Bt, "L",
            *_origin(task, "V_Bt"),
        ),
        Step(
            f"{path}.E", "E", "示值误差", "Error of indication",
            "(V_J − V_Bt)/V_Bt·100", (V_J, Input("V_Bt", V_Bt, "L")), error_of_indication(reading, measure), PERCENT,
            *_origin(task, "E"),
        ),
    )  # fmt: skip


def _repeatability_step(task: Task, point: PointTask, *, errors: tuple[float, ...]) -> Step | None:
    """Return the step of E_n, None unless there are three runs: no other d_n was seen, and none is invented."""
    d_3 = task.number("d_3")
    if len(errors) != RUNS_OF_D_3 or d_3.value is None:
        return None
    E_max, E_min = max(errors), min(errors)
    inputs = (Input("E_max", E_max, PERCENT), Input("E_min", E_min, PERCENT), Input("d_3", d_3.value, "", d_3))
    return Step(
        f"points.{point.code}.E_n", "E_n", "重复性", "Repeatability", "(E_max − E_min)/d_3",
        inputs, repeatability(errors, d_3.value), PERCENT, *_origin(task, "E_n"),
    )  # fmt: skip


def _origin(task: Task, formula: str) -> tuple[str, tuple[str, ...]]:
    origin = task.origin(formula)
    return origin.status, origin.sources


def _error_conforms(task: Task, errors: tuple[float, ...]) -> bool | None:
    mpe = task.number("mpe_percent")
    if mpe.value is None:
        return None
    compared = errors if task.options.get("compare") == "each_run" else (mean(errors),)
    return all(is_within(error, mpe.value) for error in compared)


def _within(value: float | None, limit: RuleNumber) -> bool | None:
    return None if value is None or limit.value is None else is_within(value, limit.value)


def _budget(task: Task, point: PointTask, *, errors: tuple[float, ...], measure: Measure) -> Budget | None:
    """Return the budget of the mean error at the mean of the readings; None for one run or an unknown half width."""
    u_a = standard_uncertainty_of_mean(errors)
    U_mL, k = task.standard.get("U_ml"), task.standard.get("k")
    if u_a is None or U_mL is None or k is None:
        return None
    columns = {column: tuple(run[column] for run in point.runs if run.get(column) is not None) for column in COLUMNS}
    V_J, h, t_j, t_b = (mean(tuple(value for value in columns[column] if value is not None)) for column in COLUMNS)
    reading = Reading(V_J=V_J, h=h, t_j=t_j, t_b=t_b)
    by = sensitivities(reading, measure)

    def bound(code: str, symbol: str, *, value: float, unit: str, names: tuple[str, str]) -> Contribution | None:
        number = task.number(f"half_width_{code}")
        if number.value is None:
            return None
        u = standard_uncertainty(number.value, "rectangular")
        return Contribution(
            code, symbol, *names, value, unit, u, "rectangular", by[code], None, number.status, number.sources
        )

    rows = (
        Contribution("V_0", "V_0", "标准量器容积", "Volume of the measure", measure.V_0, "L", U_mL / k / 1000.0,
                     "normal", by["V_0"], None, "certificate", ()),
        bound("h", "h", value=h, unit="mm", names=("颈口读数分辨力", "Reading of the neck")),
        bound("t_j", "t_J", value=t_j, unit="℃", names=("出口油温", "Temperature at the outlet")),
        bound("t_b", "t_B", value=t_b, unit="℃", names=("量器内油温", "Temperature in the measure")),
        bound("beta_y", "β_Y", value=measure.beta_y, unit="1/℃", names=("油品体膨胀系数", "Expansion of the fuel")),
        bound("beta_b", "β_B", value=measure.beta_b, unit="1/℃", names=("量器体膨胀系数", "Expansion of the measure")),
        bound("V_J", "V_J", value=V_J, unit="L", names=("加油机分辨力", "Resolution of the dispenser")),
        Contribution("repeat", "Ē", "重复测量", "Repeated runs", mean(errors), PERCENT, u_a,
                     "normal", 1.0, len(errors) - 1, "measured", ()),
    )  # fmt: skip
    known = tuple(row for row in rows if row is not None)
    return Budget(known, PERCENT) if len(known) == len(rows) else None


def _point_steps(
    task: Task, point: PointTask, *, errors: tuple[float, ...], spread: Step | None, budget: Budget | None
) -> tuple[Step, ...]:
    path = f"points.{point.code}"
    steps: list[Step] = []
    if errors:
        inputs = tuple(Input(f"E_{i}", error, PERCENT) for i, error in enumerate(errors, start=1))
        steps.append(
            Step(f"{path}.E", "Ē", "平均示值误差", "Mean error of indication", "ΣE_i/n", inputs, mean(errors), PERCENT,
                 *_origin(task, "E_mean"))
        )  # fmt: skip
    if spread is not None:
        steps.append(spread)
    k = task.number("coverage_factor")
    if budget is not None and k.value is not None:
        inputs = tuple(Input(f"|c|·u({row.symbol})", row.u_of_result, PERCENT) for row in budget.contributions)
        u_c = budget.u_c
        steps += [
            Step(f"{path}.u_c", "u_c", "合成标准不确定度", "Combined standard uncertainty", "√Σ(c_i·u_i)²", inputs, u_c,
                 PERCENT, *_origin(task, "U")),
            Step(f"{path}.U", "U", "扩展不确定度", "Expanded uncertainty", "k·u_c",
                 (Input("u_c", u_c, PERCENT), Input("k", k.value, "", k)), budget.expanded(k.value), PERCENT,
                 *_origin(task, "U")),
        ]  # fmt: skip
    return tuple(steps)


def _missing(task: Task, points: tuple[Point, ...]) -> list[Missing]:
    found = [] if points else [Missing("points", say("还没有任何流量点的测量"))]
    for point, asked in zip(points, task.points, strict=True):
        found += unfilled(point, asked)
        complete = sum(run.error is not None for run in point.runs)
        if complete == len(point.runs) != RUNS_OF_D_3 and asked.runs_required is None:
            text = say("重复性只能由三次测量计算，现有 {complete} 次（没有见过其他次数的 d_n）", complete=complete)
            found.append(Missing(f"points.{point.code}.runs", text))
    needed = ("mpe_percent", "repeatability_percent", "d_3", "beta_liquid", "beta_measure")
    return found + unknown_numbers(task, needed)


def _warnings(task: Task, points: tuple[Point, ...]) -> tuple[Finding, ...]:
    threshold = task.number("warn_error_percent").value
    return tuple(
        Finding(
            f"points.{point.code}.runs.{run.number}",
            say("{name}：有一次误差大得少见，核对读数是否填错", name=Term(point.zh, point.en)),
            f"{point.en}: one error is unusually large; compare the readings with what was typed",
        )
        for point in points
        for run in point.runs
        if threshold is not None and run.error is not None and abs(run.error) > threshold
    )


METHOD = Method(
    name="fuel_dispenser",
    numbers=(
        "mpe_percent", "repeatability_percent", "d_3", "beta_liquid", "beta_measure", "coverage_factor",
        "half_width_V_J", "half_width_h", "half_width_t_j", "half_width_t_b", "half_width_beta_y",
        "half_width_beta_b", "warn_error_percent",
    ),
    formulas=("V_B", "V_Bt", "E", "E_mean", "E_n", "U"),
    columns=COLUMNS,
    standard=("zero_volume_l", "neck_zero_mm", "ml_per_mm", "U_ml", "k"),
    options={"compare": ("mean", "each_run")},
    evaluate=evaluate,
)  # fmt: skip
