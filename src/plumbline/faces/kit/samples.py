"""Invented content for `/kit`: organisations, readings and rules in it are not real and prove nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from plumbline.domain.directory.queries import list_of_organisations
from plumbline.errors import say
from plumbline.faces.kit import charts, grid
from plumbline.faces.kit.cells import Cell, Line
from plumbline.faces.kit.charts import Bar, HistoryPoint, Interval, IntervalRow, Limits, RunGroup, Share
from plumbline.faces.kit.grid import CellResult, Column, GridFill, PointPlan
from plumbline.faces.kit.lists import FilterField, Head, ListFace, ListView, Offer
from plumbline.faces.kit.shapes import (
    ArithmeticLine,
    ChainBranch,
    ChainLink,
    Chip,
    Clock,
    Crumb,
    DiffLine,
    DocumentLine,
    Fault,
    Figure,
    NavGroup,
    NavItem,
    Option,
    Page,
    PersonLine,
    RuleCite,
    StepItem,
    StoryItem,
    Tab,
    Why,
)

LIMITS = Limits.symmetric(0.30)
CODE = "7K3M92QXF4H8TDW0C5RN6ABZEY"


def components() -> dict[str, object]:
    """Return all sample values of the kit page by the names its template uses."""
    return {
        **_lists(),
        **_fields(),
        **_process(),
        **_drawings(),
        "grid": _grid(),
        "whole_list": whole_list(),
        "code": CODE,
        "empty": "",
    }


def whole_list() -> ListView:
    """Return a list with a condition in force, a sorted column, a state, and an act on many rows."""
    rows = (("PL-4K7M", "0.19", Cell(_("有效"), "ok")), ("PL-8C1X", "0.46", Cell(_("不合格"), "bad")))
    heads = (_("器具码"), _("误差"), _("状态"))
    spec = replace(list_of_organisations(), columns=())
    return ListView(
        face=ListFace(spec, "#", "#", symbol="gauge", offers=(Offer("state", _("停用、封存、恢复")),), is_work=False),
        query="",
        hint=_("器具码、编号、单位"),
        address="#",
        chips=[Chip(_("区县"), _("甲区"), "#")],
        fields=(
            FilterField(
                "sample-state", "checks", _("状态"), options=(Option("ok", _("有效")), Option("bad", _("不合格")))
            ),
            FilterField("sample-from", "date", _("起始日期"), value="2026-11-01"),
        ),
        columns=(Option("code", heads[0], is_selected=True, is_disabled=True), Option("error", heads[1])),
        heads=(Head(heads[0], "", "#", "ascending"), Head(heads[1], "n"), Head(heads[2], "")),
        lines=[
            Line(code, code, list(zip(heads, (Cell(code, url="#"), Cell(error, css="n"), state), strict=True)))
            for code, error, state in rows
        ],
        count=_("{n} 条以上").format(n=1000),
        sort="",
        place=_("第 {first} 到 {last} 条").format(first=1, last=2),
        next_url="#",
    )


def frame() -> dict[str, object]:
    """Return what a shell shows around a page."""
    groups = [
        NavGroup(
            [
                NavItem(_("我的工作"), "#", "home", 8, is_current=True),
                NavItem(_("业务"), "#", "case", 41),
                NavItem(_("计量器具"), "#", "gauge"),
                NavItem(_("证书"), "#", "cert"),
            ]
        ),
        NavGroup([NavItem(_("计量标准"), "#", "std"), NavItem(_("逾期"), "#", "flag", 3, is_bad=True)], _("技术")),
    ]
    return {
        "nav": groups,
        "portal_nav": [NavItem(_("办事"), "#", is_current=True), NavItem(_("查验"), "#"), NavItem(_("我的器具"), "#")],
        "site_name": _("示范市计量服务"),
        "search_url": "#",
        "is_demo": True,
        "role_url": "#",
        "roles": [
            Option("a", _("检定一室 · 核验员"), is_selected=True),
            Option("b", _("检定一室 · 检定员")),
        ],
        "as_of": datetime(2026, 11, 24, 0, 30, tzinfo=UTC),
    }


def _lists() -> dict[str, object]:
    return {
        "tabs": [
            Tab(_("全部"), "#", 41, is_current=True),
            Tab(_("今天"), "#", 5),
            Tab(_("逾期"), "#", 3),
        ],
        "views": [Tab(_("紧凑"), "#", is_current=True), Tab(_("宽松"), "#")],
        "crumbs": [Crumb(_("业务"), "#"), Crumb("2026-1140")],
        "chips": [Chip(_("区县"), _("甲区"), "#"), Chip(_("种类"), _("加油机"), "#")],
        "page": Page(1, 50, next_url="#", total=1212),
        "items": [(_("名称"), _("燃油加油机 3 号枪")), (_("限值"), "±0.30 %"), (_("周期"), _("不明"))],
        "people": [
            PersonLine(_("申请"), _("示范加油站（城东）经办人")),
            PersonLine(_("检定"), _("示例检定员"), _("资格至 2028-06")),
            PersonLine(_("核验"), "", is_reader=True),
        ],
        "documents": [
            DocumentLine(_("原始记录"), "#", "file", "ok", _("已锁定")),
            DocumentLine(_("检定证书"), "#", "cert", "dft", _("草稿")),
            DocumentLine(_("现场照片"), "#", "cam", note=_("有时间地点")),
        ],
        "diff": [
            DiffLine(_("出厂编号"), "DEMO-24-1003", "DEMO-24-1004"),
            DiffLine(_("区县"), "990399", _("甲区")),
            DiffLine(_("油品"), "95#", "95#"),
        ],
        "figures": [
            Figure(_("强检受检率"), "97.3", "%", "due", _("有风险"), _("目标 ≥ 98"), _("差 439 台"), "#"),
            Figure(_("平均用时"), "", state="unk", word=_("数据不全"), reason=_("三个县没有上报，补齐前不给数。")),
        ],
    }


def _fields() -> dict[str, object]:
    return {
        "options": [
            Option("site", _("现场检定"), is_selected=True),
            Option("lab", _("送检"), _("量器可以搬动时")),
            Option("none", _("停用"), is_disabled=True, state="due", word=_("周五不可用")),
        ],
        "checks": [("a", _("铅封完好"), "ok"), ("b", _("示值回零"), "fail"), ("c", _("金额相符"), "")],
        "faults": [
            Fault(_("第 4 行出厂编号与第 3 行相同"), "f-text", _("看铭牌，改其中一行")),
            Fault(_("希望日期已经过去"), "f-date"),
        ],
        "problem": _Problem(),
    }


class _Problem:
    """Looks like an error of the family, for the component that shows one."""

    what = say("计量标准 {code} 的证书已到期", code="DEMO-V20-07")
    where = say("作业 {job}", job="2026-1140")
    remedy = say("换一台在有效期内的计量标准，或改日再检")
    clause = None


def _process() -> dict[str, object]:
    names = [_("申请"), _("受理"), _("排期"), _("检定"), _("核验"), _("批准"), _("签发"), _("送达")]
    return {
        "steps": [StepItem(name, is_done=i < 4, is_current=i == 4) for i, name in enumerate(names)],
        "clocks": [
            Clock(3, 20, date(2026, 12, 17)),
            Clock(18, 20, date(2026, 11, 26)),
            Clock(22, 20, date(2026, 11, 20)),
            Clock(6, 20, state="stop"),
            Clock(4, 10, state="done"),
            Clock(4, None),
        ],
        "story": [
            StoryItem(_("12-17 前"), _("签发"), "next", note=_("授权签字人")),
            StoryItem(_("现在"), _("等核验"), "now", note=_("核验员，不能是检定员本人")),
            StoryItem("11-23 09:16", _("4 号枪不合格"), "bad", _("检定员"), _("大流量 +0.46 %，限值 ±0.30 %")),
            StoryItem("11-19 10:12", _("受理"), who=_("业务受理")),
        ],
        "why": _why(),
        "branches": _branches(),
    }


def _why() -> Why:
    step = ArithmeticLine(
        "E",
        _("示值误差"),
        "E = (V_J − V_Bt) / V_Bt × 100",
        [("V_J", "20.10", "L"), ("V_Bt", "20.004", "L")],
        "+0.48",
        "%",
        _("示例来源"),
    )
    rule = RuleCite("JJG 000", "2099", "", "±0.30 %", "verified", _("示例来源"))
    return Why(
        _("为什么不合格"),
        [(_("读数"), _("3 次，平均 +0.46 %")), ("U", "0.06 %")],
        [rule],
        [step],
        [Crumb(_("看原始读数"), "#")],
    )


def _branches() -> list[ChainBranch]:
    fine = [
        ChainLink(_("国家容量基准"), _("示例国家院"), "U = 0.004 %", _("至 2029-10"), "ok"),
        ChainLink(_("一等标准金属量器 20 L"), "DEMO-V1-02", "U = 0.010 %", _("剩 42 天"), "due", "1 : 2.5"),
        ChainLink(_("二等标准金属量器 20 L"), "DEMO-V20-03", "U = 0.025 %", _("至 2027-05-18"), "ok", "1 : 2.5"),
        ChainLink(_("3 号枪"), "PL-4K7M-2X9Q-8H-T", "U = 0.06 %", _("全链有效"), "ok", "1 : 2.4", is_end=True),
    ]
    broken = [
        ChainLink(_("国家容量基准"), _("示例国家院"), "U = 0.004 %", _("至 2029-10"), "ok"),
        ChainLink(_("一等标准金属量器 20 L"), "DEMO-V1-02", "U = 0.010 %", _("2027-01-05 到期"), "over", "1 : 2.5"),
        ChainLink(_("二等标准金属量器 20 L"), "DEMO-V20-03", "U = 0.025 %", "", "unk"),
        ChainLink(_("3 号枪"), "", "", "", "unk", is_end=True),
    ]
    return [ChainBranch(fine, _("有效")), ChainBranch(broken, _("断开时")), ChainBranch([], _("没有写明标准"))]


def _grid() -> grid.Grid:
    columns = [
        Column("v_j_l", _("加油机示值"), "L", "", 2, "0", "100"),
        Column("neck_mm", _("量器计量颈读数"), "mm", "", 1, "0", "150"),
        Column("t_j_c", _("油枪口油温"), "℃", "t_J", 1, "-30", "60"),
    ]
    plan = [PointPlan("q1", _("流量点 1")), PointPlan("q2", _("流量点 2"))]
    values = {"q1.1.v_j_l": "20.10", "q1.1.neck_mm": "38.0", "q1.1.t_j_c": "18.4", "q1.2.v_j_l": "20.09"}
    values |= {"q1.2.neck_mm": "37.1", "q1.2.t_j_c": "1844", "q2.1.v_j_l": "20.1O"}
    fill = GridFill(
        values=values,
        errors={"q2.1.v_j_l": _("这里要填数字，像 20.10")},
        results={"q1.1": CellResult("+0.45", "bad"), "q1.2": CellResult("+0.18", "ok")},
        summaries={
            "q1": [
                (_("平均误差"), CellResult("+0.46 %", "bad", _("限值 {limits}").format(limits="±0.30 %"))),
                ("U", CellResult("0.06 %")),
            ]
        },
        verdicts={"q1": CellResult(_("超限"), "bad"), "q2": CellResult(_("未完"), "unk")},
        offered={"q1.3.t_j_c": "18.4"},
    )
    flow = Column("flow_l_per_min", _("流量"), "L/min", low="1", high="120")
    return grid.build_grid(columns, plan, fill=fill, head=(_("误差"), "%"), point_columns=[flow])


def _drawings() -> dict[str, object]:
    rows = [
        IntervalRow(_("1 号枪"), Interval(0.06, 0.06)),
        IntervalRow(_("3 号枪"), Interval(0.27, 0.06)),
        IntervalRow(_("4 号枪"), Interval(0.46, 0.06)),
        IntervalRow(_("5 号枪"), Interval(1.85, 0.06)),
        IntervalRow(_("6 号枪"), None),
    ]
    groups = [
        RunGroup(_("1 号"), [0.06, 0.02], 0.06, is_soft=True),
        RunGroup(_("2 号"), [-0.11, -0.05], 0.06, is_soft=True),
        RunGroup(_("流量点 1"), [0.45, 0.46, 0.48], 0.06, 0.46),
        RunGroup(_("流量点 2"), [0.21, 1.25], 0.06, pending=1),
    ]
    shares = [
        Share(_("量器"), 0.0190),
        Share(_("温度修正"), 0.0185),
        Share(_("读数分辨"), 0.0112),
        Share(_("重复性"), 0.0085),
    ]
    cells = [
        charts.interval_cell([Interval(0.06, 0.06), Interval(0.02, 0.06, is_hollow=True)], LIMITS),
        charts.interval_cell([Interval(0.46, 0.06), Interval(0.28, 0.06, is_hollow=True)], LIMITS),
        charts.interval_cell([Interval(-1.4, 0.06)], LIMITS),
        charts.interval_cell([], LIMITS),
    ]
    return {
        "plot": charts.interval_plot(rows, LIMITS, title=_("各枪误差与限值")),
        "runs": charts.runs_chart(groups, LIMITS, title=_("误差与限值")),
        "history": _history(),
        "budget": charts.budget(shares, "%", title=_("不确定度预算"), total=("u = 0.030 %", "U = 0.06 %")),
        "months": charts.month_bars(_months(), title=_("到期的计量器具")),
        "line": charts.error_line(Interval(-0.04, 0.03), Limits.symmetric(0.30), label=_("计量误差")),
        "unknown_line": charts.error_line(Interval(-0.04, 0.03), Limits(None, None), label=_("计量误差")),
        "scale": charts.interval_scale(LIMITS),
        "cells": cells,
    }


def _history() -> object:
    days = [date(2022, 3, 8), date(2022, 9, 10), date(2023, 3, 6), date(2023, 9, 12), date(2024, 3, 15)]
    days += [date(2024, 9, 13), date(2025, 3, 14), date(2025, 9, 12), date(2026, 3, 16), date(2026, 9, 14)]
    large = [-0.05, 0.02, 0.09, 0.16, 0.24, 0.01, 0.05, 0.11, 0.14, 0.19]
    points = [HistoryPoint(day, value, 0.06) for day, value in zip(days, large, strict=True)]
    points += [HistoryPoint(day, value - 0.04, 0.06, series=1) for day, value in zip(days, large, strict=True)]
    points.append(HistoryPoint(date(2024, 3, 20), -0.04, 0.06, is_adjusted=True))
    changes = [(date(2024, 5, 1), _("换版"))]
    due = date(2027, 3, 13)
    return charts.error_history(points, LIMITS, title=_("十次检定的误差与限值"), due=due, changes=changes)


def _months() -> list[Bar]:
    counts = [3, 9, 6, 2, 0, 11, 4, 8, 1, 2, 0, 5]
    labels = [_("逾期"), "12", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    states = ["over", "due"] + [""] * 10
    return [Bar(label, count, state) for label, count, state in zip(labels, counts, states, strict=True)]
