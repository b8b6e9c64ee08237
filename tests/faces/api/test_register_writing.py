"""Writing registers by a token: entries of simple registers, instruments moved and taken out of use; once for a key."""

from __future__ import annotations

from uuid import uuid4

import pytest

from plumbline.domain.registers import actions
from plumbline.domain.registers.types import SiteEntry, SiteFacts
from tests.faces.api.asking import Ask, Asker
from tests.world import CITY, World, moment, uscc

INSTITUTES = "/registers/legal_metrology_institutes/entries"
SINCE = "2026-01-01"


def values(**changed: object) -> dict[str, object]:
    return {
        "uscc": uscc(2), "name": "示例市计量院", "region_code": CITY, "level": "municipal", "kind": "established",
        "verification_items": 12, **changed,
    }  # fmt: skip


def site_of(world: World, username: str) -> SiteFacts:
    """Register another place of somebody's own organisation."""
    entry = SiteEntry(world.actor(username).organisation_id, "新站", CITY)
    return world.do(username, lambda actor: actions.register_site(actor, entry, at=moment()))


@pytest.fixture
def office(ask: Ask) -> Asker:
    return ask("bureau", "entries:write", "registers:read")


def entered(office: Asker, **changed: object) -> int:
    made = office.post(INSTITUTES, {"values": values(**changed), "valid_from": SINCE})
    assert made.status_code == 201, made.content
    number: int = made.json()["number"]
    return number


def test_an_entry_is_registered_changed_from_a_day_on_and_ended(office: Asker) -> None:
    number = entered(office)
    held = office.get(f"{INSTITUTES}/{number}").json()["standing"][0]["values"]
    body = {"values": held | {"verification_items": 15}, "valid_from": "2026-06-01", "reason": "增项"}
    changed = office.post(f"{INSTITUTES}/{number}/changes", body)
    ended = office.post(f"{INSTITUTES}/{number}/acts/end", {"on": "2026-08-01", "reason": "撤并"})
    assert (changed.status_code, ended.status_code) == (201, 201), (changed.content, ended.content)
    standing = office.get(f"{INSTITUTES}/{number}").json()["standing"]
    assert [(each["valid_from"], each["state"], each["values"]["verification_items"]) for each in standing] == [
        (SINCE, "active", 12), ("2026-06-01", "active", 15), ("2026-08-01", "ended", 15),
    ]  # fmt: skip


def test_the_same_key_writes_once_and_answers_the_same(office: Asker) -> None:
    key, body = str(uuid4()), {"values": values(), "valid_from": SINCE}
    first, again = (office.post(INSTITUTES, body, key=key).json() for _ in range(2))
    other = office.post(INSTITUTES, body | {"valid_from": "2026-02-01"}, key=key)
    assert (first, other.status_code) == (again, 409)


def test_faults_of_values_are_told_beside_each(office: Asker) -> None:
    wrong = values(level="乡级", verification_items="十二", name="")
    told = office.post(INSTITUTES, {"values": wrong, "valid_from": SINCE})
    assert told.status_code == 422
    fields = {each["field"] for each in told.json()["errors"]}
    assert fields == {"values.level", "values.verification_items", "values.name"}


@pytest.mark.parametrize("wrong", [{"nothing": "1"}, {"name": {"zh": "x"}}, {"name": 1.5}])
def test_a_value_that_no_field_takes_is_refused(office: Asker, wrong: dict[str, object]) -> None:
    told = office.post(INSTITUTES, {"values": values(**wrong), "valid_from": SINCE})
    (field,) = wrong
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, f"values.{field}")


def test_a_refused_entry_leaves_its_key_free(office: Asker) -> None:
    key = str(uuid4())
    assert office.post(INSTITUTES, {"values": values(level="乡级"), "valid_from": SINCE}, key=key).status_code == 422
    assert office.post(INSTITUTES, {"values": values(), "valid_from": SINCE}, key=key).status_code == 201


def test_who_may_not_edit_a_register_writes_nothing(ask: Ask) -> None:
    body = {"values": values(), "valid_from": SINCE}
    asked = [ask("bureau", "registers:read"), ask("verifier", "entries:write"), ask("owner", "entries:write")]
    assert [each.post(INSTITUTES, body).status_code for each in asked] == [403, 403, 403]


def test_a_register_says_what_it_takes(office: Asker) -> None:
    found = {each["id"]: each for each in office.get("/registers").json()["items"]}["legal_metrology_institutes"]
    choices = {each["key"]: each["choices"] for each in found["fields"]}
    assert (found["unique"], found["opens_in"]) == (["uscc"], ["active", "building"])
    assert ("municipal" in choices["level"], "end" in [each["act"] for each in found["acts"]]) == (True, True)


def test_an_instrument_is_moved_then_retired_each_once(world: World, ask: Ask) -> None:
    nozzle, owner, key = world.nozzles()[0], ask("owner", "instruments:write"), str(uuid4())
    site = site_of(world, "owner")
    body = {"site_id": str(site.id), "place": "3 号岛", "reason": "搬迁"}
    moved = [owner.post(f"/instruments/{nozzle.identity}/move", body, key=key).json() for _ in range(2)]
    assert [(each["site_id"], each["place"]) for each in moved] == [(str(site.id), "3 号岛")] * 2
    retired = owner.post(f"/instruments/{nozzle.identity}/state", {"state": "retired", "reason": "报废"})
    assert (retired.status_code, retired.json()["state"]) == (200, "retired")
    assert owner.post(f"/instruments/{nozzle.identity}/move", body).status_code == 409


def test_a_site_of_another_is_refused_beside_its_field(world: World, ask: Ask) -> None:
    nozzle = world.nozzles()[0]
    body, office = {"site_id": str(site_of(world, "stranger").id), "reason": "搬迁"}, ask("bureau", "instruments:write")
    told = office.post(f"/instruments/{nozzle.identity}/move", body)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "site_id")
