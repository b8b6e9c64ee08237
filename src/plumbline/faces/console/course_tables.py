"""The figures of a procedure as tables: months, open cases, ages, clocks, divisions, steps; a number opens its cases.

The same tables stand on the page and in the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory.types import RegionFacts
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import ClockLine, Course, PlaceLine
from plumbline.faces.console.figure_reach import Reach, division_below
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Bar, month_bars
from plumbline.faces.kit.charts.shares import days_span, percent, share_interval
from plumbline.faces.kit.evaluation import named
from plumbline.rulebook.procedures import Procedure
from plumbline.science.statistics.proportions import exact_interval


@dataclass(frozen=True)
class Value:
    """A cell: a number or words, the address of its cases, a drawing in place of both. kind: "bad" or empty."""

    said: str | int = ""
    url: str = ""
    kind: str = ""
    drawing: SafeString | None = None

    @property
    def text(self) -> str:
        """What the page shows of it."""
        return formats.number(self.said) if isinstance(self.said, int) else self.said


@dataclass(frozen=True)
class Grid:
    """A table with its heads; drawings: charts that say the same, each with its title; note: what is counted; sql: the
    statement asked; words: how many columns at the left hold words."""

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    note: str = ""
    drawings: Sequence[tuple[str, SafeString]] = ()
    sql: str = ""
    words: int = 1

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The heads, each with its kind: words, drawing or a number."""
        return [(head, self._kind(place)) for place, head in enumerate(self.heads)]

    @property
    def lines(self) -> list[list[tuple[Value, str, str]]]:
        """The rows, each value beside its head and its kind."""
        kinds = self.columns
        return [[(value, *kinds[place]) for place, value in enumerate(row)] for row in self.rows]

    def _kind(self, place: int) -> str:
        if place < self.words:
            return "words"
        return "drawing" if any(row[place].drawing is not None for row in self.rows) else "number"


@dataclass(frozen=True)
class Asked:
    """What a page counts: a procedure, whose area, from when, on which day."""

    procedure: Procedure
    reach: Reach
    since: date
    today: date
    actor: Actor
    is_single: bool = True
    """One clock: the case is listed by it, so that its lists can be asked for by its days."""

    def cases(self, *narrowed: tuple[str, str]) -> str:
        """Return the address of cases of the procedure."""
        start = self.reach.cases(procedure=self.procedure.id)
        return f"{start}&{urlencode(narrowed)}" if narrowed else start

    def open_cases(self, *narrowed: tuple[str, str]) -> str:
        """Return the address of open cases of the procedure."""
        start = self.reach.cases(procedure=self.procedure.id, phase="open")
        return f"{start}&{urlencode(narrowed)}" if narrowed else start

    @property
    def late_cases(self) -> str:
        """The address of cases past their limit; where a case has several clocks, no list is asked by one of them."""
        return self.open_cases(("due_on.to", self.yesterday)) if self.is_single else ""

    @property
    def yesterday(self) -> str:
        """The last day that is past."""
        return (self.today - timedelta(days=1)).isoformat()


def grids(found: Course, asked: Asked) -> list[Grid]:
    """Return all tables that have a line."""
    made = [
        months_grid(found, asked), states_grid(found, asked), ages_grid(found, asked), clocks_grid(found, asked),
        on_time_grid(found, asked), places_grid(found, asked), steps_grid(found, asked),
    ]  # fmt: skip
    return [each for each in made if each.rows]


def good_ends(procedure: Procedure) -> list[tuple[str, str]]:
    """Return the conditions of a list by which cases are those that had what was applied for."""
    return [("state", name) for name in queries.good_states(procedure)]


