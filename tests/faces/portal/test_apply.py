"""The application: a draft that is kept, errors beside the field, one case for one request, reasons given."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.queries import Wanted
from plumbline.domain.cases.types import CaseFacts
from tests.faces.conftest import SignIn
from tests.world import World


def form(world: World, count: int = 1, **changed: object) -> dict[str, object]:
    chosen = world.nozzles()[:count]
    return {
        "site": str(chosen[0].site_id),
        "instruments": [str(each.id) for each in chosen],
        "place": "on_site",
        "wanted_on": "2026-12-01",
        "contact_name": "测试联系人",
        "contact_phone": "0577-00001",
        "remarks": "上午",
        "request_id": str(uuid4()),
        "seen": "0",
        "step": "check",
        **changed,
    }


def looked_over(owner: Client, posted: dict[str, object]) -> dict[str, str]:
    """Fill the form in and look it over; return what the button that submits then posts."""
    text = owner.post("/apply/", posted, follow=True).content.decode()
    return dict(re.findall(r'type="hidden" name="(request_id|seen)" value="([^"]*)"', text))


def submitted(owner: Client, posted: dict[str, object]) -> str:
    """Fill the form in, look it over and submit it; return where that leads."""
    return str(owner.post("/apply/check/", looked_over(owner, posted))["Location"])


def all_cases(world: World) -> tuple[CaseFacts, ...]:
    return world.do("owner", lambda actor: cases.listed(Wanted(owner_id=actor.organisation_id)))


@pytest.fixture
def owner(sign_in: SignIn) -> Client:
    return sign_in("owner")


def test_the_only_site_is_chosen_and_its_instruments_are_offered(owner: Client) -> None:
    text = owner.get("/apply/").content.decode()
    assert text.count('name="instruments"') == 4
    assert "10 个工作日内办完" in text


def test_what_is_filled_in_is_looked_over_before_anything_is_sent(world: World, owner: Client) -> None:
    answer = owner.post("/apply/", form(world, count=2))
    text = owner.get(answer["Location"]).content.decode()
    assert (answer.status_code, answer["Location"], all_cases(world)) == (302, "/apply/check/", ())
    said = ["2 台器具，送给测试院", "测试公司", "测试站", "N1", "N2", "现场检定", "2026-12-01", "测试联系人", "上午"]
    assert [each for each in said if each not in text] == []
    assert "10 个工作日内办完：今天提交，最迟 2026-12-04" in text
    assert re.search(r"费用</h2>.*?不明", text, re.DOTALL)


def test_going_back_from_it_keeps_everything(world: World, owner: Client) -> None:
    looked_over(owner, form(world, count=2))
    text = owner.get("/apply/").content.decode()
    assert ("测试联系人" in text, "2026-12-01" in text, "已选 2 台" in text) == (True, True, True)


def test_submitting_opens_a_case_and_leads_to_it(world: World, owner: Client) -> None:
    leads = submitted(owner, form(world, count=2))
    (case,) = all_cases(world)
    assert leads == f"/my/cases/{case.number}/"
    assert "已提交" in owner.get(leads).content.decode()


def test_a_double_click_opens_one_case(world: World, owner: Client) -> None:
    posted = looked_over(owner, form(world))
    answers = [owner.post("/apply/check/", posted)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(all_cases(world)) == 1


def test_a_page_sent_again_later_leads_to_its_case_and_leaves_the_next_draft(world: World, owner: Client) -> None:
    posted = looked_over(owner, form(world))
    leads = owner.post("/apply/check/", posted)["Location"]
    owner.post("/apply/draft/", form(world, remarks="下一份"))
    assert owner.post("/apply/check/", posted)["Location"] == leads
    assert "下一份" in owner.get("/apply/").content.decode()


def test_gone_back_to_after_it_was_sent_the_form_opens_another_case(world: World, owner: Client) -> None:
    filled = form(world)
    submitted(owner, filled)
    other = {**filled, "instruments": [str(world.nozzles()[3].id)]}
    submitted(owner, other)
    assert len(all_cases(world)) == 2


def test_a_draft_changed_in_another_window_is_shown_again_not_sent(world: World, owner: Client) -> None:
    filled = form(world)
    posted = looked_over(owner, filled)
    owner.post("/apply/draft/", {**filled, "remarks": "改到下午"})
    answer = owner.post("/apply/check/", posted, follow=True)
    text = answer.content.decode()
    assert ("申请在别处改过" in text, "改到下午" in text, all_cases(world)) == (True, True, ())


def test_without_a_draft_there_is_nothing_to_look_over(owner: Client) -> None:
    assert owner.get("/apply/check/")["Location"] == "/apply/"


def test_a_day_that_is_past_is_told_before_anything_is_sent(world: World, owner: Client) -> None:
    answer = owner.post("/apply/", form(world, wanted_on="2026-11-19"))
    assert answer.status_code == 422
    assert 'id="wanted_on-e"' in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("contact_phone", "abc"), ("contact_phone", "-1"), ("wanted_on", "9999-12-31")]
)
def test_what_no_application_can_mean_is_told_beside_its_field(
    world: World, owner: Client, field: str, value: str
) -> None:
    answer = owner.post("/apply/", {**form(world, place=""), field: value})
    text = answer.content.decode()
    assert (answer.status_code, f'id="{field}-e"' in text, 'id="place-e"' in text) == (422, True, True)


@pytest.mark.parametrize("phone", ["13800000000", "0577-12345678 转 801", "+86 (577) 8888 8888", "12345"])
def test_telephone_numbers_as_people_write_them_are_taken(world: World, owner: Client, phone: str) -> None:
    assert owner.post("/apply/", form(world, contact_phone=phone))["Location"] == "/apply/check/"


def test_missing_fields_are_told_together_and_what_was_typed_stays(world: World, owner: Client) -> None:
    answer = owner.post("/apply/", form(world, contact_phone="", place="", remarks="七号枪停用"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#contact_phone"' in text
    assert 'href="#place"' in text
    assert "七号枪停用" in text


def test_a_date_that_is_none_is_told_beside_its_field(world: World, owner: Client) -> None:
    answer = owner.post("/apply/", form(world, wanted_on="明天"))
    assert answer.status_code == 422
    assert 'id="wanted_on-e"' in answer.content.decode()


def test_without_an_instrument_it_is_said_at_the_choice(world: World, owner: Client) -> None:
    answer = owner.post("/apply/", form(world, instruments=[]))
    assert answer.status_code == 422
    assert 'href="#instruments"' in answer.content.decode()


def test_without_an_instrument_the_other_faults_are_told_in_the_same_answer(world: World, owner: Client) -> None:
    text = owner.post("/apply/", form(world, instruments=[], contact_phone="")).content.decode()
    assert ('href="#instruments"' in text, 'href="#contact_phone"' in text) == (True, True)


def test_an_instrument_in_an_open_case_is_barred_with_the_reason(world: World, owner: Client) -> None:
    world.apply()
    text = owner.get("/apply/").content.decode()
    assert text.count("disabled") >= 1
    assert "已在一项未办结的业务里" in text


def test_an_instrument_taken_in_the_meantime_is_refused_and_the_form_stays(world: World, owner: Client) -> None:
    posted = looked_over(owner, form(world))
    world.apply()
    answer = owner.post("/apply/check/", posted)
    assert answer.status_code == 409
    assert "测试联系人" in answer.content.decode()


def test_a_foreign_instrument_is_refused(world: World, sign_in: SignIn) -> None:
    answer = sign_in("stranger").post("/apply/", form(world))
    assert answer.status_code == 422
    assert all_cases(world) == ()


def test_the_draft_is_kept_and_found_again(world: World, owner: Client) -> None:
    assert owner.post("/apply/draft/", form(world, remarks="先记一笔")).json()["saved_at"] == "12:00:00"
    text = owner.get("/apply/").content.decode()
    assert "先记一笔" in text
    assert text.count("checked") >= 2


def test_after_submitting_the_draft_is_gone(world: World, owner: Client) -> None:
    submitted(owner, form(world, remarks="只这一次"))
    assert "只这一次" not in owner.get("/apply/").content.decode()


def test_all_free_instruments_are_chosen_by_one_button(world: World, owner: Client) -> None:
    world.apply()
    owner.post("/apply/", form(world, instruments=[], step="all"))
    assert "已选 3 台" in owner.get("/apply/").content.decode()


def test_a_link_from_the_list_chooses_what_should_be_verified(world: World, owner: Client) -> None:
    site = world.nozzles()[0].site_id
    assert "已选 4 台" in owner.get(f"/apply/?site={site}&want=due").content.decode()


def test_a_site_that_is_not_ours_in_the_link_chooses_nothing(owner: Client) -> None:
    assert owner.get(f"/apply/?site={uuid4()}&want=due").status_code == 200


def test_a_hidden_input_that_was_tampered_with_is_refused_in_words(world: World, owner: Client) -> None:
    answer = owner.post("/apply/check/", {**looked_over(owner, form(world)), "request_id": "none"})
    assert answer.status_code == 422
    assert "这一页已经失效" in answer.content.decode()
