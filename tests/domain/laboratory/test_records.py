"""Raw records: bytes that replay to the same judgement, whatever the registers say later."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Grant
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.directory import actions as directory
from plumbline.domain.files import queries as files
from plumbline.domain.laboratory import queries
from plumbline.domain.laboratory.models import RawRecord
from plumbline.domain.laboratory.types import Measurement, RecordFacts
from plumbline.domain.ledger import queries as log
from plumbline.domain.procedures import verification
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as kept
from plumbline.domain.registers.types import StandardCertification, StandardEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError, InputErrors, RuleError, StateError
from plumbline.evidence.canonical import jcs, parse_strict
from plumbline.evidence.document.facts import read_dcc
from plumbline.evidence.seal.dsse import open_envelope
from plumbline.evidence.statement import read_payload
from plumbline.rulebook.regulations.record import evaluation_as_record
from tests.world import FROM, MEASURE, PASSWORD, TODAY, World, moment, readings, sequence

MOST_BYTES = 1_000_000
WORSE = MEASURE | {"ml_per_mm": "4", "U_ml": "9"}


def record_of(case: CaseFacts) -> RecordFacts:
    """Return the record in force of the one job of a case."""
    with scoped(EVERYTHING):
        record_id = queries.jobs_of(case.id)[0].record_id
        assert record_id is not None
        return queries.record(record_id)


def recorded(world: World, **how: Any) -> RecordFacts:  # Any: the arguments of World.record
    """Hand in the record of a new case."""
    case = world.on_site()
    world.record(case, **how)
    return record_of(case)


def content_of(record: RecordFacts) -> dict[str, Any]:  # Any: JSON of our own
    """Return the members of record.json."""
    return cast("dict[str, Any]", parse_strict(record.content, MOST_BYTES))


def certify_anew(world: World) -> None:
    """Record a newer certificate of the measurement standard that covers the same day and says something else."""
    newer = StandardCertification("V-2", "测试省院", FROM, date(2027, 11, 25), "20 L", "U = 9 mL, k = 2", "2", WORSE)
    step = partial(registers.certify_standard, standard_id=world.standard_id, certification=newer, at=moment())
    world.do("keeper", step)


def changed(observations: dict[str, object], **parts: object) -> dict[str, object]:
    """Return observations with parts replaced."""
    return observations | parts


def test_a_record_says_what_was_measured_with_what_and_under_which_rule(world: World) -> None:
    content = content_of(recorded(world))
    assert (content["v"], content["performed_on"], content["place"], content["verdict"]) == (
        1, "2026-11-20", "测试站", "pass",
    )  # fmt: skip
    assert (content["standards"][0]["certificate_no"], content["rule"]["edition"]) == ("V-1", "2023")


def test_a_record_replays_by_the_file_it_was_judged_by(world: World) -> None:
    assert queries.replay(recorded(world)).is_same_rule is True


def test_a_rule_that_changed_since_is_told(world: World) -> None:
    record = recorded(world)
    content = content_of(record)
    content["rule"]["sha256"] = "0" * 64
    changed_since = RecordFacts(**(vars(record) | {"content": jcs(content)}))
    assert queries.replay(changed_since).is_same_rule is False


def test_a_record_is_in_its_canonical_form(world: World) -> None:
    record = recorded(world)
    assert jcs(content_of(record)) == record.content


def values(part: object) -> list[object]:
    """Return all values in a JSON tree."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else None
    return [part] if inner is None else [value for each in inner for value in values(each)]


def test_a_record_holds_no_binary_number(world: World) -> None:
    assert [each for each in values(content_of(recorded(world))) if isinstance(each, float)] == []


def test_the_hash_of_a_record_is_in_the_statement_it_names(world: World) -> None:
    record = recorded(world)
    with scoped(EVERYTHING):
        statement = read_payload(log.statement(record.statement_id).payload)
    assert statement["record_sha256"] == hashlib.sha256(record.content).hexdigest()


def test_a_record_replays_to_the_results_it_holds(world: World) -> None:
    record = recorded(world)
    assert evaluation_as_record(queries.evaluation_of(record)) == content_of(record)["results"]


