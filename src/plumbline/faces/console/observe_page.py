"""The observation page as prepared answers: fields, grid, results, chart, what is missing; and its live pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.errors import InputError, InputErrors, PlumblineError, Text, say
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.observe_form import Sheet, columns_of, plan_of, point_columns_of
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import RunGroup, runs_chart
from plumbline.faces.kit.evaluation import (
    cell_results,
    errors_by_input,
    finding_text,
    named,
    run_groups,
    summaries,
    verdicts,
)
from plumbline.faces.kit.evaluation_view import result_row, shared_limits, short_name
from plumbline.faces.kit.fragments import render_fragment
from plumbline.faces.kit.grid import CellResult, Grid, GridFill, build_grid, grid_values, input_id
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook.regulations.model import Column as RuleColumn
from plumbline.rulebook.regulations.task import evaluate_while_typing
from plumbline.science.metrology.evaluation import Evaluation, Missing

TEMPERATURE = "℃"
MISSING_SHOWN = 3


@dataclass(frozen=True)
class Field:
    """A field of the sheet beside the grid."""

    id: str
    name: str
    label: str
    value: str
    unit: str = ""
    error: Text | None = None
    required: bool = True
    options: Sequence[Option] = ()
    known: str = ""


@dataclass(frozen=True)
class NozzleLine:
    """An instrument in the list at the left: where it stands, and its largest error."""

    label: str
    url: str
    kind: str
    word: str
    is_current: bool


@dataclass(frozen=True)
class Verdict:
    """The banner on top: kind, title, reason."""

    kind: str
    title: str
    reason: str


@dataclass(frozen=True)
class Judged:
    """A sheet with the live judgement on it."""

    evaluation: Evaluation
    faults: Sequence[InputError]


def judge(sheet: Sheet) -> Judged:
    """Return the live judgement: faulty cells count as empty."""
    evaluation, faults = evaluate_while_typing(sheet.regulation, sheet.observations, standard=sheet.parameters)
    return Judged(evaluation, faults)


def errors_of(error: PlumblineError | None, judged: Judged) -> dict[str, Text]:
    """Return the errors by input name: of a refused request, and of cells that cannot be."""
    errors: dict[str, Text] = {}
    if judged.faults:
        errors |= errors_by_input(InputErrors(list(judged.faults)))
    if isinstance(error, InputError):
        errors |= errors_by_input(error)
    elif error is not None and error.field:
        errors[error.field] = error.what
    return errors


def environment_fields(sheet: Sheet, errors: Mapping[str, Text]) -> list[Field]:
    """Return the fields of the environment."""
    return [_number(column, "environment", sheet=sheet, errors=errors) for column in sheet.regulation.environment]


def _number(column: RuleColumn, group: str, *, sheet: Sheet, errors: Mapping[str, Text]) -> Field:
    name = f"{group}.{column.code}"
    return Field(
        id=field_id(name), name=name, label=named(column), value=sheet.typed.get(name, ""), unit=column.unit,
        error=errors.get(name), required=column.required,
    )  # fmt: skip


def choice_fields(sheet: Sheet, errors: Mapping[str, Text], *, known: Mapping[str, str]) -> list[Field]:
    """Return the choices of the record. known: those the register of instruments answers."""
    fields = []
    for code, rule in sheet.regulation.choices.items():
        name = f"choices.{code}"
        value = sheet.typed.get(name, "")
        options = [Option(option.value, named(option), is_selected=option.value == value) for option in rule.options]
        is_known = bool(value) and known.get(code) == value
        fields.append(
            Field(
                field_id(name), name, named(rule), value, error=errors.get(name), options=options,
                known=_("器具台账") if is_known else "",
            )
        )  # fmt: skip
    return fields


def standard_field(sheet: Sheet, errors: Mapping[str, Text]) -> Field:
    """Return the choice of the measurement standard: those not in validity on the day are shown with the reason."""
    options = []
    for each in sheet.standards:
        name = each.name_en if formats.is_english() and each.name_en else each.name_zh
        hint = " · ".join(part for part in (each.code, each.uncertainty_text) if part)
        holds = sheet.holds(each)
        word = _("至 {day}").format(day=each.valid_to.isoformat())
        if not holds:
            word = _("{start} 至 {end}，不包括检定日").format(
                start=each.valid_from.isoformat(), end=each.valid_to.isoformat()
            )
        options.append(
            Option(
                str(each.id), name, hint, is_selected=sheet.standard is each and holds, is_disabled=not holds,
                state="ok" if holds else "over", word=word,
            )
        )  # fmt: skip
    chosen = str(sheet.standard.id) if sheet.standard and sheet.holds(sheet.standard) else ""
    return Field("standards", "standards", _("所用计量标准"), chosen, error=errors.get("standards"), options=options)


def check_fields(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Return the checks by looking: code, name, answer."""
    return [
        (each.code, named(each), sheet.typed.get(f"check.{each.code}", "not_checked"))
        for each in sheet.regulation.checks
    ]


