"""Roles, rights, separation of duties, reasons to revoke, working days and legal limits."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.rulebook import calendar, deadlines, revocation, rights, roles, separation
from plumbline.rulebook.reading import parse_table
from tests.shared_data import shared_path

ZHEJIANG = ("330305", "330300", "330000")
DAYS = st.dates(date(2010, 1, 1), date(2026, 6, 30))


def test_the_roles_are_those_of_the_facts_pack() -> None:
    with shared_path("domain/roles.csv").open(encoding="utf-8", newline="") as file:
        expected = [row["role"] for row in csv.DictReader(file)]
    assert list(roles.all_roles()) == expected


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(InputError):
        roles.by_code("emperor")


def holders(right: str) -> list[str]:
    return [code for code in roles.all_roles() if right in rights.of_role(code)]


def test_the_acts_of_a_procedure_are_rights_of_its_roles() -> None:
    assert "verification.accept" in rights.of_role("institute_reception")
    assert holders("verification.review") == ["checker"]


@pytest.mark.parametrize("role", ["sysadmin", "auditor", "public", "inspector"])
def test_who_keeps_the_system_or_looks_on_has_no_act_of_a_procedure(role: str) -> None:
    assert not [right for right in rights.of_role(role) if right.startswith("verification.")]


def test_nobody_but_the_approver_revokes_a_certificate() -> None:
    assert holders("certificate.revoke") == ["approver"]


def test_the_reasons_to_revoke_say_where_they_come_from_and_end_with_any_other() -> None:
    assert list(revocation.all_reasons())[-1] == "other"
    assert revocation.load().provenance.status == "assumption"


def test_a_role_with_an_unknown_right_is_refused() -> None:
    text = 'status = "pattern"\nsource = ["PL"]\n[rights]\n[roles.x]\nzh = "甲"\nen = "x"\nreach = "own"\nmay = ["a.b"]'
    with pytest.raises(InputError) as caught:
        roles.read_roles(parse_table(text, file="probe.toml"))
    assert caught.value.field == "roles.x.may"


def test_verifier_checker_and_approver_are_three_persons() -> None:
    rule = separation.rule("verification", ZHEJIANG)
    assert rule.conflicts({"verifier": 1, "checker": 2, "approver": 3}) == ()
    assert rule.conflicts({"verifier": 1, "checker": 1, "approver": 1}) == (
        ("verifier", "checker"), ("verifier", "approver"), ("checker", "approver"),
    )  # fmt: skip


def test_a_duty_without_a_person_is_no_conflict() -> None:
    assert separation.rule("verification").conflicts({"verifier": 1, "checker": None, "approver": None}) == ()


def test_a_procedure_without_a_rule_of_separation_is_refused() -> None:
    with pytest.raises(InputError):
        separation.rule("divination")


def test_a_province_may_let_checker_and_approver_be_one() -> None:
    text = """
        [[rules]]
        procedure = "verification"
        region = "460000"
        groups = [["verifier", "checker"], ["verifier", "approver"]]
        status = "assumption"
    """
    own = separation.read_separations(parse_table(text, file="probe.toml"))
    rules = (*own, *separation.load())
    persons = {"verifier": 1, "checker": 2, "approver": 2}
    chosen = separation.choose(rules, procedure="verification", region_codes=["460100", "460000"])
    default = separation.choose(rules, procedure="verification", region_codes=ZHEJIANG)
    assert (chosen.conflicts(persons), default.conflicts(persons)) == ((), (("checker", "approver"),))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
        (date(2024, 2, 4), True),
        (date(2027, 1, 4), None),
    ],
)
def test_holidays_and_make_up_days_count_as_published(day: date, *, working: bool | None) -> None:
    assert calendar.is_working_day(day) is working
    assert calendar.is_known(day) is (working is not None)


def test_the_day_of_receipt_does_not_count() -> None:
    assert calendar.add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 24)


def test_a_limit_over_the_national_holiday_is_longer() -> None:
    assert calendar.add_working_days(date(2026, 9, 25), 10) == date(2026, 10, 15)


def test_a_limit_into_an_unknown_year_is_unknown() -> None:
    assert calendar.add_working_days(date(2026, 12, 28), 10) is None
    assert calendar.working_days_between(date(2026, 12, 28), date(2027, 1, 10)) is None


@pytest.mark.parametrize("days", [0, -1])
def test_a_limit_of_no_days_is_refused(days: int) -> None:
    with pytest.raises(InputError):
        calendar.add_working_days(date(2026, 11, 23), days)


@given(start=DAYS, days=st.integers(1, 40))
def test_counting_to_the_last_day_gives_the_days_of_the_limit(start: date, days: int) -> None:
    last = calendar.add_working_days(start, days)
    assert last is not None
    assert calendar.working_days_between(start, last) == days
    assert calendar.is_working_day(last)


@given(first=DAYS, gap=st.integers(0, 60))
def test_counting_backwards_is_the_negative(first: date, gap: int) -> None:
    second = first + timedelta(days=gap)
    forwards = calendar.working_days_between(first, second)
    assert forwards is not None
    assert calendar.working_days_between(second, first) == -forwards


@pytest.mark.parametrize(
    ("place", "days", "kind", "acts"),
    [("sent_in", 7, "working", ("receive",)), ("on_site", 10, "working", ("submit", "resubmit"))],
)
def test_the_limits_of_zhejiang(place: str, days: int, kind: str, acts: tuple[str, ...]) -> None:
    found = deadlines.limit("verification", place=place, region_codes=ZHEJIANG)
    assert found is not None
    assert (found.days, found.kind, found.starts_with, found.provenance.status, found.provenance.sources) == (
        days,
        kind,
        acts,
        "verified",
        ("S57",),
    )
    assert found.provenance.clause == "浙江省计量监督管理条例（2014）第二十条"


def test_a_limit_in_days_counts_every_day() -> None:
    found = deadlines.limit("verification", place="on_site", region_codes=["500112", "500100", "500000"])
    assert found is not None
    assert found.last_day(date(2026, 12, 10)) == date(2027, 1, 9)
    assert found.days_used(start=date(2026, 12, 10), today=date(2026, 12, 13)) == 3


def test_a_limit_in_working_days_counts_them() -> None:
    found = deadlines.limit("verification", place="on_site", region_codes=ZHEJIANG)
    assert found is not None
    assert found.days_used(start=date(2026, 9, 25), today=date(2026, 10, 13)) == 8


@pytest.mark.parametrize(("region", "place"), [("440000", "sent_in"), ("410000", "on_site")])
def test_a_region_that_sets_no_limit_has_none(region: str, place: str) -> None:
    assert deadlines.limit("verification", place=place, region_codes=[region]) is None


def test_a_limit_without_an_act_that_starts_it_is_refused() -> None:
    text = '[[limits]]\nprocedure = "v"\nplace = "sent_in"\nregion = "1"\ndays = 7\nkind = "working"\nstarts_with = []'
    with pytest.raises(InputError) as caught:
        deadlines.read_deadlines(parse_table(text, file="probe.toml"))
    assert caught.value.field == "limits[0].starts_with"
