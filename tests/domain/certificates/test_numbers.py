"""Numbers of certificates: one series an institution and year, without gap or double, whoever issues at once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from plumbline.domain.certificates import actions, rules
from plumbline.domain.certificates.models import Certificate, Series
from plumbline.domain.files.models import Blob
from plumbline.domain.ledger.models import QueueItem
from plumbline.domain.rows.codes import check_character
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import PlumblineError, RuleError, StateError
from tests.domain.certificates.issuing import approved_nozzle
from tests.domain.databases import together
from tests.domain.ledger.log_of_its_own import tamper
from tests.world import World


def serials() -> list[int]:
    """Return the serials used so far, in order."""
    with scoped(EVERYTHING):
        return sorted(Certificate.objects.values_list("serial", flat=True))


def taken(institution: int, year: int) -> int:
    """Take the next serial of an institution in a year."""
    with scoped(EVERYTHING):
        return actions._take_serial(UUID(int=institution), year)


@given(serial=st.integers(1, 999_999), kind=st.sampled_from("JT"), year=st.integers(2020, 2099))
def test_a_number_ends_in_the_check_character_of_all_before_it(serial: int, kind: str, year: int) -> None:
    bare, check = rules.number_of("TESTY", kind, year=year, serial=serial).rsplit("-", 1)
    assert (bare, check) == (
        f"TESTY-{kind}-{year}-{serial:06d}", check_character(f"TESTY{kind}{year}{serial:06d}"),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_series_counts_from_one() -> None:
    assert [taken(1, 2026) for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_each_institution_has_its_own_series() -> None:
    assert [taken(1, 2026), taken(2, 2026), taken(1, 2026)] == [1, 1, 2]


@pytest.mark.django_db
def test_each_year_begins_at_one() -> None:
    assert [taken(1, 2026), taken(1, 2027), taken(1, 2026)] == [1, 1, 2]


def test_the_first_certificate_of_an_institution_is_number_one(world: World) -> None:
    assert world.issue(world.approved()).number.startswith("TESTY-J-2026-000001-")


def test_certificates_and_result_notices_share_one_series(world: World) -> None:
    case = world.approved(errors=(0.1, 0.5))
    numbers = [world.issue(case, position=position).number[:-2] for position in (1, 2)]
    assert numbers == ["TESTY-J-2026-000001", "TESTY-T-2026-000002"]


def test_the_first_minute_of_the_legal_new_year_begins_a_new_series(world: World) -> None:
    case = world.approved(errors=(0.1, 0.1))
    numbers = [
        world.issue(case, position=1, at=datetime(2026, 12, 31, 15, 59, tzinfo=UTC)).number[:-2],
        world.issue(case, position=2, at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).number[:-2],
    ]
    assert numbers == ["TESTY-J-2026-000001", "TESTY-J-2027-000001"]


def test_clerks_who_issue_at_once_get_consecutive_numbers(world: World) -> None:
    cases = [approved_nozzle(world, number) for number in range(3)]
    world.actor("approver")
    together(*[partial(world.issue, case) for case in cases])
    assert serials() == [1, 2, 3]


def test_one_click_sent_twice_at_once_issues_one_certificate(world: World) -> None:
    case, key = world.approved(), uuid4()
    world.actor("approver")
    first, second = together(*[partial(world.issue, case, request_id=key)] * 2)
    assert (first.number, serials()) == (second.number, [1])


def test_an_issue_that_fails_leaves_no_gap(world: World, settings: Settings) -> None:
    case = world.approved(errors=(0.1, 0.1))
    fonts = settings.PLUMBLINE_FONT_DIR
    settings.PLUMBLINE_FONT_DIR = "/nowhere"
    with pytest.raises(PlumblineError):
        world.issue(case, position=1)
    settings.PLUMBLINE_FONT_DIR = fonts
    world.issue(case, position=2)
    assert serials() == [1]


def test_an_issue_that_fails_leaves_no_row_and_nothing_in_the_queue(world: World, settings: Settings) -> None:
    case = world.approved()
    before = QueueItem.objects.count()
    settings.PLUMBLINE_FONT_DIR = "/nowhere"
    with pytest.raises(PlumblineError):
        world.issue(case)
    with scoped(EVERYTHING):
        found = (Certificate.objects.count(), Series.objects.count(), Blob.objects.count(), QueueItem.objects.count())
    assert (found, world.case(case).state) == ((0, 0, 0, before), "approved")


def test_a_measurement_gets_one_document(world: World) -> None:
    case = world.approved(errors=(0.1, 0.1))
    world.issue(case, position=1)
    with pytest.raises(StateError, match="已经签发过"):
        world.issue(case, position=1)


def test_a_body_whose_seal_is_not_announced_for_the_day_issues_nothing(world: World) -> None:
    case = world.approved()
    tamper("registers_attestation", "update registers_attestation set valid_to = '2020-06-01' where kind = 'body_key'")
    with pytest.raises(RuleError, match="电子签章"):
        world.issue(case)
