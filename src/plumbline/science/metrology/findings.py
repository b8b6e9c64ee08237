"""What is still missing, what failed: the parts of an evaluation that every method says in the same words."""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.errors import Term, say
from plumbline.science.metrology.evaluation import Check, CheckTask, Finding, Missing, Point, PointTask, Task


def answered(check: CheckTask) -> Check:
    """Return the check with its decision: ok conforms, fail does not, not_checked is undecided."""
    conforms = {"ok": True, "fail": False, "not_checked": None}[check.answer]
    return Check(check.code, check.zh, check.en, check.answer, conforms)


def unchecked(checks: Iterable[Check]) -> list[Missing]:
    """Return one entry for every check that is not yet answered."""
    return [Missing(f"checks.{check.code}", say("这一项还没有检查")) for check in checks if check.conforms is None]


def unfilled(point: Point, asked: PointTask) -> list[Missing]:
    """Return the empty cells of one point, and the runs it still needs."""
    path = f"points.{point.code}.runs"
    found = [
        Missing(f"{path}.{run.number}.{column}", say("这一格还没有填写")) for run in point.runs for column in run.empty
    ]
    complete = sum(run.error is not None for run in point.runs)
    if asked.runs_required is not None and len(point.runs) < asked.runs_required:
        text = say("需要 {required} 次测量，现有 {complete} 次", required=asked.runs_required, complete=complete)
        found.append(Missing(path, text))
    return found


def unknown_numbers(task: Task, codes: Iterable[str]) -> list[Missing]:
    """Return one entry for each number that the rule does not give, or that waits for a choice in the record."""
    numbers = [task.number(code) for code in codes]
    return [
        Missing(f"numbers.{number.code}", say("规则没有给出或还没有选定：{symbol}", symbol=number.symbol))
        for number in numbers
        if number.value is None
    ]


def failures(points: Iterable[Point], checks: Iterable[Check]) -> list[Finding]:
    """Return what failed, item by item, for the result notice."""
    found: list[Finding] = []
    for point in points:
        path, name = f"points.{point.code}", Term(point.zh, point.en)
        if point.error_conforms is False:
            text = say("{name}：示值误差超出最大允许误差", name=name)
            found.append(Finding(path, text, f"{point.en}: error of indication beyond the maximum permissible error"))
        if point.repeatability_conforms is False:
            text = say("{name}：重复性超出限值", name=name)
            found.append(Finding(path, text, f"{point.en}: repeatability beyond its limit"))
    for check in checks:
        if check.conforms is False:
            text = say("检查不合格：{name}", name=Term(check.zh, check.en))
            found.append(Finding(f"checks.{check.code}", text, f"Check failed: {check.en}"))
    return found
