"""Shows an evaluation: results beside the cells, summaries, chart groups, the verdict and the why of each point.

It takes `science.metrology.evaluation` and a `rulebook` regulation as they are; nothing is judged or rounded again
here but for printing. Leaves pages to portal and console.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from plumbline.errors import InputError, Text, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Interval, Limits, RunGroup, Share
from plumbline.faces.kit.grid import CellResult, input_id, input_name
from plumbline.faces.kit.shapes import ArithmeticLine, Fault, RuleCite, Why
from plumbline.rulebook.provenance import Provenance
from plumbline.rulebook.regulations.model import Regulation, RuleValue
from plumbline.rulebook.regulations.record import point_texts
from plumbline.rulebook.sources import by_id
from plumbline.science.metrology.evaluation import Evaluation, Finding, Point, Step

SIGNIFICANT = 8


def named(thing: object) -> str:
    """Return `zh` or `en` of a thing that has both, in the reader's language."""
    return str(getattr(thing, "en" if formats.is_english() else "zh"))


def finding_text(finding: Finding) -> Text:
    """Return the sentence of a finding; the name of its item is a term of both languages."""
    return finding.text


def limits_of(point: Point) -> Limits:
    """Return the limits of the error at a point; unknown ones stay unknown."""
    return Limits.symmetric(point.mpe, point.unit, decimals=point.decimals)


CONFORMITY_KINDS = {True: "ok", False: "bad", None: "unk"}


def cell_results(evaluation: Evaluation) -> dict[str, CellResult]:
    """Return the error of each run by `<point>.<run from 1>`; a run with empty cells has no entry."""
    results: dict[str, CellResult] = {}
    for point in evaluation.points:
        limits = limits_of(point)
        for run in point.runs:
            if run.error is not None:
                is_out = Interval(run.error).zone(limits) == "x"
                kind = "bad" if is_out else "ok" if limits.is_known else ""
                results[f"{point.code}.{run.number + 1}"] = CellResult(limits.say(run.error), kind)
    return results


def summaries(evaluation: Evaluation) -> dict[str, Sequence[tuple[str, CellResult]]]:
    """Return what stands under each point: mean error, repeatability, U and U/MPE."""
    return {point.code: point_summary(point) for point in evaluation.points}


def point_summary(point: Point) -> list[tuple[str, CellResult]]:
    """Return the line under one point; what is not yet known is a dash."""
    limits, texts = limits_of(point), point_texts(point)
    error = formats.signed_quantity(texts["error"], point.unit)
    spread = formats.quantity(texts["repeatability"], point.unit)
    allowed = formats.quantity(texts["repeatability_limit"], point.unit)
    error_kind = "bad" if point.error_conforms is False else ""
    spread_kind = "bad" if point.repeatability_conforms is False else ""
    mpe_words = _("限值 {limits}").format(limits=limits.words)
    spread_words = _("限值 {limits}").format(limits=allowed)
    known = [
        (_("平均误差"), CellResult(error, error_kind, mpe_words)),
        (_("重复性"), CellResult(spread, spread_kind, spread_words)),
    ]
    if point.U is None:
        return known
    ratio = point.U_over_mpe
    note = "" if ratio is None else _("占最大允许误差的 {ratio}").format(ratio=formats.number(ratio, 2))
    return [*known, ("U", CellResult(formats.quantity(texts["U"], point.unit), "", note))]


def verdicts(evaluation: Evaluation) -> dict[str, CellResult]:
    """Return the word at the end of each point: in limits, out of limits, not complete."""
    words = {True: _("合格"), False: _("超限"), None: _("未完")}
    return {
        point.code: CellResult(words[point.conforms], CONFORMITY_KINDS[point.conforms]) for point in evaluation.points
    }