def test_a_record_replays_from_its_bytes_though_its_columns_say_otherwise(world: World) -> None:
    record = recorded(world)
    misled = RecordFacts(**(vars(record) | {"observations": readings(5.0), "standard_ids": ()}))
    assert queries.evaluation_of(misled) == queries.evaluation_of(record)


def test_a_record_replays_with_the_parameters_it_was_measured_with(world: World) -> None:
    record = recorded(world)
    before = queries.evaluation_of(record)
    certify_anew(world)
    assert queries.evaluation_of(record) == before


def test_the_newer_parameters_would_have_given_another_judgement(world: World) -> None:
    record = recorded(world)
    certify_anew(world)
    with scoped(EVERYTHING):
        now = kept.standard(world.standard_id, on=TODAY).parameters
    regulation = queries.regulation_for(world.nozzles()[0], TODAY)
    judged = queries.evaluate(regulation, record.observations, parameters=now)
    assert judged != queries.evaluation_of(record)


def test_the_certificate_names_the_standard_s_certificate_that_its_record_names(world: World) -> None:
    case = world.approved()
    certify_anew(world)
    sequence()
    issued = world.issue(case)
    with scoped(EVERYTHING):
        document = read_dcc(files.content_of(issued.dcc_sha256))
    assert [(each.certificate_number, each.accuracy) for each in document.standards] == [("V-1", "U = 5 mL, k = 2")]


def test_the_certificate_cites_the_statement_about_that_certificate_of_the_standard(world: World) -> None:
    case = world.approved()
    certify_anew(world)
    sequence()
    issued = world.issue(case)
    sequence()
    with scoped(EVERYTHING):
        authz = cast("dict[str, Any]", read_payload(log.statement(issued.statement_id).payload)["authz"])  # Any: JSON
        cited = read_payload(open_envelope(log.logged(log.statements_at(authz["standard"]))[0].envelope).payload)
    assert cited["certificate_no"] == "V-1"


def test_a_second_record_of_a_job_is_refused(world: World) -> None:
    case = world.on_site(count=2)
    world.record(case, position=1)
    with pytest.raises(StateError, match="已经提交"):
        world.record(case, position=1)


def test_a_new_record_names_the_one_it_replaces(world: World) -> None:
    case = world.on_site()
    world.record(case)
    first = record_of(case)
    world.act("checker", case, "send_back", {"reason": "温度"})
    world.record(case)
    with scoped(EVERYTHING):
        row = RawRecord.objects.get(pk=record_of(case).id)
    assert (row.replaces_id, row.number) == (first.id, f"{case.number}-01-2")


def test_only_the_chosen_jobs_are_sent_back(world: World) -> None:
    case = world.on_site(count=2)
    world.record(case, position=1)
    world.record(case, position=2)
    with scoped(EVERYTHING):
        first, second = queries.jobs_of(case.id)
    world.act("checker", case, "send_back", {"reason": "温度", "jobs": [str(second.id)]})
    with scoped(EVERYTHING):
        assert [job.record_id for job in queries.jobs_of(case.id)] == [first.record_id, None]


def test_a_record_is_hidden_from_a_stranger(world: World) -> None:
    record = recorded(world)
    with pytest.raises(Hidden), scoped(world.actor("stranger").scope):
        queries.record(record.id)