def grid_of(sheet: Sheet, judged: Judged, *, errors: Mapping[str, Text]) -> Grid:
    """Return the measurement grid with results beside the readings."""
    values = grid_values(sheet.observations)
    evaluation = judged.evaluation
    fill = GridFill(
        values=values,
        errors=dict(errors),
        results=cell_results(evaluation),
        summaries=summaries(evaluation),
        verdicts=verdicts(evaluation),
        offered=dict(_offered(sheet, values)),
    )
    return build_grid(
        columns_of(sheet.regulation), plan_of(sheet.regulation), fill=fill, head=(_("误差"), "%"),
        point_columns=point_columns_of(sheet.regulation),
    )  # fmt: skip


def _offered(sheet: Sheet, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Offer temperatures of the row above: they change slowly; readings are never offered."""
    warm = [column.code for column in sheet.regulation.columns if column.unit == TEMPERATURE]
    for point in plan_of(sheet.regulation):
        for run in range(2, point.runs + 1):
            for code in warm:
                above = values.get(f"{point.code}.{run - 1}.{code}", "")
                if above:
                    yield f"{point.code}.{run}.{code}", above


def verdict_of(job: Job, judged: Judged) -> Verdict:
    """Return the banner: the verdict in words, with every item that failed or how much is still missing."""
    evaluation = judged.evaluation
    reasons = formats.joined(text_of(finding_text(each)) for each in evaluation.failures)
    if evaluation.verdict == "fail":
        return Verdict("bad", _("{job}：不合格").format(job=job.label), reasons)
    if evaluation.verdict == "pass":
        return Verdict("ok", _("{job}：合格").format(job=job.label), _("误差和重复性都在限内，检查项目都符合。"))
    if not any(run.error is not None for point in evaluation.points for run in point.runs):
        return Verdict("unk", _("{job}：还没有读数").format(job=job.label), _("每填满一行，结果立即出来。"))
    return Verdict("unk", _("{job}：还没有结论").format(job=job.label), missing_words(judged))


def missing_words(judged: Judged) -> str:
    """Return what is still missing in one sentence, each place named once; empty when nothing is."""
    names = list(dict.fromkeys(_missing_name(each, judged.evaluation) for each in judged.evaluation.missing))
    if not names:
        return ""
    shown = ("、" if not formats.is_english() else ", ").join(names[:MISSING_SHOWN])
    if len(names) > MISSING_SHOWN:
        more = len(names) - MISSING_SHOWN
        return ngettext("还差：{items}，另有 {n} 处", "还差：{items}，另有 {n} 处", more).format(items=shown, n=more)
    return _("还差：{items}").format(items=shown)


def _missing_name(missing: Missing, evaluation: Evaluation) -> str:
    match missing.field.split("."):
        case ["points", code, "runs", run, _column]:
            return _("{point} 第 {n} 次").format(point=_point_name(code, evaluation), n=int(run) + 1)
        case ["points", code, *_rest]:
            return f"{_point_name(code, evaluation)} {text_of(missing.text)}"
        case ["checks", code]:
            return next((named(check) for check in evaluation.checks if check.code == code), code)
        case ["environment" | "choices", _code] if "name" in missing.text.params:
            return named(missing.text.params["name"])
    return text_of(missing.text)


def _point_name(code: str, evaluation: Evaluation) -> str:
    return next((short_name(point) for point in evaluation.points if point.code == code), code)


def chart_of(data: CaseData, job: Job, *, sheet: Sheet, judged: Judged) -> SafeString:
    """Return the chart of all runs with the limits, beside the results of the other instruments of the case."""
    others = [
        RunGroup(str(other.position), [point.error for point in other.evaluation.points if point.error is not None])
        for other in data.jobs
        if other.evaluation is not None and other.position != job.position
    ]
    groups = _short(judged, run_groups(judged.evaluation, sheet.regulation.runs.offered, others=others[-4:]))
    limits = shared_limits(judged.evaluation.points)
    return runs_chart(groups, limits, title=_("{job}的误差与限值").format(job=job.label))


def _short(judged: Judged, groups: Sequence[RunGroup]) -> list[RunGroup]:
    """Return the groups with the short names of the points, so that they stand beside one another."""
    words = {named(point): short_name(point) for point in judged.evaluation.points}
    return [replace(group, label=words.get(group.label, group.label)) for group in groups]


def nozzles_of(data: CaseData, job: Job) -> list[NozzleLine]:
    """Return all instruments of the case with where each stands."""
    return [_nozzle(each, data, is_current=each.position == job.position) for each in data.jobs]


def _nozzle(job: Job, data: CaseData, *, is_current: bool) -> NozzleLine:
    place = [data.case.number, job.position]
    if job.evaluation is None:
        word = _("正在录入") if is_current else _("未检")
        return NozzleLine(job.label, reverse("console:observe", args=place), "unk", word, is_current)
    row = result_row(job.evaluation)
    errors = [error.text for error in row.errors if error.kind] or [error.text for error in row.errors]
    return NozzleLine(job.label, reverse("console:record", args=place), row.kind, " ".join(errors[:2]), is_current)


def field_id(name: str) -> str:
    """Return the id of a field beside the grid."""
    return name.replace(".", "-")


def fault_ids(sheet: Sheet) -> dict[str, str]:
    """Return the field of every error that is not a cell to the id of its place on the page."""
    rule = sheet.regulation
    ids = {name: field_id(name) for name in (f"environment.{column.code}" for column in rule.environment)}
    ids |= {f"choices.{code}": field_id(f"choices.{code}") for code in rule.choices}
    ids |= {f"checks.{check.code}": f"check-{check.code}" for check in rule.checks}
    ids |= {f"standard.{each.code}": "standards" for each in rule.standard.parameters}
    return ids


def faults_on_page(error: PlumblineError, sheet: Sheet, *, judged: Judged) -> list[Fault]:
    """Return the summary of errors, each place named: a cell by its point and run."""
    ids = fault_ids(sheet)
    faults: dict[str, Fault] = {}
    for each in error.faults:
        where = each.field or ""
        name = _missing_name(Missing(where, each.what), judged.evaluation) if where else ""
        said = text_of(each.what)
        text = say("{place}：{what}", place=name, what=said) if name and name not in said else each.what
        key = f"{name}/{said}"
        faults.setdefault(key, Fault(text, ids.get(where, input_id(where) if where else ""), each.remedy or ""))
    return list(faults.values())


def edition_words(sheet: Sheet) -> str:
    """Return which edition judges on the day performed; of a day that cannot be, why."""
    if sheet.date_error is not None:
        return text_of(sheet.date_error.what)
    return _("{day} 检定，按 {rule} 判定").format(day=sheet.performed_on.isoformat(), rule=sheet.regulation.title)


def submit_words(judged: Judged, following: Job | None) -> str:
    """Return the words of the button: what is recorded, and where it goes on."""
    if judged.evaluation.verdict == "fail":
        if following is None:
            return _("记为不合格，完成录入")
        return _("记为不合格，到 {next}").format(next=following.label)
    return _("提交记录，完成录入") if following is None else _("提交记录，到 {next}").format(next=following.label)


def fragments(data: CaseData, job: Job, *, sheet: Sheet, judged: Judged, following: Job | None) -> dict[str, str]:
    """Return the live pieces of the page by element id."""
    verdict = verdict_of(job, judged)
    evaluation = judged.evaluation
    results, ends = cell_results(evaluation), verdicts(evaluation)
    sums = summaries(evaluation)
    pieces = {
        "verdict": str(
            render_fragment("verdict", kind=verdict.kind, title=verdict.title, reason=verdict.reason, id="", level="1")
        ),
        "chart": str(chart_of(data, job, sheet=sheet, judged=judged)),
        "missing": escape(missing_words(judged)),
        "go": escape(submit_words(judged, following)),
    }
    for point in plan_of(sheet.regulation):
        pieces[f"s-{point.code}"] = str(
            render_fragment(
                "pointsummary", summary=sums.get(point.code, ()), verdict=ends.get(point.code, CellResult())
            )
        )
        for run in range(1, point.runs + 1):
            result = results.get(f"{point.code}.{run}", CellResult())
            pieces[f"r-{point.code}-{run}"] = str(render_fragment("cellresult", result=result))
    return pieces
