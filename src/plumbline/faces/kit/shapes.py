"""Prepared answers that components show: plain frozen values, so that a template never computes.

A face fills them from queries. Words in them are already in the reader's language, unless they are `errors.Text`,
which components translate. Leaves the measurement grid to `grid.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.errors import Text

Words = str | Text


@dataclass(frozen=True)
class NavItem:
    """A line of the side bar. count: what waits there; None shows none."""

    label: str
    url: str
    icon: str = "list"
    count: int | None = None
    is_current: bool = False
    is_bad: bool = False


@dataclass(frozen=True)
class NavGroup:
    """A group of the side bar; the first one has no title."""

    items: Sequence[NavItem]
    title: str = ""


@dataclass(frozen=True)
class Doing:
    """A page that may be opened from a list: the words of its button and its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Crumb:
    """A step of the way to this page; without url it is the page itself."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """A view of the same list, with its count."""

    label: str
    url: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Option:
    """One choice of a field. state: a state kind shown beside it, with `word`."""

    value: str
    label: str
    hint: str = ""
    is_selected: bool = False
    is_disabled: bool = False
    state: str = ""
    word: str = ""


@dataclass(frozen=True)
class Fault:
    """A line of the summary of errors: the words and the id of the field they belong to."""

    text: Words
    field_id: str = ""
    remedy: Words = ""


@dataclass(frozen=True)
class StepItem:
    """A state of the procedure on the way."""

    label: str
    is_done: bool = False
    is_current: bool = False


@dataclass(frozen=True)
class StoryItem:
    """A line of the story. kind: "next" future, "now", "" past, "bad" a failure; newest first in the list.

    written: what a person wrote, shown as written, whatever language the page has.
    """

    when: str
    title: str
    kind: str = ""
    who: str = ""
    note: str = ""
    url: str = ""
    written: str = ""


@dataclass(frozen=True)
class PersonLine:
    """Who does what in a case. note: qualification or what is awaited."""

    part: str
    who: str
    note: str = ""
    is_reader: bool = False


@dataclass(frozen=True)
class DocumentLine:
    """A document of a case. state: a state kind with its word, e.g. "dft" and 草稿."""

    label: str
    url: str = ""
    icon: str = "file"
    state: str = ""
    word: str = ""
    note: str = ""


@dataclass(frozen=True)
class DiffLine:
    """One changed value; equal ones are shown as unchanged."""

    label: str
    old: str
    new: str

    @property
    def is_same(self) -> bool:
        """True when nothing changed."""
        return self.old == self.new


@dataclass(frozen=True)
class RuleCite:
    """A rule as a why panel shows it. clause: "unknown" or empty is shown as unknown, never hidden.

    status: of the rulebook value; checked_by: empty means no person has compared it with the original text.
    """

    title: str
    edition: str = ""
    clause: str = ""
    value: str = ""
    status: str = ""
    source: str = ""
    checked_by: str = ""

    @property
    def is_clause_known(self) -> bool:
        """True when the clause was seen in a named source."""
        return self.clause not in {"", "unknown", "不明"}


@dataclass(frozen=True)
class ArithmeticLine:
    """One step of a calculation: symbol, name, formula, the inputs with values, the result and its source."""

    symbol: str
    name: str
    formula: str
    inputs: Sequence[tuple[str, str, str]]
    value: str
    unit: str = ""
    source: str = ""
    parts: Sequence[ArithmeticLine] = ()


@dataclass(frozen=True)
class Why:
    """All a why panel opens: facts, rules, arithmetic, links to the raw data."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    rules: Sequence[RuleCite] = ()
    steps: Sequence[ArithmeticLine] = ()
    links: Sequence[Crumb] = ()
    note: str = ""


CELLS_MOST = 60
"""A clock of more days than these is drawn in so many equal shares."""


