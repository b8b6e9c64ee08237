"""The kinds of notices, what is near, when one is reminded, and what may be handed to another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import delegation, notices, rights, roles
from plumbline.rulebook.reading import parse_table

HEAD = 'status = "assumption"\nsoon_days = 30\nnear_working_days = 1\ndigest_hour = 7\nquiet_from = 22\n'
DAY = date(2026, 11, 20)


def test_the_file_of_notices_is_an_assumption_and_says_so() -> None:
    assert (notices.load().provenance.status, notices.load().provenance.clause) == ("assumption", None)


def test_what_is_near_is_one_datum() -> None:
    assert notices.soon(DAY) == DAY + timedelta(days=notices.soon_days())


@pytest.mark.parametrize(("left", "lead"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)])
def test_a_day_lies_in_the_shortest_lead_that_holds_it(left: int, lead: int | None) -> None:
    rule = notices.Reminder("x", notices.kind("case").name, (30, 7))
    assert rule.lead(last_day=DAY + timedelta(days=left), on=DAY) == lead


@pytest.mark.parametrize("days", ["[]", "[7, 30]", "[30, 30]", "[0]", "[true]", '["7"]', "7"])
def test_lead_days_that_are_no_leads_are_refused_by_name(days: str) -> None:
    text = f'{HEAD}[reminders.x]\nzh = "a"\nen = "a"\nlead_days = {days}\n'
    with pytest.raises(InputError, match="lead_days"):
        notices.read_notices(parse_table(text, file="notices.toml"))


def test_a_frequency_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="weekly"):
        notices.read_notices(
            parse_table(f'{HEAD}[kinds]\nx = {{ zh = "a", en = "a", mail = "weekly" }}\n', file="notices.toml")
        )


def test_the_rights_over_accounts_are_never_handed_on() -> None:
    assert [code for code in roles.all_roles() if "account.manage" in delegation.delegable(code)] == []


def test_a_delegate_has_what_was_given_as_far_as_the_role_still_has_it_and_reading() -> None:
    given = frozenset({"verification.review", "verification.issue"})
    assert delegation.carried("checker", given) == {"verification.review", "register.read", "case.read"}


def test_every_right_of_every_role_says_where_it_is_given() -> None:
    lacking = {
        (code, right)
        for code in roles.all_roles()
        for right in rights.of_role(code)
        if right not in {each.code for each in rights.given_to(code)}
    }
    assert lacking == set()


def test_a_right_the_role_has_not_cannot_be_named_as_given() -> None:
    with pytest.raises(InputError, match=r"verification\.issue"):
        rights.given("verification.issue", "checker")
