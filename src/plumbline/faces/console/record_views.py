"""The record of one instrument, to be read, checked and approved: readings, results, budget, every step openable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.laboratory import queries as laboratory
from plumbline.errors import StateError, Text, say
from plumbline.faces.console import case_data, case_views, observe_page
from plumbline.faces.console.act_forms import ActForm, Setting, form_of
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.observe_form import columns_of, plan_of, point_columns_of
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right, see_other
from plumbline.faces.console.words import standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import IntervalRow, budget, interval_plot
from plumbline.faces.kit.charts.scale import Interval
from plumbline.faces.kit.evaluation import (
    budget_shares,
    cell_results,
    finding_text,
    limits_of,
    named,
    point_why,
    summaries,
    verdicts,
)
from plumbline.faces.kit.evaluation_view import VERDICTS, regulation_whys, shared_limits, short_name, verdict_word
from plumbline.faces.kit.grid import Grid, GridFill, build_grid, grid_values
from plumbline.faces.kit.shapes import Crumb, Why
from plumbline.rulebook.regulations import Regulation
from plumbline.rulebook.regulations.record import point_texts
from plumbline.science.metrology.evaluation import Check, Evaluation, Point

ANSWERS = {"ok": "ok", "fail": "bad", "not_checked": "unk"}


@dataclass(frozen=True)
class PointPart:
    """One point: its why with every step, and its budget of uncertainty."""

    name: str
    why: Why
    budget: SafeString
    ratio: str


@dataclass(frozen=True)
class CheckLine:
    """One check by looking."""

    name: str
    kind: str
    word: str


@dataclass(frozen=True)
class StandardUsed:
    """A measurement standard with the parameters the calculation used."""

    name: str
    code: str
    facts: Sequence[tuple[str, str]]
    kind: str
    word: str


@officer
def record(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:
    """Show the newest record of an instrument; a POST does an act on the case and comes back to the case."""
    require_right(actor, "case.read")
    data = case_data.load(number, on=timezone.localdate())
    if request.method == "POST":
        return case_views.acted(request, actor, data=data, back=reverse("console:case", args=[number]))
    job = data.job_at(position)
    if job.record is None or job.evaluation is None or job.regulation is None:
        if any(each.act.name == "record" for each in cases.possible_acts(data.case, actor)):
            return see_other(reverse("console:observe", args=[number, position]))
        raise StateError(say("{job}还没有原始记录", job=job.label), remedy=say("检定员提交后再看；经过在业务页"))
    context = {**_page(data, job, evaluation=job.evaluation, regulation=job.regulation), **_acts(data, actor)}
    crumbs = [
        Crumb(_("业务"), reverse("console:cases")),
        Crumb(number, reverse("console:case", args=[number])),
        Crumb(job.label),
    ]
    return page(request, "record", context=context, place=Place("cases", crumbs))


def _page(data: CaseData, job: Job, *, evaluation: Evaluation, regulation: Regulation) -> dict[str, object]:
    if job.record is None:
        raise StateError(say("{job}还没有原始记录", job=job.label))
    return {
        "case": data.case,
        "job": job,
        "over": _("原始记录 {number} · {site} · {model} {serial}").format(
            number=job.record.number, site=data.case.title, model=job.instrument.model, serial=job.instrument.serial
        ),
        "phrases": _answer(job, evaluation),
        "failures": [finding_text(each) for each in evaluation.failures],
        "warnings": [finding_text(each) for each in evaluation.warnings],
        "nozzles": observe_page.nozzles_of(data, job),
        "grid": _grid(job, evaluation, regulation=regulation),
        "plot": _plot(evaluation, regulation),
        "points": [_point(point, regulation) for point in evaluation.points],
        "checks": [_check(check) for check in evaluation.checks],
        "conditions": _conditions(job, regulation),
        "standards": _standards(data, job, regulation=regulation),
        "regulation": regulation,
        "rule_why": regulation_whys(regulation),
        "following": _following(data, job),
        "facts": _facts(data, job),
    }


def _answer(job: Job, evaluation: Evaluation) -> list[Phrase]:
    kind = VERDICTS[evaluation.verdict]
    return [
        Phrase(
            _("{job}：{word}").format(job=job.label, word=verdict_word(evaluation.verdict)),
            "" if kind == "ok" else kind,
        )
    ]


def _acts(data: CaseData, actor: Actor) -> dict[str, object]:
    """Return the acts of the reader on the whole case: the awaited one as next, the others below."""
    setting = Setting(data, actor, timezone.localdate())
    acts = [each.act for each in cases.possible_acts(data.case, actor) if not each.act.per_job]
    forms: list[ActForm] = [form_of(act, setting) for act in acts]
    awaited = [act for act in acts if data.case.state not in act.aside_from]
    following = next((form for form in forms if awaited and form.name == awaited[0].name), None)
    return {
        "next": following if following and following.name in case_views.REVIEWED_FIRST else None,
        "next_label": following.label if following else "",
        "next_words": _("这一步对本业务的全部 {n} 台器具生效。").format(n=len(data.jobs)),
        "others": [form for form in forms if form is not following],
        "act_url": reverse("console:case", args=[data.case.number]),
    }


def _grid(job: Job, evaluation: Evaluation, *, regulation: Regulation) -> Grid:
    observations = job.record.observations if job.record else {}
    fill = GridFill(
        values=grid_values(observations),
        results=cell_results(evaluation),
        summaries=summaries(evaluation),
        verdicts=verdicts(evaluation),
    )
    grid = build_grid(
        columns_of(regulation),
        plan_of(regulation),
        fill=fill,
        head=(_("误差"), "%"),
        point_columns=point_columns_of(regulation),
    )
    return Grid(grid.columns, grid.points, grid.result_label, grid.result_unit, is_readonly=True)


def _plot(evaluation: Evaluation, regulation: Regulation) -> SafeString:
    rows = [
        IntervalRow(short_name(point), Interval(point.error, point.U) if point.error is not None else None)
        for point in evaluation.points
    ]
    return interval_plot(
        rows, shared_limits(evaluation.points), title=_("{rule} 的误差和限值").format(rule=regulation.title)
    )


def _point(point: Point, regulation: Regulation) -> PointPart:
    texts = point_texts(point)
    unit = point.unit
    total = (
        f"U = {formats.quantity(texts['U'], unit)}",
        f"k = {texts['k']}",
    )
    drawing = budget(
        budget_shares(point), unit, title=_("{point}的不确定度分量").format(point=named(point)), total=total
    )
    ratio = texts["U_over_mpe"]
    words = _("U 与最大允许误差之比 {ratio}；只作说明，不影响判定").format(ratio=ratio) if ratio else ""
    limits = limits_of(point).words
    return PointPart(f"{named(point)}，{limits}" if not formats.is_english() else f"{named(point)}, {limits}",
                     point_why(point, regulation), drawing, words)  # fmt: skip


def _check(check: Check) -> CheckLine:
    words = {"ok": _("符合"), "fail": _("不符合"), "not_checked": _("未检查")}
    return CheckLine(named(check), ANSWERS[check.answer], words[check.answer])


def _conditions(job: Job, regulation: Regulation) -> list[tuple[str, str]]:
    observations = job.record.observations if job.record else {}
    environment, choices = observations.get("environment", {}), observations.get("choices", {})
    lines = []
    if isinstance(environment, dict):
        lines += [
            (named(column), formats.quantity(str(environment.get(column.code, "")), column.unit))
            for column in regulation.environment
        ]
    if isinstance(choices, dict):
        for code, rule in regulation.choices.items():
            words = {option.value: named(option) for option in rule.options}
            lines.append((named(rule), words.get(str(choices.get(code)), str(choices.get(code, "")))))
    remarks = str(observations.get("remarks") or "")
    return lines + ([(_("备注"), remarks)] if remarks else [])


def _facts(data: CaseData, job: Job) -> list[tuple[str, str | Text]]:
    if job.record is None:
        return []
    found = job.record
    is_changed = laboratory.replay(found).is_same_rule is False
    changed = [(_("规则文件"), _("录入以后改动过，本页按现在的文件重算"))] if is_changed else []
    return [
        *changed,
        (_("记录编号"), found.number),
        (_("检定日期"), found.performed_on.isoformat()),
        (_("检定地点"), found.place or formats.DASH),
        (_("检定员"), data.people.get(found.verifier_id, "")),
        (_("提交时间"), formats.moment(found.at)),
        (_("第几次提交"), str(found.version)),
    ]


def _standards(data: CaseData, job: Job, *, regulation: Regulation) -> list[StandardUsed]:
    used = set(job.record.standard_ids) if job.record else set()
    day = job.record.performed_on if job.record else timezone.localdate()
    lines = []
    for each, _day in data.standards:
        if each.id in used:
            kind, _word = standard_state(each.valid_from, each.valid_to, today=day)
            is_valid = kind in {"ok", "due"}
            facts = [(named(rule), formats.quantity(each.parameters[rule.code], rule.unit) if rule.type == "number" else
                      next((named(o) for o in rule.options if o.value == each.parameters[rule.code]), ""))
                     for rule in regulation.standard.parameters if each.parameters.get(rule.code)]  # fmt: skip
            facts += [(_("证书"), each.certificate_no), (_("有效期"), f"{each.valid_from} – {each.valid_to}")]
            word = _("检定日在有效期内") if is_valid else _("检定日不在有效期内")
            name = each.name_en if formats.is_english() and each.name_en else each.name_zh
            lines.append(StandardUsed(name, each.code, facts, "ok" if is_valid else "over", word))
    return lines


def _following(data: CaseData, job: Job) -> tuple[str, str] | None:
    """Return (label, address) of the next record to look at, None after the last."""
    later = [each for each in data.jobs if each.record is not None and each.position > job.position]
    if not later:
        return None
    return later[0].label, reverse("console:record", args=[data.case.number, later[0].position])
