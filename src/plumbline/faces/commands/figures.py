"""`plumbline figures refresh|recount|report`: count what changed, count anew and compare; freeze and check a month."""

from __future__ import annotations

import argparse
import re
from datetime import date

from django.utils import timezone

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.types import Difference, ReportFacts
from plumbline.errors import InputError, Text, say
from plumbline.faces.commands.arguments import Arguments
from plumbline.faces.commands.terminal import EXIT_REFUSED, tell, warn

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
SHOWN = 20
"""So many late numbers are told."""


def run(arguments: list[str]) -> int:
    """Run one of the verbs; without one, say how new the figures are. Raises: InputError for another word."""
    verb = arguments[0] if arguments else "status"
    if verb == "status":
        return _status()
    if verb == "refresh":
        tell(say("新计 {count} 处", count=actions.refresh(at=timezone.now())))
        return 0
    if verb == "recount":
        return _recount()
    if verb == "report":
        return _report(arguments[1:])
    raise InputError(say("figures 没有“{verb}”这个用法", verb=verb), remedy=say("用 refresh、recount 或 report"))


def month_of(text: str) -> date:
    """Return the first day of a month written as 2026-10. Raises: InputError."""
    if _MONTH.fullmatch(text) is None:
        raise InputError(say("“{text}”不是月份", text=text[:20]), remedy=say("写成 2026-10 这样"), field="month")
    return date.fromisoformat(f"{text}-01")


def difference_words(found: Difference) -> Text:
    """Return a number that is not the same in a sentence."""
    return say(
        "{figure}，{line}，{count}：冻结时 {was}，现在 {now}",
        figure=found.figure,
        line=" ".join(found.line),
        count=found.count,
        was=found.was,
        now=found.now,
    )


def _status() -> int:
    fresh = queries.freshness()
    if fresh.at is None:
        tell(say("还没有计过，等待 {waiting} 处", waiting=fresh.waiting))
    else:
        at = timezone.localtime(fresh.at).isoformat(timespec="seconds")
        tell(say("计到 {at}，等待 {waiting} 处", at=at, waiting=fresh.waiting))
    return 0


def _recount() -> int:
    """Count everything; a cell that was not as kept is a fault of the marks, and the exit code says so."""
    differing = actions.recount(at=timezone.now())
    missed = sum(differing.values())
    if missed:
        named = "，".join(f"{name} {count}" for name, count in differing.items() if count)
        warn(say("已全部重计；原来有 {missed} 格和重计的不同：{named}", missed=missed, named=named))
        return EXIT_REFUSED
    tell(say("已全部重计，和原来的完全相同"))
    return 0


def _report(arguments: list[str]) -> int:
    parser = Arguments("plumbline figures report")
    parser.add_argument("--month", help="月份，如 2026-10 / the month; none: list the reports")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--freeze", action="store_true", help="冻结这个月 / freeze the month")
    what.add_argument("--verify", action="store_true", help="按冻结时已知的事实重算 / count it again as known then")
    what.add_argument("--since", action="store_true", help="冻结以后才知道的 / what became known since")
    given = parser.parse_args(arguments)
    if given.month is None:
        for each in queries.reports():
            _tell(each)
        return 0
    return _of_month(month_of(given.month), given)


def _of_month(month: date, given: argparse.Namespace) -> int:
    if given.verify:
        return _verify(month)
    if given.since:
        return _since(month)
    _tell(actions.freeze(SYSTEM, month, at=timezone.now()) if given.freeze else queries.frozen_report(month).report)
    return 0


def _tell(found: ReportFacts) -> None:
    at = timezone.localtime(found.frozen_at).isoformat(timespec="seconds")
    tell(say("{month} 冻结于 {at}，SHA-256 {sha256}", month=f"{found.month:%Y-%m}", at=at, sha256=found.sha256))


def _verify(month: date) -> int:
    """Say whether the facts known at the freeze give the report again; the exit code says so too."""
    if (found := queries.first_difference(month)) is not None:
        warn(say("重算和冻结的不同，第一处：{difference}", difference=difference_words(found)))
        return EXIT_REFUSED
    tell(say("{month} 的月报可以重算：和冻结的完全相同", month=f"{month:%Y-%m}"))
    return 0


def _since(month: date) -> int:
    late = queries.since_frozen(month, most=SHOWN)
    for each in late:
        tell(difference_words(each))
    if not late:
        tell(say("冻结以后没有补来的事实改变这个月"))
    return 0
