"""Outcome documents: issued with the act or not at all, shown to strangers, proved off line, seen by their parties."""

from __future__ import annotations

import base64
import json
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import queries
from plumbline.domain.certificates.models import Outcome, OutcomeSeries
from plumbline.domain.certificates.types import OutcomeFacts
from plumbline.domain.journal.models import Act
from plumbline.domain.ledger.models import Statement
from plumbline.domain.ledger.queries import seals_of, trust_root
from plumbline.domain.procedures import actions
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError
from plumbline.evidence import offline
from tests.domain.databases import together
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
