"""What a stranger is told about a code: the verdict of the day, and one answer for everything that is no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.queries import UNKNOWN
from plumbline.domain.certificates.types import CheckFacts
from plumbline.domain.rows.codes import new_lookup_code
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.certificates.issuing import Certified, all_logged, case_of, checked, issued, replaced, revoked
from tests.domain.ledger.log_of_its_own import tamper
from tests.world import TODAY, World, moment, sequence

DAY = timedelta(days=1)


def label_of(world: World, number: int = 0) -> str:
    """Return the code on a nozzle's label."""
    return world.nozzles()[number].lookup_code


def test_a_new_certificate_is_valid(certified: Certified) -> None:
    document = certified.document
    found = checked(document.code)
    assert (found.verdict, found.certificate and found.certificate.number) == ("valid", document.number)


def test_a_certificate_is_valid_on_its_last_day_and_due_after_it(certified: Certified) -> None:
    document = certified.document
    last = document.valid_until or TODAY
    assert [checked(document.code, on=day).verdict for day in (last, last + DAY)] == ["valid", "due"]


def test_a_result_notice_says_failed(world: World) -> None:
    assert checked(issued(world, error=0.45).code).verdict == "failed"


def test_a_revoked_certificate_says_so_at_once_with_its_reason(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    found = checked(document.code)
    assert found.certificate is not None
    assert (found.verdict, found.certificate.events[0].reason) == ("revoked", "记录有误，请勿使用")


def test_a_revoked_certificate_stays_revoked_after_its_validity(certified: Certified) -> None:
    document = certified.document
    revoked(certified, document)
    assert checked(document.code, on=date(2030, 1, 1)).verdict == "revoked"


def test_a_replaced_certificate_says_so_at_once_and_names_its_replacement(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    found = checked(old.code)
    assert found.certificate is not None
    assert (found.verdict, found.certificate.replaced_by) == ("superseded", new.number)


def test_a_replaced_certificate_stays_so_when_the_log_has_it(certified: Certified) -> None:
    old = certified.document
    new = replaced(certified, old)
    all_logged()
    found = checked(old.code)
    assert found.certificate is not None
    assert (found.verdict, found.certificate.replaced_by) == ("superseded", new.number)
    assert [each.reason for each in found.certificate.events] == ["地址有误"]


def test_a_replacement_is_valid_itself(certified: Certified) -> None:
    new = replaced(certified, certified.document)
    all_logged()
    assert checked(new.code).verdict == "valid"


def test_an_ending_taken_out_of_the_rows_is_told(certified: Certified) -> None:
    revoked(certified, certified.document)
    all_logged()
    tamper("certificates_statusevent", "delete from certificates_statusevent")
    assert any("终止了一份证书" in str(fault) for fault in certificates.audit()[1])


def test_a_document_that_is_not_in_the_log_yet_is_not_called_valid(certified: Certified) -> None:
    assert checked(replaced(certified, certified.document).code).verdict == "pending"


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'T', valid_until = null",
        "valid_until = '2099-12-31'",
        "performed_on = performed_on + 1",
        "facts = jsonb_set(facts, '{instrument,serial}', '\"X-1\"')",
        "facts = jsonb_set(facts, '{points,0,error}', '\"+0.00\"')",
        "record_sha256 = dcc_sha256",
    ],
)
def test_a_row_changed_by_the_owner_of_the_database_is_shown_to_nobody_and_told(
    certified: Certified, change: str
) -> None:
    document = certified.document
    tamper("certificates_certificate", f"update certificates_certificate set {change}")  # noqa: S608  # our own text
    assert checked(document.code) == CheckFacts("mismatch")
    assert any(document.number in str(fault) for fault in certificates.audit()[1])


@pytest.mark.parametrize("code", ["", "x", "0" * 25, "0" * 27, "?" * 26, "' or 1=1 --", "\x00" * 26, "码" * 26])
def test_what_is_no_code_gets_the_answer_of_an_unknown_one(world: World, code: str) -> None:
    assert checked(code) == checked(new_lookup_code()) == UNKNOWN


def test_a_code_is_read_in_small_letters_too(certified: Certified) -> None:
    document = certified.document
    assert checked(document.code.lower()) == checked(document.code)


def test_a_certificate_s_number_is_no_code(certified: Certified) -> None:
    assert checked(certified.document.number) == UNKNOWN


def test_a_certificate_that_is_not_in_the_log_yet_has_no_place_in_it(world: World) -> None:
    document = world.issue(world.approved())
    before = checked(document.code).logged_index
    sequence()
    assert (before, checked(document.code).logged_index is not None) == (None, True)


def test_the_label_of_an_instrument_without_documents_is_unknown(world: World) -> None:
    assert checked(label_of(world)) == UNKNOWN


def test_the_label_shows_the_newest_measurement(world: World) -> None:
    first = issued(world, at=moment(date(2026, 11, 18)))
    world.act("reception", case_of(first), "deliver", {"way": "online"})
    second = issued(world, error=0.45)
    found = checked(label_of(world))
    assert (found.verdict, found.certificate and found.certificate.number) == ("failed", second.number)


def test_the_label_shows_the_replacement(certified: Certified) -> None:
    new = replaced(certified, certified.document)
    all_logged()
    found = checked(label_of(certified))
    assert (found.verdict, found.certificate and found.certificate.number) == ("valid", new.number)


def test_the_label_of_another_nozzle_does_not_show_it(certified: Certified) -> None:
    assert certified.document.number
    assert checked(label_of(certified, 1)) == UNKNOWN


def test_what_is_public_names_no_person_and_no_owner(certified: Certified) -> None:
    found = checked(certified.document.code).certificate
    assert found is not None
    assert [
        word for word in ("测试verifier", "测试checker", "测试approver", "测试公司") if word in str(found.facts)
    ] == []


def test_a_check_leaves_no_scope_behind(certified: Certified) -> None:
    document = certified.document
    with scoped(EVERYTHING):
        inside = checked(document.code)
    assert replace(inside) == checked(document.code)
