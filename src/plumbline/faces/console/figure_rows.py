"""The lines of the tables of figures: how instruments stand, what was done, what failed; each opens its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.indicators.types import CoverageLine, FailureLine, HandledLine
from plumbline.faces.console.figure_reach import Level, Reach, organisation_words
from plumbline.faces.kit.charts.shares import percent, share_dot, share_interval
from plumbline.faces.kit.evaluation import named
from plumbline.rulebook import catalogue
from plumbline.science.statistics.proportions import exact_interval

MOST = 12
"""So many makers, ages or categories stand on a page: those with most documents."""
BANDS = (0.80, 0.90, 0.95, 0.98)
"""Shares at which a tile of the map gets the next darker ground. No limit of any rule."""


@dataclass(frozen=True)
class CoverageRow:
    """A county or category with how its instruments stand; each number opens its records."""

    name: str
    url: str
    line: CoverageLine
    share: str
    dot: SafeString
    band: int
    overdue_url: str
    failed_url: str
    never_url: str


@dataclass(frozen=True)
class FailureRow:
    """A maker, age or category with the share of its measurements that failed, and how well it is known."""

    name: str
    measured: int
    failed: int
    share: str
    low: str
    high: str
    interval: SafeString
    measured_url: str = ""
    failed_url: str = ""


@dataclass(frozen=True)
class HandledRow:
    """An institution with its cases; each number opens them, its name the figures of the institution alone."""

    name: str
    url: str
    line: HandledLine
    share: str
    late_url: str
    open_url: str
    on_time_url: str
    too_late_url: str
    unknown_url: str


def county_rows(level: Level, reach: Reach) -> list[CoverageRow]:
    """Return the lines of the divisions."""
    return [_coverage_row(line, division.name, reach=reach, chosen="region") for division, line in level.lines]


def kind_rows(lines: Sequence[CoverageLine], reach: Reach) -> list[CoverageRow]:
    """Return the lines of the categories."""
    return [_coverage_row(line, kind_words(line.key), reach=reach, chosen="category") for line in lines]


def kind_words(code: str) -> str:
    """Return the name of a category; a code that the catalogue no longer has stands as it is."""
    return named(catalogue.by_code(code)) if catalogue.exists(code) else code


def _coverage_row(line: CoverageLine, name: str, *, reach: Reach, chosen: str) -> CoverageRow:
    share = line.in_order / line.total if line.total else None
    narrowed = {chosen: line.key}
    return CoverageRow(
        name=name,
        url=reach.address(**narrowed),
        line=line,
        share=percent(share),
        dot=share_dot(share, label=name),
        band=sum((share or 0) >= edge for edge in BANDS),
        overdue_url=reach.records(standing="overdue", **narrowed),
        failed_url=reach.records(standing="failed", **narrowed),
        never_url=reach.records(standing="never", **narrowed),
    )


def handled_rows(lines: Sequence[HandledLine], reach: Reach, *, since: str, before: str) -> list[HandledRow]:
    """Return the lines of the institutions. since: the first day counted; before: yesterday."""
    found = directory.organisations([line.body_id for line in lines])
    return [_handled_row(line, found[line.body_id], reach=reach, days=(since, before)) for line in lines]


def _handled_row(line: HandledLine, body: OrganisationFacts, *, reach: Reach, days: tuple[str, str]) -> HandledRow:
    since, before = days
    counted = line.on_time + line.too_late
    key = {"body": body.institution_code} if body.institution_code else {}
    met = {"met_on.from": since, **key}
    return HandledRow(
        organisation_words(body),
        reach.address(**key) if key else "",
        line,
        percent(line.on_time / counted if counted else None),
        reach.cases(phase="open", **{"due_on.to": before}, **key),
        reach.cases(phase="open", **key),
        reach.cases(met="on_time", **met),
        reach.cases(met="too_late", **met),
        reach.cases(met="unknown", **met),
    )


def named_kinds(lines: Sequence[FailureLine]) -> list[tuple[str, FailureLine, dict[str, str]]]:
    """Return lines by category with their names and the conditions of their documents."""
    return [(kind_words(line.key), line, {"category": line.key}) for line in lines]


def named_makers(lines: Sequence[FailureLine]) -> list[tuple[str, FailureLine, dict[str, str]]]:
    """Return lines by maker with the conditions of their documents."""
    return [
        (line.key or _("没有填"), line, {"maker": line.key} if line.key else {"maker.empty": "yes"}) for line in lines
    ]


def in_years(lines: Sequence[FailureLine]) -> list[tuple[str, FailureLine, dict[str, str] | None]]:
    """Return lines by age with their names, the youngest first; where no day is known, last and without a list."""
    ordered = sorted(lines, key=lambda line: int(line.key) if line.key else 10_000)
    return [
        (
            ngettext("{n} 年", "{n} 年", int(line.key)).format(n=line.key) if line.key else _("启用日期不明"),
            line,
            {"age": line.key} if line.key else None,
        )
        for line in ordered
    ]


Named = tuple[str, FailureLine, dict[str, str] | None]


def failure_rows(lines: Iterable[Named], reach: Reach | None, *, since: str, most: int = MOST) -> list[FailureRow]:
    """Return the lines with most measurements, in the order given. reach: None where no list is to be opened."""
    held = list(lines)
    kept = set(sorted(range(len(held)), key=lambda place: -held[place][1].measured)[:most])
    shown = [line for place, line in enumerate(held) if place in kept]
    bounds = [exact_interval(line.failed, line.measured) for _name, line, _key in shown]
    top = max((high for _low, high in bounds), default=1.0)
    return [
        _failure_row(each, bound, top=top, lists=_lists(each, reach, since=since))
        for each, bound in zip(shown, bounds, strict=True)
    ]


def _lists(line: Named, reach: Reach | None, *, since: str) -> tuple[str, str]:
    """Return the addresses of the documents of a line, all and those that failed."""
    _name, _line, key = line
    if reach is None or key is None:
        return "", ""
    asked = {"performed_on.from": since, **key}
    return reach.documents(**asked), reach.documents(kind="T", **asked)


def _failure_row(named_line: Named, bounds: tuple[float, float], *, top: float, lists: tuple[str, str]) -> FailureRow:
    name, line, _key = named_line
    share = line.failed / line.measured
    return FailureRow(
        name=name,
        measured=line.measured,
        failed=line.failed,
        share=percent(share),
        low=percent(bounds[0]),
        high=percent(bounds[1]),
        interval=share_interval(share, bounds, top=top, label=name),
        measured_url=lists[0],
        failed_url=lists[1],
    )
