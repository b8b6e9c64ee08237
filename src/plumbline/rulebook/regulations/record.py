"""The evaluation as decimal text: what a page shows, a certificate says and record.json keeps.

Display decimals never contradict the verdict: a value outside its limit never prints as the limit.
"""

from __future__ import annotations

from plumbline.rulebook.regulations.model import Regulation
from plumbline.science.metrology.evaluation import Evaluation, Finding, Missing, Point, Run, Step
from plumbline.science.metrology.uncertainty import Budget
from plumbline.science.quantities import (
    print_against_limit,
    print_decimal,
    print_full,
    print_probability,
    print_uncertainty,
)

STEP_DECIMALS = {"L": 5, "%": 4}
Record = dict[str, object]


def evaluation_as_record(evaluation: Evaluation) -> Record:
    """Return the evaluation as JSON-able values; every measured or computed number is decimal text.

    Steps keep the whole float (`value`), so that a replay is compared to the last digit, and what is shown (`shown`).
    """
    return {
        "method": evaluation.method,
        "verdict": evaluation.verdict,
        "points": [_point(point) for point in evaluation.points],
        "checks": [
            {"code": check.code, "zh": check.zh, "en": check.en, "answer": check.answer, "conforms": check.conforms}
            for check in evaluation.checks
        ],
        "missing": [_missing(missing) for missing in evaluation.missing],
        "failures": [_finding(finding) for finding in evaluation.failures],
        "warnings": [_finding(finding) for finding in evaluation.warnings],
    }


def rule_as_record(regulation: Regulation) -> Record:
    """Return which rule judged: edition, limits with status, sources, and what this edition does not tell us."""
    return {
        "regulation": regulation.number,
        "edition": regulation.edition,
        "id": regulation.id,
        "zh": regulation.zh,
        "en": regulation.en,
        "limits": [
            {
                "code": limit.code,
                "value": None if limit.value is None else format(limit.value, "f"),
                "unit": limit.unit,
                "status": limit.provenance.status,
                "clause": limit.provenance.clause or "unknown",
                "source": list(limit.provenance.sources),
            }
            for limit in regulation.limits
        ],
        "sources": [{"id": source.id, "zh": source.zh, "en": source.en} for source in regulation.sources],
        "unknowns": [{"zh": unknown.zh, "en": unknown.en} for unknown in regulation.unknowns],
        "checked_by_a_person": regulation.banner is None,
    }


def point_texts(point: Point) -> dict[str, str]:
    """Return the numbers of a point as they are shown; "" for one not yet known. The minus sign is ASCII."""
    decimals = point.decimals
    return {
        "error": _against(point.error, point.mpe, conforms=point.error_conforms, decimals=decimals),
        "mpe": _limit(point.mpe, decimals),
        "repeatability": _against(
            point.repeatability, point.repeatability_limit, conforms=point.repeatability_conforms, decimals=decimals
        ),
        "repeatability_limit": _limit(point.repeatability_limit, decimals),
        "U": "" if point.U is None else print_uncertainty(point.U),
        "k": "" if point.k is None else print_full(point.k),
        "p": "" if point.coverage is None else print_probability(point.coverage),
        "U_over_mpe": "" if point.U_over_mpe is None else print_decimal(point.U_over_mpe, 2),
    }


def run_text(run: Run, decimals: int) -> str:
    """Return the error of one run as it is shown, one digit finer than the result; "" while a cell is empty."""
    return "" if run.error is None else print_decimal(run.error, decimals + 1)


def step_text(step: Step) -> str:
    """Return the value of a step as it is shown."""
    return print_decimal(step.value, STEP_DECIMALS.get(step.unit, 6))


def _point(point: Point) -> Record:
    return {
        "code": point.code,
        "zh": point.zh,
        "en": point.en,
        "unit": point.unit,
        **point_texts(point),
        "error_conforms": point.error_conforms,
        "repeatability_conforms": point.repeatability_conforms,
        "conforms": point.conforms,
        "runs": [
            {
                "number": run.number,
                "error": run_text(run, point.decimals),
                "empty": list(run.empty),
                "steps": [_step(step) for step in run.steps],
            }
            for run in point.runs
        ],
        "steps": [_step(step) for step in point.steps],
        "budget": _budget(point.budget),
    }


def _step(step: Step) -> Record:
    return {
        "code": step.code,
        "symbol": step.symbol,
        "zh": step.zh,
        "en": step.en,
        "formula": step.formula,
        "inputs": [
            {
                "symbol": part.symbol,
                "value": print_full(part.value),
                "unit": part.unit,
                **({} if part.rule is None else {"status": part.rule.status, "source": list(part.rule.sources)}),
            }
            for part in step.inputs
        ],
        "value": print_full(step.value),
        "shown": step_text(step),
        "unit": step.unit,
        "status": step.status,
        "source": list(step.sources),
    }


def _budget(budget: Budget | None) -> list[Record]:
    if budget is None:
        return []
    return [
        {
            "code": row.code,
            "symbol": row.symbol,
            "zh": row.zh,
            "en": row.en,
            "value": print_full(row.value),
            "unit": row.unit,
            "u": print_full(row.u),
            "distribution": row.distribution,
            "sensitivity": print_full(row.sensitivity),
            "u_of_result": print_full(row.u_of_result),
            "share": print_decimal(budget.share(row), 3),
            "status": row.status,
            "source": list(row.sources),
        }
        for row in budget.contributions
    ]


def _missing(missing: Missing) -> Record:
    return {"field": missing.field, "zh": str(missing.text)}


def _finding(finding: Finding) -> Record:
    return {"field": finding.field, "zh": finding.zh, "en": finding.en}


def _against(value: float | None, limit: float | None, *, conforms: bool | None, decimals: int) -> str:
    if value is None:
        return ""
    if limit is None or conforms is None:
        return print_decimal(value, decimals)
    return print_against_limit(value, limit=limit, decimals=decimals, conforms=conforms)


def _limit(value: float | None, decimals: int) -> str:
    """Print a limit with at least `decimals` places and never fewer digits than it has."""
    if value is None:
        return ""
    whole = print_full(value)
    own = len(whole.partition(".")[2])
    return print_decimal(value, max(decimals, own)) if own <= 15 else whole
