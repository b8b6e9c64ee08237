"""The answers of a search as pages show them: groups of one kind, each with what to do for more.

A face finds them and says where each leads. Shown as a page (`kit/_found.html`), and in the box while one types
(`kit/_suggested.html`): the same groups in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from plumbline.domain.rows.searching.taking import Found

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """One answer. title: what it is called; note: what tells it apart; kind and word: its state, where it has one."""

    title: str
    url: str
    note: str = ""
    kind: str = ""
    word: str = ""


@dataclass(frozen=True)
class AnswerGroup:
    """Answers of one kind. more_url: the list that has all of them; is_near: none has just what was typed; is_cut: some
    could not be looked for in time."""

    name: str
    title: str
    icon: str
    answers: Sequence[Answer]
    more_url: str = ""
    is_near: bool = False
    is_cut: bool = False

    @property
    def note(self) -> str:
        """What to know of these answers."""
        if self.is_cut:
            return _("含这一段的编号太多，再写几位")
        return _("没有完全一样的，这些相近") if self.is_near else ""


@dataclass(frozen=True)
class Kind:
    """A kind of answers: the name of its group, its title, its icon."""

    name: str
    title: str
    icon: str


def group(kind: Kind, found: Found[T], *, shown: Callable[[T], Answer], more_url: str = "") -> AnswerGroup:
    """Return the group of what was found. more_url: where all of them are listed."""
    answers = [shown(each) for each in found.hits]
    more = more_url if found.has_more else ""
    return AnswerGroup(kind.name, kind.title, kind.icon, answers, more, found.is_near, found.is_cut)


def worth_showing(groups: Iterable[AnswerGroup]) -> list[AnswerGroup]:
    """Return the groups that have answers or say why not; near ones only where none has just what was typed."""
    shown = [each for each in groups if each.answers or each.is_cut]
    sure = any(each.answers and not each.is_near for each in shown)
    return [each for each in shown if not (sure and each.is_near)]
