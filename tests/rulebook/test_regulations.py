"""The two editions of JJG 443, the day between them, and the proofs the loader makes of any edition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError, RuleError
from plumbline.rulebook import regulations
from plumbline.rulebook.calendar import add_months
from plumbline.rulebook.reading import RULEBOOK, parse_table
from plumbline.rulebook.regulations import Regulation, check_overlaps
from plumbline.rulebook.regulations.loader import read_regulation
from plumbline.rulebook.regulations.model import Cycle

OLD, NEW = regulations.by_id("JJG443-2015"), regulations.by_id("JJG443-2023")
TEXT = (RULEBOOK / "regulations" / "jjg443-2023.toml").read_text(encoding="utf-8")


def limits(regulation: Regulation) -> dict[str, str]:
    return {limit.code: str(limit.value) for limit in regulation.limits}


@pytest.mark.parametrize(
    ("day", "edition"), [(date(2024, 4, 30), "2015"), (date(2024, 5, 1), "2023"), (date(2016, 1, 1), "2015")]
)
def test_the_edition_changes_on_the_day_it_says(day: date, edition: str) -> None:
    assert regulations.in_force("MV-FUEL", day).edition == edition


@pytest.mark.parametrize(("category", "day"), [("MV-FUEL", date(2015, 12, 31)), ("MV-TAXI", date(2026, 1, 1))])
def test_a_day_or_kind_without_a_known_edition_is_refused(category: str, day: date) -> None:
    with pytest.raises(RuleError):
        regulations.in_force(category, day)


@pytest.mark.parametrize("regulation", [OLD, NEW])
def test_both_editions_have_the_two_limits_that_were_seen(regulation: Regulation) -> None:
    assert limits(regulation) == {"mpe_percent": "0.30", "repeatability_percent": "0.10"}
    assert all(limit.provenance.status == "verified" for limit in regulation.limits)


def test_nothing_else_of_the_edition_of_2015_is_called_seen() -> None:
    seen = [provenance.sources for provenance in OLD.provenances if provenance.status == "verified"]
    assert seen == [("SUP1",), ("SUP1",), ("S61",)]
    assert OLD.valid_from is None
    assert OLD.runs.required is None
    assert OLD.checks == ()


def test_the_edition_of_2023_has_two_points_of_three_runs_and_seven_checks() -> None:
    assert [point.code for point in NEW.points] == ["q1", "q2"]
    assert (NEW.runs.required, len(NEW.checks)) == (3, 7)
    assert NEW.valid_from == date(2024, 5, 1)


@pytest.mark.parametrize("regulation", [OLD, NEW])
def test_no_clause_is_claimed_and_the_banner_is_up(regulation: Regulation) -> None:
    assert not [provenance.clause for provenance in regulation.provenances if provenance.clause]
    assert str(regulation.banner) == "本规则数据尚未由人核对原文"
    assert regulation.unknowns


def test_the_sources_of_the_two_editions_differ() -> None:
    assert "SUP1" in {source.id for source in OLD.sources}
    assert "SUP1" not in {source.id for source in NEW.sources}


@pytest.mark.parametrize(
    ("performed_on", "valid_until"),
    [
        (date(2026, 11, 20), date(2027, 5, 19)),
        (date(2026, 8, 31), date(2027, 2, 27)),
        (date(2023, 8, 31), date(2024, 2, 28)),
        (date(2026, 1, 1), date(2026, 6, 30)),
    ],
)
def test_a_pass_is_valid_to_the_day_before_six_months_have_passed(performed_on: date, valid_until: date) -> None:
    assert NEW.valid_until(performed_on) == valid_until


def test_an_unknown_cycle_gives_no_date() -> None:
    unknown = replace(NEW, cycle=Cycle(None, NEW.cycle.provenance))
    with pytest.raises(InputError):
        unknown.valid_until(date(2026, 1, 1))


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(0, 120))
def test_months_later_is_never_in_another_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_two_editions_in_force_on_one_day_are_refused() -> None:
    endless = replace(OLD, period=replace(OLD.period, valid_to=date(2024, 5, 1)))
    with pytest.raises(InputError) as caught:
        check_overlaps([NEW, endless])
    assert caught.value.field == "valid_to"


def test_an_unknown_regulation_is_refused() -> None:
    with pytest.raises(InputError):
        regulations.by_id("JJG443-1066")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('method = "fuel_dispenser"', 'method = "abacus"', "method"),
        ("[numbers.d_3]", "[numbers.d_4]", "numbers"),
        ("value = 0.30\n", "", "numbers.mpe_percent.value"),
        ('unit = "%"\nstatus = "verified"', 'unit = "%"\nstatus = "unknown"', "numbers.mpe_percent.value"),
        ('value = "mean"', 'value = "median"', "options.compare.value"),
        ('choice = "liquid"', 'choice = "liqid"', "coefficients.beta_liquid.choice"),
        ('parameter = "material"', 'parameter = "k2"', "coefficients.beta_measure.parameter"),
        ("values.kerosene =", "values.kerosine =", "coefficients.beta_liquid.values"),
        ('default_from = "nominal_volume_l"', 'default_from = "nothing"', "standard.parameters"),
        ("required = 3", "required = 0", "runs.required"),
        ('source = ["S61"]', 'source = ["S6100"]', "valid_from.source"),
        ('code = "neck_mm"', 'code = "neck"', "columns"),
        ("V_Bt = {", "V_Bx = {", "formulas"),
        ("[display]", "[display2]", "display"),
        ('checked_by = ""', 'checkedby = ""', "numbers.mpe_percent.checkedby"),
    ],
)
def test_an_unsound_regulation_is_refused_at_the_key_that_is_wrong(old: str, new: str, field: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        read_regulation(parse_table(TEXT.replace(old, new, 1), file="probe.toml"))
    assert caught.value.field == field
