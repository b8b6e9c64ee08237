"""Doing by a token: the same actions as the pages, once for each key, refused where scope, role or state forbid it."""

from __future__ import annotations

from uuid import uuid4

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.journal.models import Act
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.api.asking import Ask
from tests.world import TODAY, World, readings


def application(world: World, count: int = 1) -> dict[str, object]:
    chosen = world.nozzles()[:count]
    return {
        "site": str(chosen[0].site_id), "instruments": [str(each.id) for each in chosen], "place": "on_site",
        "contact_name": "测试", "contact_phone": "1",
    }  # fmt: skip


def record_of(world: World, seen: int) -> dict[str, object]:
    return {
        "seen": seen, "performed_on": TODAY.isoformat(), "place": "测试站", "standards": [str(world.standard_id)],
        "observations": readings(),
    }  # fmt: skip


def arrived(world: World) -> CaseFacts:
    return world.case(world.on_site())


def test_a_case_goes_from_application_to_record_by_tokens(world: World, ask: Ask) -> None:
    owner = ask("owner", "cases:apply", "cases:read", is_machine=True)
    reception = ask("reception", "cases:act", "cases:read")
    verifier = ask("verifier", "cases:act", "cases:read", "records:write")
    case = owner.post("/cases", application(world)).json()
    number = case["number"]
    case = reception.post(f"/cases/{number}/acts/accept", {"seen": case["sequence"]}).json()
    form = world.people()
    case = reception.post(f"/cases/{number}/acts/assign", {"seen": case["sequence"], "form": form}).json()
    case = verifier.post(f"/cases/{number}/acts/go_on_site", {"seen": case["sequence"]}).json()
    told = verifier.post(f"/cases/{number}/jobs/1/record", record_of(world, case["sequence"]))
    assert told.status_code == 201, told.content
    followed = owner.get(f"/cases/{number}").json()
    assert (followed["state"], followed["jobs"][0]["verdict"]) == ("measured", "pass")
    assert [act["act"] for act in followed["story"]] == ["submit", "accept", "assign", "go_on_site", "record"]


def test_a_case_says_which_acts_its_reader_may_do_now(world: World, ask: Ask) -> None:
    case = world.apply()
    reader = ask("reception", "cases:read", "cases:act").get(f"/cases/{case.number}").json()
    assert {act["act"] for act in reader["acts"]} == {"accept", "return"}


def test_the_same_key_applies_once(world: World, ask: Ask) -> None:
    owner, key = ask("owner", "cases:apply"), str(uuid4())
    first, again = (owner.post("/cases", application(world), key=key).json() for _ in range(2))
    assert first["number"] == again["number"]


def test_the_same_key_for_something_else_is_refused(world: World, ask: Ask) -> None:
    owner, key = ask("owner", "cases:apply"), str(uuid4())
    owner.post("/cases", application(world), key=key)
    told = owner.post("/cases", application(world, count=2), key=key)
    assert (told.status_code, told.json()["detail"]) == (409, "这一页已经办成过一次，这次填的和那次不同")


def test_the_key_of_one_holder_is_not_that_of_another(world: World, ask: Ask) -> None:
    key = str(uuid4())
    case = ask("owner", "cases:apply").post("/cases", application(world), key=key).json()
    told = ask("reception", "cases:act").post(f"/cases/{case['number']}/acts/accept", {"seen": 1}, key=key)
    assert told.json()["state"] == "accepted"


def test_without_a_key_nothing_is_done(world: World, ask: Ask) -> None:
    told = ask("owner", "cases:apply").post("/cases", application(world), key="-")
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_case_that_has_moved_on_is_refused(world: World, ask: Ask) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    told = ask("reception", "cases:act").post(f"/cases/{case.number}/acts/assign", {"seen": 1, "form": world.people()})
    assert told.status_code == 409


def test_a_token_that_applies_does_not_accept(world: World, ask: Ask) -> None:
    case = world.apply()
    told = ask("reception", "cases:apply").post(f"/cases/{case.number}/acts/accept", {"seen": 1})
    assert told.status_code == 403
    assert world.case(case).state == "submitted"


def test_readings_that_cannot_be_are_told_beside_their_fields(world: World, ask: Ask) -> None:
    case = arrived(world)
    body = record_of(world, case.sequence)
    body["observations"] = {**readings(), "environment": {"temperature_c": "warm"}}
    told = ask("verifier", "records:write").post(f"/cases/{case.number}/jobs/1/record", body).json()
    assert told["errors"][0]["field"] == "environment.temperature_c"


def test_a_number_that_is_no_text_is_refused(world: World, ask: Ask) -> None:
    case = arrived(world)
    body = record_of(world, case.sequence)
    body["observations"] = {**readings(), "environment": {"temperature_c": 20.0}}
    told = ask("verifier", "records:write").post(f"/cases/{case.number}/jobs/1/record", body)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "observations.environment.temperature_c")


def test_a_machine_registers_an_instrument_and_the_journal_names_it(world: World, ask: Ask) -> None:
    site = str(world.nozzles()[0].site_id)
    machine = ask("owner", "instruments:write", is_machine=True)
    body = {"category": "MV-FUEL", "name": "加油机", "site_id": site, "serial": "S-9", "model": "M"}
    made = machine.post("/instruments", body)
    assert made.status_code == 201, made.content
    with scoped(EVERYTHING):
        row = Instrument.objects.get(serial="S-9")
        act = Act.objects.get(subject_id=row.pk)
    assert (act.name, act.person_name, act.role) == ("instrument.register", "测试", "enterprise")


def test_a_field_that_is_not_known_is_refused(world: World, ask: Ask) -> None:
    body = {"category": "MV-FUEL", "name": "x", "site_id": str(world.nozzles()[0].site_id), "owner": "me"}
    told = ask("owner", "instruments:write").post("/instruments", body)
    assert (told.status_code, told.json()["detail"]) == (422, "不认识 owner")


def test_a_body_that_is_no_json_is_told_so(ask: Ask) -> None:
    owner = ask("owner", "cases:apply")
    told = owner.post("/cases", "\ud800")
    assert (told.status_code, told.json()["detail"]) == (422, "正文里有不能保存的字符")
