"""May this person measure this, here, that day, with these standards? Each refusal says what ended and when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.domain.directory.types import QualificationFacts
from plumbline.domain.laboratory.rules import require_authority, require_valid_standard
from plumbline.domain.registers.types import ScopeFacts, StandardFacts
from plumbline.errors import InputError, PlumblineError, RuleError, Term

FUEL = Term("燃油加油机", "Fuel dispenser")
SOMEBODY = UUID(int=1)
FIRST, DAY, LAST = date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31)
SCOPE = ScopeFacts(SOMEBODY, SOMEBODY, "MV-FUEL", "330300", "", "", "授 1", FIRST, LAST)
QUALIFICATION = QualificationFacts(SOMEBODY, SOMEBODY, SOMEBODY, "MV-FUEL", "资 1", FIRST, LAST)


def standard(
    valid_from: date = FIRST, valid_to: date = LAST, *, owner_id: UUID = SOMEBODY, category: str = "MV-FUEL"
) -> StandardFacts:
    """Return a measurement standard with that validity."""
    return StandardFacts(
        SOMEBODY, owner_id, "V20-1", "标准金属量器", "Metal measure", category, "municipal", None, False, "V-1", "",
        "", "", "2", {}, valid_from, valid_to,
    )  # fmt: skip


def refusal(
    on: date = DAY, *, qualifications: tuple[QualificationFacts, ...] = (QUALIFICATION,),
    scope: ScopeFacts | None = SCOPE, standards: tuple[StandardFacts, ...] = (standard(),),
) -> PlumblineError:  # fmt: skip
    """Return the refusal of a measurement."""
    with pytest.raises(PlumblineError) as refused:
        require_authority(FUEL, on, qualifications=qualifications, scope=scope, standards=standards)
    return refused.value


def test_what_covers_the_day_is_returned() -> None:
    assert require_authority(
        FUEL, DAY, qualifications=[QUALIFICATION], scope=SCOPE, standards=[standard()]
    ) == (QUALIFICATION, SCOPE)  # fmt: skip


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_both_days_of_a_validity_are_within_it(day: date) -> None:
    assert require_authority(FUEL, day, qualifications=[QUALIFICATION], scope=SCOPE, standards=[standard()])


def test_an_institution_without_the_item_is_refused() -> None:
    assert (type(refusal(scope=None)), "检定项目范围" in str(refusal(scope=None))) == (RuleError, True)


def test_a_person_without_the_qualification_is_refused() -> None:
    assert "没有“燃油加油机”的检定资格" in str(refusal(qualifications=()))


def test_a_lapsed_qualification_is_refused_with_its_last_day() -> None:
    assert "资格到 2026-12-31，不包括 2027-01-01" in str(
        refusal(date(2027, 1, 1), standards=(standard(valid_to=date(2027, 12, 31)),))
    )


def test_of_several_qualifications_the_one_that_covers_the_day_counts() -> None:
    old = QualificationFacts(SOMEBODY, SOMEBODY, SOMEBODY, "MV-FUEL", "资 0", date(2020, 1, 1), date(2020, 12, 31))
    found, _ = require_authority(FUEL, DAY, qualifications=[old, QUALIFICATION], scope=SCOPE, standards=[standard()])
    assert found == QUALIFICATION


def test_a_measurement_without_a_standard_is_refused_beside_the_field() -> None:
    error = refusal(standards=())
    assert (type(error), error.field) == (InputError, "standards")


def test_an_ended_standard_is_refused_with_both_its_days() -> None:
    error = refusal(standards=(standard(valid_to=date(2026, 5, 31)),))
    assert "V20-1 的证书有效期是 2026-01-01 至 2026-05-31，不包括 2026-06-01" in str(error)


def test_one_ended_standard_among_good_ones_is_enough_to_refuse() -> None:
    assert refusal(standards=(standard(), standard(valid_to=date(2026, 5, 31)))).field == "standards"


def test_a_standard_of_another_institution_is_refused() -> None:
    error = refusal(standards=(standard(owner_id=UUID(int=2)),))
    assert (type(error), error.field, "V20-1 不属于本机构" in str(error)) == (RuleError, "standards", True)


def test_a_standard_of_another_item_is_refused() -> None:
    error = refusal(standards=(standard(category="OUTSIDE"),))
    assert (type(error), error.field, "不是“燃油加油机”项目的" in str(error)) == (RuleError, "standards", True)


@given(day=st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_a_standard_passes_on_exactly_the_days_of_its_validity(day: date) -> None:
    assert passes(day) == (FIRST <= day <= LAST)


def passes(day: date) -> bool:
    """Tell whether the standard may be used on a day."""
    try:
        require_valid_standard(standard(), day)
    except RuleError:
        return False
    return True
