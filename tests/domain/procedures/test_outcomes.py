"""Outcome documents: issued with the act or not at all, shown to strangers, proved off line, seen by their parties."""

from __future__ import annotations

import base64
import json
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import queries
from plumbline.domain.certificates.models import Outcome, OutcomeSeries
from plumbline.domain.certificates.types import OutcomeChange, OutcomeFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.models import Organisation
from plumbline.domain.journal.models import Act
from plumbline.domain.ledger.models import Statement
from plumbline.domain.ledger.queries import seals_of, trust_root
from plumbline.domain.procedures import actions
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError
from plumbline.evidence import offline
from tests.domain.certificates.issuing import all_logged
from tests.domain.databases import together
from tests.domain.ledger.log_of_its_own import tamper
from tests.domain.procedures.examination import apply, examined, form, passed
from tests.world import TODAY, World, moment, sequence


def documents_of(case: CaseFacts) -> tuple[OutcomeFacts, ...]:
    with scoped(EVERYTHING):
        return queries.outcomes_of_case(case.id, on=TODAY)


def issued(world: World) -> OutcomeFacts:
    """Return the certificate of a standard that passed; it is in the log."""
    (document,) = documents_of(passed(world))
    sequence()
    return document


def bundle_of(document: OutcomeFacts) -> bytes:
    with scoped(EVERYTHING):
        return queries.outcome_bundle(document.id, on=TODAY)


def rows() -> tuple[int, ...]:
    with scoped(EVERYTHING):
        kept = (Outcome, OutcomeSeries, Statement, Act)
        return tuple(each.objects.count() for each in kept)


def test_a_pass_issues_a_document_that_strangers_can_check(world: World) -> None:
    document = issued(world)
    assert document.number.startswith("TESTJ-BK-2026-000001-")
    assert str(document.valid_until) == "2031-11-19"
    found = queries.check_outcome(document.code.lower(), on=TODAY)
    assert (found.verdict, found.document) == ("valid", document)
    report = offline.check_bundle(bundle_of(document), trust_root(), at=moment())
    assert (report["code"], report["certificate"]["doc_no"]) == ("OK", document.number)
    assert queries.audit_outcomes() == (1, [])


def test_it_waits_until_it_is_in_the_log_and_then_ends_on_its_day(world: World) -> None:
    (document,) = documents_of(passed(world))
    assert queries.check_outcome(document.code, on=TODAY).verdict == "pending"
    sequence()
    after = TODAY.replace(year=2031)
    assert queries.check_outcome(document.code, on=after).verdict == "due"


def test_what_names_people_is_in_no_file_of_it(world: World) -> None:
    document = issued(world)
    record = queries.outcome_content(document, "document.json").decode()
    assert "压力标准装置" in record
    assert "测试甲" not in record


def test_a_failure_in_the_middle_leaves_nothing(world: World) -> None:
    """A name the certificate fonts lack stops the act when the PDF is made: after number, seal and record."""
    case = examined_with(world, standard_name="\U0001f321 装置")
    before = rows()
    request = ActRequest("pass", {}, seen=case.sequence, request_id=uuid4())
    with pytest.raises(InputError, match="字体里没有"):
        world.do("official", partial(actions.perform, case_id=case.id, request=request, at=moment()))
    assert rows() == before
    with scoped(EVERYTHING):
        assert cases.case(case.id).state == "examined"


def examined_with(world: World, **changed: object) -> CaseFacts:
    return examined(world, apply(world, said=form(**changed)))


def test_a_double_click_issues_one_document(world: World) -> None:
    case = examined(world)
    request = ActRequest("pass", {}, seen=case.sequence, request_id=uuid4())
    world.actor("official")
    step = partial(world.do, "official", partial(actions.perform, case_id=case.id, request=request, at=moment()))
    together(step, step)
    assert len(documents_of(case)) == 1


def test_numbers_have_no_gap_and_a_house_is_announced_once(world: World) -> None:
    numbers = [documents_of(passed(world))[0].number.split("-")[3] for _ in range(2)]
    assert numbers == ["000001", "000002"]
    assert len(seals_of(world.organisations["bureau"])) == 1


