"""Time limits as they fall: Zhejiang's working days over a holiday, returns, and a calendar that ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.migrations._stopped_clocks import STOPPED
from plumbline.domain.cases.models import Case
from plumbline.domain.cases.queries import Wanted
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.procedures import verification
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import World, moment, sequence

MONDAY_BEFORE_THE_HOLIDAY = date(2026, 9, 28)
REASON = {"reason": "缺照片"}


def sent_in(world: World, *, at: datetime) -> CaseFacts:
    """Apply for the verification of a nozzle that is brought to the institute."""
    nozzle = world.nozzles()[0]
    form = {
        "site": str(nozzle.site_id), "instruments": [str(nozzle.id)], "place": "sent_in", "contact_name": "测试",
        "contact_phone": "1",
    }  # fmt: skip
    request = ActRequest("submit", form, seen=0, request_id=uuid4())
    return world.do("owner", partial(verification.apply, request=request, at=at))


def received(world: World, *, applied: date, on: date) -> CaseFacts:
    """Take a case that is sent in as far as the receipt of the nozzle on a day."""
    case = sent_in(world, at=moment(applied))
    world.act("reception", case, "accept", at=moment(applied))
    world.act("reception", case, "assign", world.people(), at=moment(applied))
    return world.act("reception", case, "receive", at=moment(on))


def test_on_site_ten_working_days_count_from_the_application_over_the_national_holiday(world: World) -> None:
    # 29 and 30 September, 8 to 10 October (a Saturday worked for the holiday), 12 to 16 October.
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    assert (case.clock_from, case.due_on) == (MONDAY_BEFORE_THE_HOLIDAY, date(2026, 10, 16))


def test_on_site_an_ordinary_fortnight_has_ten_working_days(world: World) -> None:
    assert world.apply(at=moment(date(2026, 11, 2))).due_on == date(2026, 11, 16)


def test_an_application_at_midnight_counts_from_the_legal_day(world: World) -> None:
    assert world.apply(at=datetime(2026, 11, 1, 16, 0, tzinfo=UTC)).clock_from == date(2026, 11, 2)


def test_acceptance_and_assignment_do_not_move_the_limit_on_site(world: World) -> None:
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    accepted = world.act("reception", case, "accept", at=moment(date(2026, 10, 9)))
    assert accepted.due_on == date(2026, 10, 16)


def test_sent_in_no_limit_runs_before_the_receipt(world: World) -> None:
    case = sent_in(world, at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    assert (case.clock_from, case.due_on) == (None, None)


def test_sent_in_seven_working_days_count_from_the_receipt(world: World) -> None:
    case = received(world, applied=date(2026, 9, 21), on=MONDAY_BEFORE_THE_HOLIDAY)
    assert (case.clock_from, case.due_on) == (MONDAY_BEFORE_THE_HOLIDAY, date(2026, 10, 13))


def test_a_returned_case_has_its_clock_stopped(world: World) -> None:
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    returned = world.act("reception", case, "return", REASON, at=moment(date(2026, 9, 30)))
    with scoped(EVERYTHING):
        assert cases.folded(returned).clock_stopped_on == date(2026, 9, 30)


def test_a_returned_case_is_due_on_no_day_and_in_no_list_of_late_ones(world: World) -> None:
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    returned = world.act("reception", case, "return", REASON, at=moment(date(2026, 9, 30)))
    with scoped(EVERYTHING):
        late = cases.listed(Wanted(due_before=date(2027, 1, 1)))
    assert (returned.due_on, late) == (None, ())


def test_an_issued_case_is_due_on_no_day_and_keeps_when_its_clock_stopped(world: World) -> None:
    case = world.approved(at=moment(date(2026, 11, 16)))
    world.issue(case, at=moment(date(2026, 11, 17)))
    sequence()
    delivered = world.act("reception", case, "deliver", {"way": "online"}, at=moment(date(2026, 11, 20)))
    with scoped(EVERYTHING):
        assert (delivered.due_on, cases.folded(delivered).clock_stopped_on) == (None, date(2026, 11, 17))


def test_the_migration_takes_the_day_from_cases_whose_clock_stands(world: World) -> None:
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    world.act("reception", case, "return", REASON, at=moment(date(2026, 9, 30)))
    with scoped(EVERYTHING):
        row = Case.objects.get(pk=case.id)
        row.due_on = date(2026, 10, 16)
        row.save()
        row.id, row.serial, row.number, row.state = new_id(), 999, "T-999", "submitted"
        row.save(force_insert=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STOPPED)
        cursor.execute(STOPPED)
    with scoped(EVERYTHING):
        assert dict(Case.objects.values_list("state", "due_on")) == {"returned": None, "submitted": date(2026, 10, 16)}


def test_a_resubmitted_case_has_its_ten_days_again(world: World) -> None:
    case = world.apply(at=moment(MONDAY_BEFORE_THE_HOLIDAY))
    world.act("reception", case, "return", REASON, at=moment(date(2026, 9, 30)))
    again = world.act("owner", case, "resubmit", case.details, at=moment(date(2026, 11, 2)))
    assert (again.clock_from, again.due_on) == (date(2026, 11, 2), date(2026, 11, 16))


def test_a_limit_that_just_fits_the_known_calendar_is_told(world: World) -> None:
    assert world.apply(at=moment(date(2026, 12, 17))).due_on == date(2026, 12, 31)


@pytest.mark.parametrize("applied", [date(2026, 12, 18), date(2026, 12, 31), date(2027, 3, 1)])
def test_a_limit_that_reaches_beyond_the_known_calendar_is_unknown(world: World, applied: date) -> None:
    case = world.apply(at=moment(applied))
    assert (case.clock_from, case.due_on) == (applied, None)


def test_the_number_of_a_case_has_the_legal_year(world: World) -> None:
    assert world.apply(at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).number.startswith("2027-")


def test_a_region_without_a_limit_has_none(world: World) -> None:
    with scoped(EVERYTHING):
        assert cases.time_limit("verification", "on_site", region_code="440106") is None


def test_a_county_has_the_limit_of_its_province(world: World) -> None:
    with scoped(EVERYTHING):
        limit = cases.time_limit("verification", "on_site", region_code="330302")
    assert limit is not None
    assert (limit.days, limit.kind, limit.region) == (10, "working", "330000")