def verdict(evaluation: Evaluation) -> tuple[str, Text, Text | None]:
    """Return kind, title and reason of the verdict banner: the first failure, or what is missing."""
    if evaluation.verdict == "fail":
        return "bad", say("不合格"), finding_text(evaluation.failures[0]) if evaluation.failures else None
    if evaluation.verdict == "pass":
        return "ok", say("合格"), say("各测量点的误差和重复性都在限内，检查项目都符合")
    count = len(evaluation.missing)
    first = evaluation.missing[0].text if evaluation.missing else None
    return "unk", say("还没有结论，缺 {n} 处", n=count), first


def run_groups(evaluation: Evaluation, runs_offered: int, *, others: Sequence[RunGroup] = ()) -> list[RunGroup]:
    """Return the groups of the chart of all runs; others: results of the other instruments at the site."""
    groups = [RunGroup(other.label, other.values, other.U, is_soft=True) for other in others]
    for point in evaluation.points:
        values = [run.error for run in point.runs if run.error is not None]
        groups.append(
            RunGroup(named(point), values, U=point.U, mean=point.error, pending=max(0, runs_offered - len(values)))
        )
    return groups


def budget_shares(point: Point) -> list[Share]:
    """Return the contributions to u_c of a point, for the budget bar; empty while it is not known."""
    if point.budget is None:
        return []
    return [Share(f"{one.symbol} {named(one)}", one.u_of_result) for one in point.budget.contributions]


def step_line(step: Step) -> ArithmeticLine:
    """Return one step of the calculation as the why panel opens it."""
    return ArithmeticLine(
        symbol=step.symbol,
        name=named(step),
        formula=step.formula,
        inputs=[(one.symbol, formats.number(f"{one.value:.{SIGNIFICANT}g}"), one.unit) for one in step.inputs],
        value=formats.number(f"{step.value:.{SIGNIFICANT}g}"),
        unit=step.unit,
        source=source_words(step.sources),
    )


def source_words(ids: Iterable[str]) -> str:
    """Return the sources by their ids, in the reader's language."""
    return "; ".join(f"{source.id} {named(source)}" for source in map(by_id, ids))


def rule_cite(regulation: Regulation, title: str, *, provenance: Provenance, value: str = "") -> RuleCite:
    """Return a rule of a regulation as a why panel shows it, with its banner where no person has checked it."""
    return RuleCite(
        title=f"{regulation.title} {title}",
        clause=provenance.clause or "",
        value=value,
        status=provenance.status,
        source=source_words(provenance.sources),
        checked_by=provenance.checked_by,
    )


def rule_value_cite(regulation: Regulation, rule: RuleValue) -> RuleCite:
    """Return a number of a regulation as a rule; an unknown one is said to be unknown."""
    text = _("不明") if rule.value is None else formats.quantity(str(rule.value), rule.unit)
    return rule_cite(regulation, named(rule), provenance=rule.provenance, value=text)


def point_why(point: Point, regulation: Regulation) -> Why:
    """Return the why of a point: facts, limits with their status, and every step of every run."""
    steps = [step for run in point.runs for step in run.steps] + list(point.steps)
    facts = [(name, f"{result.text} {result.note}".strip()) for name, result in point_summary(point)]
    return Why(
        title=_("{point}：怎样算出来的").format(point=named(point)),
        facts=facts,
        rules=[rule_value_cite(regulation, rule) for rule in regulation.limits],
        steps=[step_line(step) for step in steps],
        note=_("按 {rule} 判定：误差不大于最大允许误差即为合格，不确定度只作说明。").format(rule=regulation.title),
    )


def faults_of(error: InputError, *, ids: Mapping[str, str] | None = None) -> list[Fault]:
    """Return the lines of the summary of errors; ids: field of the error to id of the input, where they differ."""
    known = ids or {}
    return [
        Fault(
            text=one.what,
            field_id=known.get(one.field, input_id(one.field)) if one.field else "",
            remedy=one.remedy or "",
        )
        for one in error.faults
    ]


def errors_by_input(error: InputError) -> dict[str, Text]:
    """Return the first error of each input by its name, to be shown beside it."""
    found: dict[str, Text] = {}
    for one in error.faults:
        if one.field:
            found.setdefault(input_name(one.field), one.what)
    return found