@dataclass(frozen=True)
class Clock:
    """A time limit in days of its own kind. day: today's number from 1; total: the limit, None where it is unknown.

    is_calendar: every day counts, not working days alone.
    state: "run", "stop" (waiting for the applicant) or "done". Amber in the last fifth, red past the end.
    """

    day: int
    total: int | None
    due: date | None = None
    state: str = "run"
    started: date | None = None
    is_calendar: bool = False

    @property
    def left(self) -> int | None:
        """Days left; negative past the end; None where the limit is unknown."""
        return None if self.total is None else self.total - self.day

    @property
    def kind(self) -> str:
        """State kind: run, due, over, unk, or ok when done in time."""
        if self.state == "done":
            return "ok" if self.left is None or self.left >= 0 else "over"
        if self.state == "stop" or self.left is None:
            return "unk"
        if self.left < 0:
            return "over"
        return "due" if self.total and self.left < ceil(self.total / 5) else "run"

    @property
    def words(self) -> str:
        """The days in words, the first thing a clock says."""
        if self.state == "done":
            return self._days_used
        if self.state == "stop":
            return _("停在第 {n} 天").format(n=self.day)
        if self.left is None:
            return _("第 {n} 天，时限不明").format(n=self.day)
        return self._days_over(-self.left) if self.left < 0 else self._days_left(self.left)

    @property
    def _days_used(self) -> str:
        if self.is_calendar:
            return ngettext("用了 {n} 个自然日", "用了 {n} 个自然日", self.day).format(n=self.day)
        return ngettext("用了 {n} 个工作日", "用了 {n} 个工作日", self.day).format(n=self.day)

    def _days_over(self, days: int) -> str:
        if self.is_calendar:
            return ngettext("超出 {n} 个自然日", "超出 {n} 个自然日", days).format(n=days)
        return ngettext("超出 {n} 个工作日", "超出 {n} 个工作日", days).format(n=days)

    def _days_left(self, days: int) -> str:
        if self.is_calendar:
            return ngettext("还剩 {n} 个自然日", "还剩 {n} 个自然日", days).format(n=days)
        return ngettext("还剩 {n} 个工作日", "还剩 {n} 个工作日", days).format(n=days)

    @property
    def state_word(self) -> str:
        """The word of the state beside the days."""
        words = {"run": _("在期内"), "due": _("将到期"), "over": _("逾期"), "ok": _("按期办成")}
        return _("计时停止") if self.state == "stop" else words.get(self.kind, _("时限不明"))

    @property
    def css(self) -> str:
        """Class of the cells."""
        return "stop" if self.state == "stop" else self.kind

    @property
    def cells(self) -> list[str]:
        """One class a day, or a share of many days: "d" past, "t" today, "" to come."""
        total = self.total or 0
        count = min(total, CELLS_MOST)
        today = min(self.day, total) if total <= CELLS_MOST else ceil(min(self.day, total) * count / total)
        return ["d" if n < today else "t" if n == today else "" for n in range(1, count + 1)]

    @property
    def bar(self) -> int:
        """Length of the bar of a table row, of 64."""
        return 0 if not self.total else max(0, min(64, round(64 * self.day / self.total)))


@dataclass(frozen=True)
class Page:
    """A page of a list, by keyset: the addresses before and after, and what is known of the count."""

    first: int
    last: int
    previous_url: str = ""
    next_url: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Chip:
    """A condition in force, as part of the address. remove_url: the same list without it."""

    name: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Figure:
    """A figure with its state, target and the reason when it is not given."""

    label: str
    value: str
    unit: str = ""
    state: str = ""
    word: str = ""
    target: str = ""
    gap: str = ""
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ChainLink:
    """A link of a traceability chain, from the national level (first) to the instrument (last).

    state: "ok", "due" (ends soon), "over" (ended: the chain breaks after it), "unk" (below a break, or unknown).
    ratio: of the uncertainties to the link before, as `1 : 2.5`; word: of the state, with its date.
    """

    title: str
    who: str = ""
    value: str = ""
    word: str = ""
    state: str = "ok"
    ratio: str = ""
    is_end: bool = False
    url: str = ""

    @property
    def is_broken(self) -> bool:
        """True when nothing below this link is traceable."""
        return self.state == "over"


@dataclass(frozen=True)
class ChainBranch:
    """One quantity of a chain (volume, temperature) with its links; empty links are said to be unknown."""

    links: Sequence[ChainLink]
    title: str = ""
    missing: str = ""
