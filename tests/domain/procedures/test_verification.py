"""The verification procedure, from the application to the certificate, with what it refuses."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, InputErrors, RuleError, StateError
from plumbline.evidence.offline import check_bundle
from tests.world import TODAY, World, moment, readings, sequence


def test_passing_nozzle_gets_a_certificate_that_a_stranger_can_prove(world: World) -> None:
    case = world.approved()
    issued = world.issue(case)
    sequence()
    with scoped(EVERYTHING):
        verdict = check_bundle(certificates.bundle(issued.id, on=TODAY), None, at=moment())
    assert (issued.kind, issued.status, issued.valid_until) == ("J", "valid", date(2027, 5, 19))
    assert (verdict["certificate"]["cert_no"], verdict["exit"]) == (issued.number, 3)
    assert world.case(case).state == "issued"


def test_failing_nozzle_gets_a_result_notice_without_validity(world: World) -> None:
    issued = world.issue(world.approved(errors=(0.45,)))
    assert (issued.kind, issued.status, issued.valid_until) == ("T", "failed", None)


def test_case_with_several_nozzles_is_issued_only_with_the_last(world: World) -> None:
    case = world.approved(errors=(0.1, 0.5))
    world.issue(case, position=1)
    assert world.case(case).state == "approved"
    world.issue(case, position=2)
    assert world.case(case).state == "issued"


def test_same_request_twice_applies_once(world: World) -> None:
    key = uuid4()
    first, second = world.apply(request_id=key), world.apply(request_id=key)
    assert first.id == second.id


def test_same_request_twice_issues_once(world: World) -> None:
    case, key = world.approved(), uuid4()
    first = world.issue(case, request_id=key)
    assert world.issue(case, request_id=key).number == first.number


def test_instrument_in_an_open_case_is_refused_a_second_one(world: World) -> None:
    world.apply()
    with pytest.raises(StateError, match="未办结"):
        world.apply()


def test_second_person_on_a_case_is_told_who_was_first(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    with pytest.raises(StateError, match="测试reception已经“受理”"):
        world.act("reception", case, "return", {"reason": "缺照片"}, seen=case.sequence)


def test_return_needs_a_reason(world: World) -> None:
    with pytest.raises(InputErrors, match="退回原因"):
        world.act("reception", world.apply(), "return", {})


def test_owner_may_not_accept_their_own_application(world: World) -> None:
    with pytest.raises(AccessError):
        world.act("owner", world.apply(), "accept")


def test_stranger_is_answered_as_if_the_case_did_not_exist(world: World) -> None:
    with pytest.raises(Hidden):
        world.act("stranger", world.apply(), "withdraw")


def test_checker_and_verifier_must_be_two_persons(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    people = world.people() | {"checker": world.people()["verifier"]}
    with pytest.raises(RuleError, match="不能是同一个人"):
        world.act("reception", case, "assign", people)


def test_unqualified_verifier_is_not_assigned(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    with pytest.raises(RuleError, match="资格"):
        world.act("reception", case, "assign", world.people(verifier="verifier2"))


def test_verifier_who_was_not_assigned_may_not_record(world: World) -> None:
    with pytest.raises(AccessError):
        world.record(world.on_site(), username="verifier2")


def test_expired_measurement_standard_is_refused_with_its_dates(world: World) -> None:
    with pytest.raises(RuleError, match="2026-11-25"):
        world.record(world.on_site(), on=date(2026, 11, 27))


def test_day_in_the_future_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="还没有到"):
        world.record(world.on_site(), on=date(2026, 11, 24), at=moment())


def test_incomplete_record_names_every_gap(world: World) -> None:
    observations = readings(checks="not_checked")
    with pytest.raises(InputErrors) as refused:
        world.record(world.on_site(), observations=observations)
    assert {error.field for error in refused.value.errors} >= {"checks.seals", "checks.amount"}


def test_record_sent_back_is_kept_and_named_by_the_new_one(world: World) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "send_back", {"reason": "温度"})
    world.record(case, observations=readings(0.05))
    with scoped(EVERYTHING):
        job = jobs.jobs_of(case.id)[0]
        assert job.record_id is not None
        assert jobs.record(job.record_id).version == 2


def test_certificate_waits_until_its_measurement_is_in_the_log(world: World) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "review")
    world.act("approver", case, "approve")
    with pytest.raises(StateError, match="日志"):
        world.issue(case)


def test_delivery_waits_until_the_certificate_is_in_the_log(world: World) -> None:
    case = world.approved()
    world.issue(case)
    with pytest.raises(StateError, match="日志"):
        world.act("reception", case, "deliver", {"way": "online"})


def test_editions_on_both_sides_of_the_day_are_used_and_replay(world: World) -> None:
    before, after = date(2024, 4, 30), date(2024, 5, 1)
    found = {}
    for position, day in enumerate((before, after)):
        case = world.on_site(at=moment(day))
        observations = readings(0.2)
        if day == before:
            observations["checks"] = {}
        world.record(case, observations=observations, on=day, at=moment(day))
        with scoped(EVERYTHING):
            record = jobs.record(jobs.jobs_of(case.id)[0].record_id)  # type: ignore[arg-type]  # just recorded
            found[day] = (record.regulation, jobs.evaluation_of(record).verdict, len(jobs.evaluation_of(record).checks))
        world.act("checker", case, "send_back", {"reason": f"第 {position} 次"})
        world.record(case, observations=observations, on=day, at=moment(day))
        world.act("checker", case, "review")
        world.act("approver", case, "approve")
        sequence()
        world.issue(case, at=moment(day))
        sequence()
        world.act("reception", case, "deliver", {"way": "online"})
    assert found == {before: ("JJG443-2015", "pass", 0), after: ("JJG443-2023", "pass", 7)}


def test_folding_the_story_gives_the_columns_of_the_case(world: World) -> None:
    case = world.approved()
    world.issue(case)
    with scoped(EVERYTHING):
        now = cases.case(case.id)
        folded = cases.folded(now)
    assert (folded.state, folded.sequence, folded.people) == (now.state, now.sequence, now.people)


def test_withdrawn_case_frees_its_instruments(world: World) -> None:
    world.act("owner", world.apply(), "withdraw")
    assert world.apply().state == "submitted"


def test_wanted_day_in_the_past_is_refused_beside_its_field(world: World) -> None:
    chosen = world.nozzles()[0]
    form = {
        "site": str(chosen.site_id), "instruments": [str(chosen.id)], "place": "on_site", "contact_name": "测试",
        "contact_phone": "1", "wanted_on": "2026-11-19",
    }  # fmt: skip
    asked = ActRequest("submit", form, seen=0, request_id=uuid4())
    with pytest.raises(InputError, match="已经过去"):
        world.do("owner", partial(verification.apply, request=asked, at=moment()))
