"""What a regulation is here: one dated edition with limits, points, columns and checks, each with source and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plumbline.errors import InputError, Text, say
from plumbline.rulebook import provenance as rule_provenance
from plumbline.rulebook.calendar import add_months
from plumbline.rulebook.provenance import Provenance
from plumbline.rulebook.sources import Source, by_id


@dataclass(frozen=True)
class RuleValue:
    """A number of the rule; `value` None where it was not seen."""

    code: str
    symbol: str
    zh: str
    en: str
    value: Decimal | None
    unit: str
    provenance: Provenance


@dataclass(frozen=True)
class Choice:
    """One answer of a closed choice."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class ChoiceRule:
    """A choice the record must make, as the fuel: observations["choices"][code] is the value of one option."""

    code: str
    zh: str
    en: str
    options: tuple[Choice, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Coefficient:
    """A number that depends on a choice of the record or on a parameter of the measurement standard (one is "")."""

    code: str
    choice: str
    parameter: str
    values: Mapping[str, RuleValue]


@dataclass(frozen=True)
class Column:
    """One number that is typed. minimum and maximum catch slips of the finger; they are no limits of the regulation."""

    code: str
    symbol: str
    zh: str
    en: str
    unit: str
    decimals: int
    minimum: Decimal
    maximum: Decimal
    required: bool
    provenance: Provenance


@dataclass(frozen=True)
class PointRule:
    """One measuring point."""

    code: str
    zh: str
    en: str
    provenance: Provenance


@dataclass(frozen=True)
class CheckRule:
    """One check by looking: answered ok, fail or not_checked."""

    code: str
    zh: str
    en: str
    provenance: Provenance


@dataclass(frozen=True)
class RunsRule:
    """How many runs a point has: `required` None where the rule was not seen; `offered` rows of the form."""

    required: int | None
    offered: int
    provenance: Provenance


@dataclass(frozen=True)
class Parameter:
    """One parameter of the measurement standard: type "number" or "choice"; `default_from` names another parameter."""

    code: str
    symbol: str
    zh: str
    en: str
    unit: str
    type: str
    required: bool
    minimum: Decimal | None
    maximum: Decimal | None
    options: tuple[Choice, ...]
    default_from: str


@dataclass(frozen=True)
class StandardRule:
    """The kind of measurement standard the method works with, and the parameters it must have."""

    code: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Formula:
    """One formula: its text in the file and where it comes from. The arithmetic itself is in `science`."""

    code: str
    text: str
    provenance: Provenance


@dataclass(frozen=True)
class WordRule:
    """A rule in words, as compare = "mean"."""

    code: str
    value: str
    provenance: Provenance


@dataclass(frozen=True)
class Unknown:
    """Something this edition certainly says and we have not seen."""

    zh: str
    en: str


@dataclass(frozen=True)
class Cycle:
    """How many months a pass is valid; None where it was not seen."""

    months: int | None
    provenance: Provenance


@dataclass(frozen=True)
class Period:
    """The days an edition is in force. `valid_from` None = not seen, then `used_from` is our convention."""

    valid_from: date | None
    used_from: date
    valid_to: date | None
    from_provenance: Provenance
    to_provenance: Provenance | None

    def has(self, day: date) -> bool:
        """Tell whether the edition is used on that day."""
        return self.used_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Regulation:
    """One edition of one verification regulation."""

    id: str
    number: str
    edition: str
    zh: str
    en: str
    category: str
    method: str
    replaces: str
    period: Period
    free_points: bool
    numbers: Mapping[str, RuleValue]
    coefficients: Mapping[str, Coefficient]
    choices: Mapping[str, ChoiceRule]
    formulas: Mapping[str, Formula]
    options: Mapping[str, WordRule]
    environment: tuple[Column, ...]
    point_columns: tuple[Column, ...]
    columns: tuple[Column, ...]
    points: tuple[PointRule, ...]
    runs: RunsRule
    checks: tuple[CheckRule, ...]
    standard: StandardRule
    cycle: Cycle
    decimals: int
    decimals_provenance: Provenance
    unknowns: tuple[Unknown, ...]

    @property
    def title(self) -> str:
        """Return the number with its edition, as JJG 443-2023."""
        return f"{self.number}-{self.edition}"

    @property
    def valid_from(self) -> date | None:
        """Return the first day in force, None where it was not seen."""
        return self.period.valid_from

    @property
    def valid_to(self) -> date | None:
        """Return the last day in force, None where none is set."""
        return self.period.valid_to

    @property
    def limits(self) -> tuple[RuleValue, ...]:
        """Return the limits a result is compared with, to be shown first."""
        return tuple(value for code, value in self.numbers.items() if code in ("mpe_percent", "repeatability_percent"))

    @property
    def provenances(self) -> tuple[Provenance, ...]:
        """Return the provenance of every value, to be counted and shown."""
        found = [value.provenance for value in self.numbers.values()]
        found += [value.provenance for rule in self.coefficients.values() for value in rule.values.values()]
        parts: tuple[Mapping[str, ChoiceRule | Formula | WordRule], ...] = (self.choices, self.formulas, self.options)
        found += [rule.provenance for part in parts for rule in part.values()]
        listed: tuple[tuple[Column | PointRule | CheckRule, ...], ...] = (
            self.environment, self.point_columns, self.columns, self.points, self.checks,
        )  # fmt: skip
        found += [rule.provenance for part in listed for rule in part]
        found += [self.runs.provenance, self.standard.provenance, self.cycle.provenance, self.decimals_provenance]
        found += [self.period.from_provenance]
        if self.period.to_provenance is not None:
            found.append(self.period.to_provenance)
        return tuple(found)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources this edition rests on, each once."""
        ids = dict.fromkeys(source for provenance in self.provenances for source in provenance.sources)
        return tuple(by_id(source_id) for source_id in ids)

    @property
    def banner(self) -> Text | None:
        """Return the banner to show while a value was not checked by a person."""
        return rule_provenance.banner(self.provenances)

    def valid_until(self, performed_on: date) -> date:
        """Return the last day of validity of a pass: the day before `cycle` months have passed.

        A month without that day ends on its last day, as 31 August + 6 months = 28 February.
        Raises: InputError when the cycle of this edition is not known. Source: `cycle` (a convention, see its note).
        """
        if self.cycle.months is None:
            raise InputError(say("{title} 的检定周期未知", title=self.title), field="cycle.months")
        return add_months(performed_on, self.cycle.months) - timedelta(days=1)