@pytest.mark.parametrize(
    ("observations", "field"),
    [
        (
            changed(readings(), environment={"temperature_c": "warm", "humidity_percent": "50"}),
            "environment.temperature_c",
        ),
        (
            changed(readings(), environment={"temperature_c": "20.0", "humidity_percent": ""}),
            "environment.humidity_percent",
        ),
        (changed(readings(), points=[]), "points"),
        (changed(readings(), points="x"), "points"),
        (changed(readings(), choices={}), "choices.liquid"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_with_its_path(
    world: World, observations: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        recorded(world, observations=observations)
    found = refused.value.errors if isinstance(refused.value, InputErrors) else [refused.value]
    assert any((each.field or "").startswith(field) for each in found)


def another_standard(world: World, *, category: str = "MV-FUEL", username: str = "keeper") -> UUID:
    """Register a second measurement standard of the house of an account."""
    keeper = world.actor(username)
    entry = StandardEntry(keeper.organisation_id, "V20-2", "标准金属量器", category, "municipal")
    said = StandardCertification("W-1", "测试省院", FROM, date(2027, 11, 25), parameters=MEASURE)
    return world.do(username, lambda _: registers.register_standard(keeper, entry, certification=said, at=moment()).id)


def hand_in(world: World, *standard_ids: UUID) -> CaseFacts:
    """Hand in the record of a new case, measured with these standards."""
    case = world.on_site()
    measured = Measurement(readings(), standard_ids, TODAY, "测试站")
    asked = ActRequest("record", {}, seen=world.case(case).sequence, request_id=uuid4())
    with scoped(EVERYTHING):
        job_id = queries.jobs_of(case.id)[0].id
    return world.do(
        "verifier", partial(verification.record, job_id=job_id, measurement=measured, request=asked, at=moment())
    )


def test_a_standard_of_another_house_is_refused(world: World) -> None:
    with scoped(EVERYTHING):
        person = directory.register_person(world.organisations["bureau"], name_zh="别家", at=moment())
        user_id = accounts.open_account(SYSTEM, person, username="keeper2", password=PASSWORD)
        grant = Grant(world.organisations["bureau"], "standard_owner", FROM)
        accounts.give_role(SYSTEM, user_id, grant=grant)
    foreign = another_standard(world, username="keeper2")
    with pytest.raises(RuleError, match="不属于本机构"):
        hand_in(world, foreign)


def test_a_standard_of_another_category_is_refused(world: World) -> None:
    with pytest.raises(RuleError, match="只能用本项目的计量标准"):
        hand_in(world, another_standard(world, category="OUTSIDE"))


def test_more_standards_than_the_method_calculates_with_are_refused(world: World) -> None:
    with pytest.raises(InputError, match="选了 2 台") as refused:
        hand_in(world, world.standard_id, another_standard(world))
    assert refused.value.field == "standards"


def unmeasured(**checks: str) -> dict[str, object]:
    """Return observations of a nozzle whose checks alone were answered."""
    full = readings()
    answers = {**dict.fromkeys(cast("dict[str, str]", full["checks"]), "not_checked"), **checks}
    return full | {"points": [{"code": "q1", "flow_l_per_min": "", "runs": []}], "checks": answers}


def test_a_nozzle_that_fails_a_check_gets_its_notice_without_a_measurement(world: World) -> None:
    case = world.on_site()
    world.record(case, observations=unmeasured(seals="fail"))
    world.act("checker", case, "review")
    world.act("approver", case, "approve")
    sequence()
    issued = world.issue(case)
    with scoped(EVERYTHING):
        document = read_dcc(files.content_of(issued.dcc_sha256))
    assert (issued.kind, document.points) == ("T", ())


def test_a_nozzle_that_passed_its_checks_is_measured(world: World) -> None:
    with pytest.raises(InputErrors):
        recorded(world, observations=unmeasured(seals="ok"))


def test_a_measurement_that_was_begun_is_finished_though_a_check_failed(world: World) -> None:
    observed = readings() | {"checks": unmeasured(seals="fail")["checks"]}
    points = cast("list[dict[str, Any]]", observed["points"])  # Any: readings as typed
    points[0]["runs"][2]["neck_mm"] = ""
    with pytest.raises(InputErrors):
        recorded(world, observations=observed)


def test_a_refused_record_leaves_nothing_behind(world: World) -> None:
    case = world.on_site()
    with pytest.raises(InputErrors):
        world.record(case, observations=readings(checks="not_checked"))
    with scoped(EVERYTHING):
        assert (RawRecord.objects.count(), world.case(case).state) == (0, "in_work")


def test_a_place_no_certificate_could_print_is_refused_beside_its_field(world: World) -> None:
    case = world.on_site()
    with pytest.raises(InputErrors) as refused:
        world.record(case, place="示例𓀀站")
    assert [(each.field, "U+13000" in str(each.what)) for each in refused.value.errors] == [("place", True)]