def months_grid(found: Course, asked: Asked) -> Grid:
    """Return what came in and what ended, month by month; a month without any stands there with zeros."""
    held = {line.month: line for line in found.months}
    every = queries.months_between(asked.since, asked.today) if held else []
    good = good_ends(asked.procedure)
    other = [("state", state.name) for state in asked.procedure.states.values() if state.is_end and not state.is_good]
    rows = []
    for month in every:
        line, first, last = held.get(month), f"{month}-01", _last_day(month)
        opened, ended = (
            [(f"{name}.from", first), (f"{name}.to", last)] for name in ("opened_at", "ended_at")
        )  # fmt: skip
        rows.append(
            [
                Value(month),
                Value(line.opened if line else 0, asked.cases(*opened)),
                Value(line.well if line else 0, asked.cases(*ended, *good) if good else ""),
                Value(line.otherwise if line else 0, asked.cases(*ended, *other) if other else ""),
            ]
        )
    opened_bars = [Bar(month[2:], held[month].opened if month in held else 0) for month in every]
    ended_bars = [Bar(month[2:], held[month].well + held[month].otherwise if month in held else 0) for month in every]
    drawings = [_drawn(opened_bars, _("每月申请，件")), _drawn(ended_bars, _("每月办结，件"))] if rows else []
    return Grid(
        "months", _("逐月的进出"), [_("月份"), _("申请 件"), _("办成 件"), _("其他办结 件")], rows,
        _("办成：以申请的事办下来为终点。其他办结：不予受理、撤回、不通过等。"), drawings, queries.FLOW_SQL,
    )  # fmt: skip


def states_grid(found: Course, asked: Asked) -> Grid:
    """Return how many cases are open in each state, in the order of the steps."""
    steps = asked.procedure.steps
    known = [state for state in asked.procedure.states.values() if found.states.get(state.name)]
    order = list(steps)
    rows = [
        [
            Value(named(steps[state.step])),
            Value(named(state)),
            Value(found.states[state.name], asked.open_cases(("state", state.name))),
        ]
        for state in sorted(known, key=lambda state: order.index(state.step))
    ]
    rows += [
        [Value(), Value(name), Value(count, asked.open_cases(("state", name)))]
        for name, count in found.states.items()
        if name not in asked.procedure.states
    ]
    bars = [
        Bar(named(step), sum(found.states[state.name] for state in known if state.step == name))
        for name, step in steps.items()
    ]
    return Grid(
        "states", _("现在停在哪里"), [_("步骤"), _("状态"), _("在办 件")], rows, "",
        [_drawn(bars, _("各步骤在办，件"))] if rows else [], queries.OPEN_SQL, words=2,
    )  # fmt: skip


def ages_grid(found: Course, asked: Asked) -> Grid:
    """Return how old the open cases are."""
    names, edges = _bands(), [0, *queries.AGES]
    rows, bars = [], []
    for place, count in enumerate(found.ages):
        last = asked.today - timedelta(days=edges[place])
        until = [("opened_at.to", last.isoformat())]
        if place + 1 < len(edges):
            until.append(("opened_at.from", (asked.today - timedelta(days=edges[place + 1] - 1)).isoformat()))
        rows.append([Value(names[place]), Value(count, asked.open_cases(*until))])
        bars.append(Bar(names[place], count))
    is_any = any(found.ages)
    return Grid(
        "ages", _("在办的有多久"), [_("申请以来"), _("在办 件")], rows if is_any else [],
        _("从申请之日到今天的自然日。"),
        [_drawn(bars, _("在办的有多久，件"))] if is_any else [], queries.OPEN_SQL,
    )  # fmt: skip


def clocks_grid(found: Course, asked: Asked) -> Grid:
    """Return each clock with its share on time, how well it is known, and what runs now."""
    rows = []
    for name in dict.fromkeys(line.clock for line in found.clocks):
        lines = [line for line in found.clocks if line.clock == name]
        late = sum(line.late for line in lines)
        clock = asked.procedure.clocks.get(name)
        rows.append(
            [
                Value(named(clock) if clock else name),
                *_rate(_sum(lines, "on_time"), _sum(lines, "too_late"), asked=asked, days=None),
                Value(_sum(lines, "running")),
                Value(late, asked.late_cases,
                      "bad" if late else ""),
            ]
        )  # fmt: skip
    heads = [_("时限"), *_rate_heads(), _("计时中 件"), _("逾期 件")]
    return Grid("clocks", _("按期率，按时限"), heads, rows, _rate_note(), sql=queries.CLOCKS_SQL)


def on_time_grid(found: Course, asked: Asked) -> Grid:
    """Return the share on time by the month in which it was done, all clocks together."""
    rows = []
    for month in sorted({line.month for line in found.clocks if line.month}):
        lines = [line for line in found.clocks if line.month == month]
        days = (f"{month}-01", _last_day(month))
        rows.append([Value(month), *_rate(_sum(lines, "on_time"), _sum(lines, "too_late"), asked=asked, days=days)])
    return Grid("on_time", _("按期率，逐月"), [_("月份"), *_rate_heads()], rows, _rate_note(), sql=queries.CLOCKS_SQL)


