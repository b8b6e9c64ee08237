"""Acting for another and absence, page by page: handed over, taken up, kept in the record, shown where it counts."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from plumbline.domain.cases.types import CaseFacts
from tests.faces.conftest import SignIn, act_of
from tests.world import TODAY, World, moment

UNTIL = TODAY + timedelta(days=6)
PAGE = "/delegations/"


def user_id(username: str) -> UUID:
    found: UUID = get_user_model().objects.values_list("id", flat=True).get(username=username)
    return found


def handing(to: str, *rights: str, **changed: str) -> dict[str, object]:
    """Return the form that hands rights over."""
    form = {
        "do": "hand", "delegate": str(user_id(to)), "rights": list(rights), "valid_from": TODAY.isoformat(),
        "valid_to": UNTIL.isoformat(), "reason": "出差",
    }  # fmt: skip
    return {**form, **changed}


def standing_in(client: Client) -> Client:
    """Let a client act in the place of the one person it stands in for."""
    (key,) = re.findall(r'name="role" value="([0-9a-f-]{36})"', client.get(PAGE).content.decode())
    client.post("/role/", {"role": key})
    return client


@pytest.fixture
def case(world: World, sign_in: SignIn) -> CaseFacts:
    """Give a case that waits for reception, whose rights to accept and assign the keeper has."""
    found = world.apply()
    handed = handing("keeper", "verification.accept", "verification.assign")
    assert sign_in("reception").post(PAGE, handed).status_code == 303
    return found


def test_the_delegate_finds_the_offer_on_their_work_and_acts_as_who_they_are(case: CaseFacts, sign_in: SignIn) -> None:
    client = sign_in("keeper")
    assert "您在代测试reception（计量院业务受理）办理。" in client.get("/work/").content.decode()
    standing_in(client)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "测试keeper（代测试reception）" in page
    answer = client.post(f"/cases/{case.number}/", act_of("accept", case.sequence))
    assert answer.status_code == 303
    story = client.get(f"/cases/{case.number}/").content.decode().split('class="tl"')[1]
    assert "测试keeper（代测试reception）" in story


def test_an_english_reader_is_told_on_whose_behalf(case: CaseFacts, sign_in: SignIn) -> None:
    client = standing_in(sign_in("keeper"))
    client.post(f"/cases/{case.number}/", act_of("accept", case.sequence))
    page = client.get(f"/cases/{case.number}/", headers={"accept-language": "en"}).content.decode()
    assert "on behalf of" in page.split('class="tl"')[1]


def test_the_audit_trail_says_it_too(case: CaseFacts, sign_in: SignIn) -> None:
    standing_in(sign_in("keeper")).post(f"/cases/{case.number}/", act_of("accept", case.sequence))
    page = sign_in("auditor").get("/audit/").content.decode()
    assert "测试keeper（代测试reception）" in page
    assert "交给别人代办" in page


def test_a_right_not_handed_over_offers_no_act_and_opens_none(case: CaseFacts, sign_in: SignIn) -> None:
    client = standing_in(sign_in("keeper"))
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert ('value="accept"' in page, 'value="return"' in page) == (True, False)
    refused = client.post(f"/cases/{case.number}/", act_of("return", case.sequence, reason="x"))
    assert refused.status_code == 403


def test_taken_back_the_delegate_acts_for_themselves_again(case: CaseFacts, sign_in: SignIn) -> None:
    client, giver = standing_in(sign_in("keeper")), sign_in("reception")
    (key,) = re.findall(r'name="delegation" value="([0-9a-f-]{36})"', giver.get(PAGE).content.decode())
    giver.post(PAGE, {"do": "back", "delegation": key})
    page = client.get("/work/").content.decode()
    assert "代测试reception" not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"delegate": ""}, "没有选由谁代办"),
        ({"valid_to": "soon"}, "日期看不懂"),
        ({"valid_to": "2029-01-01"}, "一次最多交出"),
        ({"reason": ""}, "原因要写"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(world: World, sign_in: SignIn, changed: dict[str, str], said: str) -> None:
    answer = sign_in("reception").post(PAGE, {**handing("keeper", "verification.accept"), **changed})
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert re.search(r'value="verification.accept" checked', page)


def test_a_checker_is_offered_only_those_who_check_too(world: World, sign_in: SignIn) -> None:
    options = sign_in("checker").get(PAGE).content.decode().split('name="delegate"')[1].split("</select>")[0]
    assert "测试" not in options


@pytest.mark.parametrize("form", [{"do": "x"}, {"do": "back", "delegation": "x"}, {"do": "here", "absence": ""}])
def test_a_form_that_was_tampered_with_is_refused_in_words(world: World, sign_in: SignIn, form: dict[str, str]) -> None:
    answer = sign_in("reception").post(PAGE, form)
    assert (answer.status_code, "刷新页面" in answer.content.decode()) == (422, True)


def test_an_owner_hands_over_in_the_portal(world: World, sign_in: SignIn) -> None:
    page = sign_in("owner").get("/my/delegations/").content.decode()
    assert ('name="rights" value="verification.submit"' in page, 'name="delegate"' in page) == (True, True)


# ---------------------------------------------------------------- absence


def away(sign_in: SignIn, username: str) -> None:
    """Let somebody note that they are away."""
    form = {"do": "away", "first_day": TODAY.isoformat(), "last_day": UNTIL.isoformat()}
    assert sign_in(username).post(PAGE, form).status_code == 303


def test_who_is_away_is_said_so_where_people_are_assigned(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    away(sign_in, "checker")
    page = sign_in("reception").get(f"/cases/{case.number}/").content.decode()
    options = page.split('name="checker"')[1].split("</select>")[0]
    assert f"测试checker · 不在，至 {UNTIL.isoformat()}" in options


def test_a_case_that_waits_for_somebody_away_says_so_on_lists_and_on_its_page(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    away(sign_in, "verifier")
    client = sign_in("reception")
    told = f"测试verifier不在，至 {UNTIL.isoformat()}"
    pages = [client.get(path).content.decode() for path in ("/work/?view=all", "/cases/")]
    assert [told in page for page in pages] == [True, True]
    assert f"不在，至 {UNTIL.isoformat()}" in client.get(f"/cases/{case.number}/").content.decode()


def test_an_absence_taken_back_is_said_no_more(world: World, sign_in: SignIn) -> None:
    away(sign_in, "checker")
    client = sign_in("checker")
    (key,) = re.findall(r'name="absence" value="([0-9a-f-]{36})"', client.get(PAGE).content.decode())
    client.post(PAGE, {"do": "here", "absence": key})
    assert "没有代办，也没有缺勤" in client.get(PAGE).content.decode()


def test_a_day_planned_in_the_past_is_refused_beside_its_field(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    case = world.act("reception", case, "accept", at=moment())
    form = {**world.people(), "planned_on": (TODAY - timedelta(days=1)).isoformat()}
    answer = sign_in("reception").post(f"/cases/{case.number}/", act_of("assign", case.sequence, **form))
    assert (answer.status_code, "已经过去" in answer.content.decode()) == (422, True)
