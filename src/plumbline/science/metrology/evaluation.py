"""What a method gets and gives: a `Task` of plain numbers in, an `Evaluation` with every intermediate value out.

Knows no regulation: limits and coefficients come as `RuleNumber`s that carry their own status and sources.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from plumbline.errors import InputError, Text, say
from plumbline.science.metrology.conformity import Verdict
from plumbline.science.metrology.uncertainty import Budget

Answer = Literal["ok", "fail", "not_checked"]


@dataclass(frozen=True)
class RuleNumber:
    """A number a rule sets, as a method may use it. `value` is None where the rule is not known."""

    code: str
    symbol: str
    zh: str
    en: str
    value: float | None
    unit: str
    status: str
    sources: tuple[str, ...]
    clause: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a formula comes from: how sure it is, and the ids of its sources."""

    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PointTask:
    """One measuring point: `runs` are the observations by column code, None for a cell still empty.

    numbers: the indices of the runs in the record, so that an error names the right row.
    runs_required: None where the number of runs is free.
    """

    code: str
    zh: str
    en: str
    runs: tuple[Mapping[str, float | None], ...]
    numbers: tuple[int, ...]
    runs_required: int | None

    def __post_init__(self) -> None:
        for number, run in zip(self.numbers, self.runs, strict=True):
            for column, value in run.items():
                if value is not None and not math.isfinite(value):
                    path = f"points.{self.code}.runs.{number}.{column}"
                    raise InputError(say("观测值必须是有限的数"), remedy=say("重新填写这个读数"), field=path)


@dataclass(frozen=True)
class CheckTask:
    """One check that is answered by looking: ok, fail or not_checked."""

    code: str
    zh: str
    en: str
    answer: Answer


@dataclass(frozen=True)
class Task:
    """All a method needs: numbers and formulas of the rule, points, checks, parameters of the measurement standard.

    options: choices the rule makes in words, as compare = "mean".  gaps: what the record lacks apart from the points.
    decimals: places a result is shown with; the decision uses the value before rounding.
    """

    numbers: Mapping[str, RuleNumber]
    formulas: Mapping[str, Origin]
    points: tuple[PointTask, ...]
    checks: tuple[CheckTask, ...]
    standard: Mapping[str, float]
    options: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[Missing, ...] = ()
    decimals: int = 2

    def number(self, code: str) -> RuleNumber:
        """Return a number of the rule. Raises InputError when the rule data do not list it."""
        if code not in self.numbers:
            raise InputError(say("规则数据没有给出 {code}", code=code), field=f"numbers.{code}")
        return self.numbers[code]

    def origin(self, formula: str) -> Origin:
        """Return where a formula comes from. Raises InputError when the rule data do not list it."""
        if formula not in self.formulas:
            raise InputError(say("规则数据没有给出公式 {code} 的出处", code=formula), field=f"formulas.{formula}")
        return self.formulas[formula]


@dataclass(frozen=True)
class Missing:
    """Something the record still needs: the path of the field and a sentence."""

    field: str
    text: Text


@dataclass(frozen=True)
class Finding:
    """Something that failed or is worth a look: a sentence to translate, and both languages for a document.

    text: the translatable sentence, its item a `Term`.  zh, en: the whole sentence, for a bilingual certificate.
    """

    field: str
    text: Text
    en: str

    @property
    def zh(self) -> str:
        """Return the sentence in Chinese."""
        return str(self.text)


@dataclass(frozen=True)
class Input:
    """One input of a step, with the rule number it is when it is one."""

    symbol: str
    value: float
    unit: str
    rule: RuleNumber | None = None


@dataclass(frozen=True)
class Step:
    """One computed number and how it came about. `code` is its path, as points.q1.runs.0.V_Bt."""

    code: str
    symbol: str
    zh: str
    en: str
    formula: str
    inputs: tuple[Input, ...]
    value: float
    unit: str
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One run. `error` in the unit of the point; None while a cell of the row is empty (`empty` lists them)."""

    number: int
    error: float | None
    steps: tuple[Step, ...]
    empty: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """The result at one point; a value not yet known is None. Errors, limits and U are in `unit`."""

    code: str
    zh: str
    en: str
    unit: str
    runs: tuple[Run, ...]
    error: float | None
    mpe: float | None
    error_conforms: bool | None
    repeatability: float | None
    repeatability_limit: float | None
    repeatability_conforms: bool | None
    U: float | None
    k: float | None
    budget: Budget | None
    steps: tuple[Step, ...]
    decimals: int

    @property
    def conforms(self) -> bool | None:
        """Return False when error or repeatability failed, None while one is not decided, else True."""
        if False in (self.error_conforms, self.repeatability_conforms):
            return False
        return None if None in (self.error_conforms, self.repeatability_conforms) else True

    @property
    def coverage(self) -> float | None:
        """Return the coverage probability of the interval of +/- U."""
        return None if self.budget is None or self.k is None else self.budget.coverage(self.k)

    @property
    def U_over_mpe(self) -> float | None:
        """Return U/MPE, shown beside the decision and never refusing it."""
        return self.U / self.mpe if self.U is not None and self.mpe else None


@dataclass(frozen=True)
class Check:
    """One check with its answer; `conforms` is None while it was not checked."""

    code: str
    zh: str
    en: str
    answer: Answer
    conforms: bool | None


@dataclass(frozen=True)
class Evaluation:
    """The judgement on one instrument. The same task gives the same evaluation, years later too.

    verdict: "fail" as soon as one item failed, "incomplete" while anything is missing, else "pass".
    """

    method: str
    points: tuple[Point, ...]
    checks: tuple[Check, ...]
    verdict: Verdict
    missing: tuple[Missing, ...]
    failures: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    def steps(self) -> Iterator[Step]:
        """Yield every step, run by run and point by point."""
        for point in self.points:
            for run in point.runs:
                yield from run.steps
            yield from point.steps

    def step(self, code: str) -> Step:
        """Return one step by its path. Raises InputError when there is none."""
        for step in self.steps():
            if step.code == code:
                return step
        raise InputError(say("没有编号为 {code} 的计算步骤", code=code), field="step")
