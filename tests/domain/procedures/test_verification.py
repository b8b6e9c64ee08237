"""The verification procedure, from the application to the certificate, with what it refuses."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID, uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, InputErrors, RuleError, StateError
from plumbline.evidence.offline import check_bundle
from plumbline.rulebook.procedures import Procedure
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


@pytest.mark.parametrize(
    ("day", "edition", "left_out", "checks"),
    [(date(2024, 4, 30), "JJG443-2015", {"checks": {}}, 0), (date(2024, 5, 1), "JJG443-2023", {}, 7)],
)
def test_the_edition_of_the_day_is_used_and_replays_until_delivery(
    world: World, day: date, edition: str, left_out: dict[str, object], checks: int
) -> None:
    case, observations = world.on_site(at=moment(day)), {**readings(0.2), **left_out}
    world.record(case, observations=observations, on=day, at=moment(day))
    with scoped(EVERYTHING):
        record = jobs.record(jobs.jobs_of(case.id)[0].record_id)  # type: ignore[arg-type]  # just recorded
    evaluation = jobs.evaluation_of(record)
    assert (record.regulation, evaluation.verdict, len(evaluation.checks)) == (edition, "pass", checks)
    world.act("checker", case, "send_back", {"reason": "重做"})
    world.record(case, observations=observations, on=day, at=moment(day))
    world.act("checker", case, "review")
    world.act("approver", case, "approve")
    sequence()
    issued = world.issue(case, at=moment(day))
    sequence()
    world.act("reception", case, "deliver", {"way": "online"})
    assert issued.facts["result"] == "pass"
    assert world.case(case).state == "delivered"


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


def test_another_application_under_a_used_key_is_not_called_done(world: World) -> None:
    key = uuid4()
    world.act("owner", world.apply(request_id=key), "withdraw")
    with pytest.raises(StateError, match="和那次不同"):
        world.apply(count=2, request_id=key)


def test_another_act_under_a_used_key_is_not_called_done(world: World) -> None:
    key, case = uuid4(), world.apply()
    world.act("reception", case, "accept", request_id=key)
    with pytest.raises(StateError, match="和那次不同"):
        world.act("reception", case, "assign", world.people(), request_id=key)


def test_another_case_under_a_used_key_is_not_called_done(world: World) -> None:
    key, first = uuid4(), world.apply()
    world.act("owner", first, "withdraw", request_id=key)
    second = world.apply()
    with pytest.raises(StateError, match="和那次不同"):
        world.act("owner", second, "withdraw", request_id=key)


def test_another_record_under_a_used_key_is_not_called_done(world: World) -> None:
    key, case = uuid4(), world.on_site()
    world.record(case, request_id=key)
    with pytest.raises(StateError, match="和那次不同"):
        world.record(case, observations=readings(0.05), request_id=key)


def test_the_same_act_asked_twice_is_done_once(world: World) -> None:
    key, case = uuid4(), world.apply()
    once = world.act("reception", case, "accept", request_id=key)
    assert world.act("reception", case, "accept", request_id=key) == once


def returned(world: World, *, count: int = 1) -> CaseFacts:
    """Take a new case as far as its return to the owner."""
    return world.act("reception", world.apply(count=count), "return", {"reason": "缺 2 号枪"})


def test_what_is_amended_is_what_the_case_is_about(world: World) -> None:
    case = returned(world)
    chosen = [str(each.id) for each in world.nozzles()[1:3]]
    amended = {**case.details, "instruments": chosen, "place": "sent_in", "contact_phone": "2"}
    again = world.act("owner", case, "resubmit", amended)
    with scoped(EVERYTHING):
        kept = cases.case(case.id)
        instruments = [str(job.instrument_id) for job in jobs.jobs_of(case.id)]
    assert (again.state, kept.details, instruments) == ("submitted", amended, chosen)


def test_what_an_amended_application_leaves_out_is_left_out(world: World) -> None:
    case = world.act("owner", returned(world), "resubmit", {**returned_form(world), "wanted_on": "2026-12-01"})
    case = world.act("reception", case, "return", {"reason": "不要写日期"})
    case = world.act("owner", case, "resubmit", returned_form(world))
    assert "wanted_on" not in case.details


def returned_form(world: World) -> dict[str, object]:
    """Return a complete form for the first nozzle."""
    chosen = world.nozzles()[0]
    return {
        "site": str(chosen.site_id), "instruments": [str(chosen.id)], "place": "on_site", "contact_name": "测试",
        "contact_phone": "1",
    }  # fmt: skip


def test_an_application_is_not_amended_to_another_site(world: World) -> None:
    case = returned(world)
    with pytest.raises(InputError, match="不能换使用地点"):
        world.act("owner", case, "resubmit", {**case.details, "site": str(UUID(int=5))})


def test_an_application_is_not_amended_to_what_another_case_holds(world: World) -> None:
    case = returned(world)
    taken = str(world.nozzles()[1].id)
    form = {**returned_form(world), "instruments": [taken]}
    asked = ActRequest("submit", form, seen=0, request_id=uuid4())
    world.do("owner", partial(verification.apply, request=asked, at=moment()))
    with pytest.raises(StateError, match="未办结"):
        world.act("owner", case, "resubmit", {**case.details, "instruments": [taken]})


def test_a_day_before_the_work_could_begin_is_refused_with_both_days(world: World) -> None:
    case = world.on_site()
    with pytest.raises(InputError, match="检定日期 2026-11-19 早于“到达现场”的 2026-11-20") as refused:
        world.record(case, on=date(2026, 11, 19), at=moment())
    assert refused.value.field == "performed_on"


@pytest.mark.parametrize("chosen", ["no-such-job", str(UUID(int=7))])
def test_what_is_no_job_of_the_case_is_not_sent_back(world: World, chosen: str) -> None:
    case = world.on_site()
    world.record(case)
    with pytest.raises(InputErrors, match="不在名单上") as refused:
        world.act("checker", case, "send_back", {"reason": "温度", "jobs": [chosen]})
    assert (refused.value.field, world.case(case).state) == ("jobs", "measured")


def test_an_application_for_a_site_that_is_not_the_owner_s_is_refused(world: World) -> None:
    chosen = world.nozzles()[0]
    form = {
        "site": str(uuid4()), "instruments": [str(chosen.id)], "place": "on_site", "contact_name": "测试",
        "contact_phone": "1",
    }  # fmt: skip
    asked = ActRequest("submit", form, seen=0, request_id=uuid4())
    with pytest.raises(InputErrors, match="不在名单上") as refused:
        world.do("owner", partial(verification.apply, request=asked, at=moment()))
    assert refused.value.field == "site"


def test_a_case_does_not_go_on_under_an_edition_that_was_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = world.apply()
    monkeypatch.setattr(Procedure, "digest", "of another text")
    with pytest.raises(StateError, match="第 1 版在业务开办以后改动过"):
        world.act("reception", case, "accept")


def test_who_to_call_stands_with_the_case_and_in_none_of_its_acts(world: World) -> None:
    case = world.apply()
    with scoped(EVERYTHING):
        kept, story = cases.case(case.id), cases.story(case.id)
    assert (kept.details["contact_name"], kept.details["contact_phone"]) == ("测试", "1")
    assert not any("contact" in str(act.data) or "测试" in str(act.data) for act in story)
