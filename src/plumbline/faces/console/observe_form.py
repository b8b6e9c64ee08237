"""The sheet of one instrument as typed: names of inputs to the observations a regulation asks for, and back.

Inputs: `environment.<code>`, `choices.<code>`, `<point>.<run>.<column>`, `check.<code>`, `remarks`, `standards`,
`performed_on`, `place`. What was typed for another edition is kept, though this one does not ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http.request import QueryDict

from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, StandardFacts
from plumbline.errors import InputError, RuleError, say
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import name_note, short_name
from plumbline.faces.kit.grid import Column, PointPlan, grid_values, posted_points
from plumbline.rulebook.regulations import Regulation
from plumbline.rulebook.regulations.model import Column as RuleColumn

MOST_CHARACTERS = 20_000
"""Of one input; more than any may hold, so that what is cut off here is still refused as too long, never recorded."""
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "request_id", "seen", "draft_version", "do"})


@dataclass(frozen=True)
class Sheet:
    """What is typed for one instrument, with the edition of its day and the measurement standards to choose from."""

    typed: Mapping[str, str]
    performed_on: date
    regulation: Regulation
    standards: Sequence[StandardFacts]
    date_error: InputError | RuleError | None = None

    @property
    def standard(self) -> StandardFacts | None:
        """The measurement standard chosen, None while none is, or one that is not of this house."""
        return next((each for each in self.standards if str(each.id) == self.typed.get("standards")), None)

    @property
    def observations(self) -> dict[str, object]:
        """The observations as the regulation asks for them."""
        return observations_of(self.typed, self.regulation)

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of the measurement standard chosen; empty while none is."""
        return self.standard.parameters if self.standard else {}

    def holds(self, standard: StandardFacts) -> bool:
        """Tell whether a measurement standard is in validity on the day performed."""
        return standard.valid_from <= self.performed_on <= standard.valid_to


def read_sheet(typed: Mapping[str, str], instrument: InstrumentFacts, *, body_id: UUID, today: date) -> Sheet:
    """Return the sheet. A day that cannot be read, or of no known edition, is told and today's edition is used."""
    on, unread = _day(typed.get("performed_on"), today)
    regulation, fault = _edition(instrument, on, fault=unread, today=today)
    found = [each for each in registers.standards_of(body_id, on=on) if each.category == instrument.category]
    return Sheet(typed, on, regulation, found, fault)


def _day(text: str | None, today: date) -> tuple[date, InputError | None]:
    """Return the day typed; today on a fresh sheet, and with a fault where the day was emptied or cannot be read."""
    if text is None:
        return today, None
    if not text:
        missing = say("没有填检定日期")
        return today, InputError(missing, remedy=say("填实际检定的日期"), field="performed_on")
    try:
        return date.fromisoformat(text), None
    except ValueError:
        fault = InputError(
            say("检定日期“{text}”看不懂", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field="performed_on"
        )
        return today, fault


def _edition(
    instrument: InstrumentFacts, on: date, *, fault: InputError | None, today: date
) -> tuple[Regulation, InputError | RuleError | None]:
    try:
        return laboratory.regulation_for(instrument, on), fault
    except RuleError as error:
        if on == today:
            raise
        told = RuleError(error.what, remedy=error.remedy, field="performed_on")
        return laboratory.regulation_for(instrument, today), told


def typed_of_post(posted: QueryDict) -> dict[str, str]:
    """Return what was typed in a posted form, without the inputs of the page itself."""
    return {name: posted.get(name, "")[:MOST_CHARACTERS] for name in posted if name not in NOT_TYPED}


def typed_of_draft(content: Mapping[str, object]) -> dict[str, str]:
    """Return what was typed from a kept draft: as it was typed, or flattened from the observations of a record."""
    typed = content.get("typed")
    if isinstance(typed, Mapping):
        return {str(name): str(value) for name, value in typed.items()}
    observations = content.get("observations")
    flat = _flattened(observations) if isinstance(observations, Mapping) else {}
    flat |= {name: str(content[name]) for name in ("performed_on", "place") if content.get(name)}
    standards = content.get("standards")
    if isinstance(standards, list) and standards:
        flat["standards"] = str(standards[0])
    return flat


def _flattened(observations: Mapping[str, object]) -> dict[str, str]:
    flat = grid_values(observations)
    for part, prefix in (("environment", "environment"), ("choices", "choices"), ("checks", "check")):
        group = observations.get(part)
        flat |= {f"{prefix}.{code}": str(text) for code, text in group.items()} if isinstance(group, Mapping) else {}
    remarks = observations.get("remarks")
    return flat | ({"remarks": str(remarks)} if remarks else {})


def draft_content(sheet: Sheet) -> dict[str, object]:
    """Return what a draft keeps: what was typed, and the same as the laboratory's record would have it."""
    return {
        "typed": dict(sheet.typed),
        "observations": sheet.observations,
        "standards": [str(sheet.standard.id)] if sheet.standard else [],
        "performed_on": sheet.performed_on.isoformat(),
        "place": sheet.typed.get("place", ""),
    }


def observations_of(typed: Mapping[str, str], regulation: Regulation) -> dict[str, object]:
    """Return the observations: every key this edition knows, as decimal text."""
    return {
        "environment": {each.code: _text(typed, f"environment.{each.code}") for each in regulation.environment},
        "choices": {code: _text(typed, f"choices.{code}") for code in regulation.choices},
        "points": posted_points(
            typed, columns_of(regulation), plan=plan_of(regulation), point_columns=point_columns_of(regulation)
        ),
        "checks": {each.code: _text(typed, f"check.{each.code}") or "not_checked" for each in regulation.checks},
        "remarks": _text(typed, "remarks"),
    }


def _text(typed: Mapping[str, str], name: str) -> str:
    return typed.get(name, "").strip()


def with_known(typed: Mapping[str, str], sheet: Sheet, *, instrument: InstrumentFacts, place: str) -> dict[str, str]:
    """Return what was typed, with what the registers know filled in where nothing was typed."""
    known = {
        "performed_on": sheet.performed_on.isoformat(),
        "place": place,
        **{f"choices.{code}": value for code, value in known_choices(instrument, sheet.regulation).items()},
    }
    valid = [each for each in sheet.standards if sheet.holds(each)]
    if valid:
        known["standards"] = str(valid[0].id)
    left = {name: value for name, value in typed.items() if value or name not in known or name == "performed_on"}
    return {**known, **left}


def known_choices(instrument: InstrumentFacts, regulation: Regulation) -> dict[str, str]:
    """Return the choices of a record that the register of instruments answers, as the fuel of a nozzle."""
    return {
        code: instrument.attributes[code]
        for code, rule in regulation.choices.items()
        if instrument.attributes.get(code) in {option.value for option in rule.options}
    }


def columns_of(regulation: Regulation) -> list[Column]:
    """Return the columns of the grid."""
    return [_column(column) for column in regulation.columns]


def point_columns_of(regulation: Regulation) -> list[Column]:
    """Return the columns read once at each point."""
    return [_column(column) for column in regulation.point_columns]


def _column(column: RuleColumn) -> Column:
    return Column(
        column.code,
        named(column),
        column.unit,
        column.symbol,
        column.decimals,
        str(column.minimum),
        str(column.maximum),
    )


def plan_of(regulation: Regulation) -> list[PointPlan]:
    """Return the points with their runs, as the form offers them."""
    return [
        PointPlan(point.code, short_name(point), name_note(point), runs=regulation.runs.offered)
        for point in regulation.points
    ]
