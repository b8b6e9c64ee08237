"""Says of a case that a limit was missed and to whom it was raised: beside its clock, and in its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts, RaisedFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import Past, when_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import StoryItem
from plumbline.rulebook.procedures import days_between


def raised_words(found: CaseFacts, raised: Sequence[RaisedFacts], *, today: date) -> list[str]:
    """Return a sentence for each time a limit of a case was raised. today: until when a clock that runs is counted."""
    return [_words(each, _days(found, each, today=today), kind=_kind(found, each)) for each in raised]


def raised_past(found: CaseFacts, raised: Sequence[RaisedFacts], *, now: datetime) -> list[Past]:
    """Return what was raised as items of the story, with how late it was then."""
    clocks = cases.procedure_of(found).clocks
    return [
        (
            each.at,
            StoryItem(
                when_words(each.at, now),
                _("“{clock}”逾期").format(clock=named(clocks[each.clock]) if each.clock in clocks else each.clock),
                "bad",
                note=_words(each, each.days_over, kind=_kind(found, each)),
            ),
        )
        for each in raised
    ]


def _words(each: RaisedFacts, days: int, *, kind: str) -> str:
    given = {"n": days, "day": formats.day(each.raised_on)}
    if each.raised_to is None:
        if kind == "working":
            return ngettext(
                "逾期 {n} 个工作日，没有登记可以督办的上级", "逾期 {n} 个工作日，没有登记可以督办的上级", days
            ).format(**given)
        return ngettext("逾期 {n} 天，没有登记可以督办的上级", "逾期 {n} 天，没有登记可以督办的上级", days).format(
            **given
        )
    given["above"] = formats.either(each.raised_to.zh, each.raised_to.en)
    if kind == "working":
        return ngettext(
            "逾期 {n} 个工作日，已于 {day} 提请{above}督办", "逾期 {n} 个工作日，已于 {day} 提请{above}督办", days
        ).format(**given)
    return ngettext("逾期 {n} 天，已于 {day} 提请{above}督办", "逾期 {n} 天，已于 {day} 提请{above}督办", days).format(
        **given
    )


def _days(found: CaseFacts, each: RaisedFacts, *, today: date) -> int:
    """Return how late it is today while that last day is still waited for, else how late it was when it was raised."""
    days = days_between(_kind(found, each), each.limit_on, end=today) if each.is_running else None
    return each.days_over if days is None else days


def _kind(found: CaseFacts, each: RaisedFacts) -> str:
    clock, limit = cases.procedure_of(found).clocks.get(each.clock), cases.limit_of(found)
    return (clock.kind if clock else "") or (limit.kind if limit else "calendar")