def places_grid(found: Course, asked: Asked) -> Grid:
    """Return the divisions right below what is shown."""
    divisions: dict[str, RegionFacts] = {}
    sums: dict[str, list[PlaceLine]] = {}
    for line in found.places:
        division = division_below(line.region_code, asked.reach, actor=asked.actor)
        divisions[division.code] = division
        sums.setdefault(division.code, []).append(line)
    rows = [
        _place_row(lines, divisions[code].name, asked=replace(asked, reach=replace(asked.reach, region=code)))
        for code, lines in sorted(sums.items())
    ]
    heads = [_("区划"), _("申请 件"), _("在办 件"), *_rate_heads(), _("逾期 件")]
    return Grid("places", _("按区划"), heads, rows, _("点开区划的名称，看它的数。"), sql=queries.PLACES_SQL)


def _place_row(lines: Sequence[PlaceLine], name: str, *, asked: Asked) -> list[Value]:
    """Return the line of a division. asked: what is counted there."""
    late = _sum(lines, "late")
    return [
        Value(name, asked.reach.address()),
        Value(_sum(lines, "opened"), asked.cases(("opened_at.from", asked.since.isoformat()))),
        Value(_sum(lines, "is_open"), asked.open_cases()),
        *_rate(_sum(lines, "on_time"), _sum(lines, "too_late"), asked=asked, days=None),
        Value(late, asked.late_cases, "bad" if late else ""),
    ]


def steps_grid(found: Course, asked: Asked) -> Grid:
    """Return how long cases spent in each step, in the order of the steps."""
    spent = {line.step: line for line in found.steps}
    top = max((line.most_days for line in found.steps), default=0)
    rows = []
    for name, step in asked.procedure.steps.items():
        if line := spent.get(name):
            drawing = days_span(line.median_days, line.most_days, top=top, label=named(step))
            rows.append(
                [Value(named(step)), Value(line.cases), Value(line.median_days), Value(line.most_days),
                 Value(drawing=drawing)]
            )  # fmt: skip
    heads = [_("步骤"), _("走完的 件"), _("中位数 天"), _("90 % 不超过 天"), _("图")]
    note = _("自然日；同一步骤进出几次的合在一起算，当天进当天出算 0 天。还在这一步的不算。")
    return Grid("steps", _("每一步用多久"), heads, rows, note, sql=queries.STEPS_SQL)


def _rate(on_time: int, too_late: int, *, asked: Asked, days: tuple[str, str] | None) -> list[Value]:
    """Return counts, share, interval and drawing of what was done on time."""
    done = on_time + too_late
    urls = {"on_time": "", "too_late": ""}
    if asked.is_single:
        first, last = days or (asked.since.isoformat(), "")
        span = [("met_on.from", first), *([("met_on.to", last)] if last else [])]
        urls = {met: asked.cases(("met", met), *span) for met in urls}
    counts = [Value(on_time, urls["on_time"]), Value(too_late, urls["too_late"])]
    if not done:
        return [*counts, Value(formats.DASH), Value(formats.DASH), Value()]
    low, high = exact_interval(on_time, done)
    between = _("{low} 到 {high}").format(low=percent(low), high=percent(high))
    share = on_time / done
    return [*counts, Value(percent(share)), Value(between),
            Value(drawing=share_interval(share, (low, high), top=1.0, label=_("按期率")))]  # fmt: skip


def _drawn(bars: Sequence[Bar], title: str) -> tuple[str, SafeString]:
    return title, month_bars(bars, title=title)


def _rate_heads() -> list[str]:
    return [_("按期 件"), _("超期 件"), _("按期率 %"), _("95 % 区间"), _("图")]


def _rate_note() -> str:
    return _("时限要求办成的事，办成之日不晚于最后一天为按期；不知道最后一天的不算。区间是克洛珀-皮尔逊精确区间。")


def _sum(lines: Sequence[ClockLine] | Sequence[PlaceLine], name: str) -> int:
    return sum(int(getattr(line, name)) for line in lines)


def _bands() -> list[str]:
    edges = queries.AGES
    between = [
        _("{first} 到 {last} 天").format(first=first, last=last - 1)
        for first, last in zip((0, *edges), edges, strict=False)
    ]
    return [*between, ngettext("{n} 天以上", "{n} 天以上", edges[-1]).format(n=edges[-1])]


def _last_day(month: str) -> str:
    first = date.fromisoformat(f"{month}-01")
    return ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).isoformat()