@pytest.mark.parametrize("name", ["document.json", "document.pdf"])
def test_one_changed_byte_is_refused_by_the_name_of_the_file(world: World, name: str) -> None:
    bundle = json.loads(bundle_of(issued(world)))
    data = bytearray(base64.b64decode(bundle["files"][name]))
    data[len(data) // 2] ^= 1
    bundle["files"][name] = base64.b64encode(data).decode()
    report = offline.check_bundle(json.dumps(bundle).encode(), None, at=moment())
    assert (report["code"], report["steps"][-1]["detail"]) == ("FILE_MISMATCH", name)


def test_a_foreign_house_reads_neither_row_nor_file(world: World) -> None:
    document = issued(world)
    with pytest.raises(Hidden):
        world.do("stranger", lambda _: queries.outcome_by_number(document.number, on=TODAY))
    with pytest.raises(Hidden):
        world.do("stranger", lambda _: queries.outcome_bundle(document.id, on=TODAY))
    assert world.do("quality", lambda _: queries.outcome_by_number(document.number, on=TODAY)) == document


def test_an_unknown_code_finds_nothing(world: World) -> None:
    issued(world)
    assert queries.check_outcome("Z" * 26, on=TODAY).verdict == "unknown"


def changed(world: World, document: OutcomeFacts, kind: str) -> OutcomeFacts:
    """Have something become of a document by an act of its case, and all of it logged and published."""
    wanted = OutcomeChange(document.case_id, document.name, kind, "fail")
    world.do("official", lambda actor: certificates.change_outcome(actor, wanted, at=moment()))
    all_logged()
    with scoped(EVERYTHING):
        return queries.outcome_by_number(document.number, on=TODAY)


def proved(document: OutcomeFacts) -> str:
    return str(offline.check_bundle(bundle_of(document), trust_root(), at=moment())["code"])


def test_a_suspension_is_seen_on_line_and_off_line_until_it_is_taken_back(world: World) -> None:
    document = issued(world)
    assert changed(world, document, "suspended").status == "suspended"
    assert (queries.check_outcome(document.code, on=TODAY).verdict, proved(document)) == ("suspended", "SUSPENDED")
    assert changed(world, document, "reinstated").status == "valid"
    assert (queries.check_outcome(document.code, on=TODAY).verdict, proved(document)) == ("valid", "OK")
    assert queries.audit_outcomes() == (1, [])


def test_what_is_revoked_stays_revoked_and_its_page_says_by_which_act(world: World) -> None:
    document = changed(world, issued(world), "revoked")
    again = changed(world, document, "reinstated")
    assert [(each.kind, each.act) for each in again.events] == [("revoked", "fail")]
    assert (queries.check_outcome(document.code, on=TODAY).verdict, proved(document)) == ("revoked", "REVOKED")


def test_what_it_is_already_is_not_said_again(world: World) -> None:
    document = issued(world)
    assert changed(world, document, "reinstated").events == ()
    changed(world, document, "suspended")
    assert len(changed(world, document, "suspended").events) == 1


def test_a_house_without_a_code_signs_by_its_credit_code_and_is_announced_first(world: World) -> None:
    document = issued(world)
    with scoped(EVERYTHING):
        Organisation.objects.filter(id=world.organisations["bureau"]).update(institution_code=None)
        bureau = directory.organisation(world.organisations["bureau"])
    (other,) = documents_of(passed(world))
    sequence()
    assert other.number.startswith(f"{bureau.uscc}-BK-2026-000002-")
    assert (proved(document), proved(other)) == ("OK", "OK")


def test_a_changed_row_is_not_shown_and_the_audit_tells(world: World) -> None:
    document = issued(world)
    tamper("certificates_outcome", "update certificates_outcome set valid_until = null")
    assert queries.check_outcome(document.code, on=TODAY).verdict == "mismatch"
    count, faults = queries.audit_outcomes()
    assert (count, len(faults)) == (1, 1)
