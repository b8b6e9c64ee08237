"""The page of a case: its acts from the rulebook's forms, honest against double submit and against two people."""

from __future__ import annotations

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from plumbline.domain.cases import queries as cases
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn, act_of
from tests.world import World, readings


def test_an_act_is_done_and_said(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    client = sign_in("reception")
    answer = client.post(f"/cases/{case.number}/", act_of("accept", case.sequence, remarks="资料齐全"))
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.number}/")
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "已办“受理”" in page
    assert "资料齐全" in page


def test_an_act_sent_twice_is_done_once(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    client = sign_in("reception")
    form = act_of("accept", case.sequence)
    first, second = (client.post(f"/cases/{case.number}/", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    with scoped(EVERYTHING):
        assert [act.name for act in cases.story(case.id)] == ["submit", "accept"]


def test_an_act_from_an_old_page_is_refused_and_nothing_typed_is_lost(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    answer = sign_in("reception").post(f"/cases/{case.number}/", act_of("return", case.sequence, reason="缺少铭牌照片"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "您打开这一页以后" in page
    assert "缺少铭牌照片" in page


def test_a_return_without_a_reason_stays_on_the_page_with_the_field_marked(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    answer = sign_in("reception").post(f"/cases/{case.number}/", act_of("return", case.sequence, reason=" "))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#return-reason"' in page
    assert 'id="return-reason-e"' in page


def test_assigning_offers_the_people_of_each_role_with_their_qualification(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    page = sign_in("reception").get(f"/cases/{case.number}/").content.decode()
    assert "测试verifier · 资格至 2030-12-31" in page
    assert "测试verifier2 · 没有有效资格" in page


def test_assigning_somebody_without_qualification_keeps_the_choice_and_says_why(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    after = world.act("reception", case, "accept")
    people = {name: str(value) for name, value in world.people(verifier="verifier2").items()}
    answer = sign_in("reception").post(f"/cases/{case.number}/", act_of("assign", after.sequence, **people))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "没有有效的" in page
    assert f'value="{people["checker"]}" selected' in page


def test_a_tampered_request_key_is_refused(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    answer = sign_in("reception").post(f"/cases/{case.number}/", {"act": "accept", "seen": "1", "request_id": "x"})
    assert answer.status_code == 422


def test_the_state_sentence_counts_pass_and_fail(world: World, sign_in: SignIn) -> None:
    case = world.on_site(count=2)
    world.record(case, position=1)
    world.record(case, position=2, observations=readings(0.6))
    page = sign_in("checker").get(f"/cases/{case.number}/").content.decode()
    assert "待核验" in page
    assert "1 台合格" in page
    assert "1 台不合格" in page


def test_the_checker_sends_chosen_instruments_back(world: World, sign_in: SignIn) -> None:
    case = world.on_site(count=2)
    world.record(case, position=1)
    after = world.record(case, position=2)
    client = sign_in("checker")
    page = client.get(f"/cases/{case.number}/2/").content.decode()
    assert "send_back-reason" in page
    with scoped(EVERYTHING):
        chosen = str(laboratory.jobs_of(case.id)[1].id)
    answer = client.post(
        f"/cases/{case.number}/2/", act_of("send_back", after.sequence, reason="重读第 2 次", jobs=[chosen])
    )
    assert answer.status_code == 303
    assert world.case(case).state == "in_work"


def test_the_record_page_opens_every_step(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    world.record(case)
    page = sign_in("checker").get(f"/cases/{case.number}/1/").content.decode()
    assert "每一步算式" in page
    assert "record.json" in page
    assert "核验通过" in page


def test_drafts_are_hatched_and_have_no_number(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    world.record(case)
    client = sign_in("checker")
    page = client.get(f"/cases/{case.number}/1/draft/").content.decode()
    assert "草稿，不是证书" in page
    assert "TESTY-J-" not in page
    assert client.get(f"/cases/{case.number}/1/draft.pdf").content.startswith(b"%PDF")


def test_a_case_of_four_asks_no_more_than_a_case_of_one(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = world.on_site(count=4)
    client = sign_in("verifier")
    with django_assert_max_num_queries(60):
        assert client.get(f"/cases/{case.number}/").status_code == 200


@pytest.mark.parametrize("rest", ["", "1/observe/"], ids=["case", "entry"])
def test_what_was_sent_back_says_why_where_it_is_mended(world: World, sign_in: SignIn, rest: str) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "send_back", {"reason": "第二行读错"})
    page = sign_in("verifier").get(f"/cases/{case.number}/{rest}").content.decode()
    assert re.search(r"测试checker，退回检定员：\s*<span>第二行读错</span>", page)


def test_what_was_mended_is_no_longer_said_to_be_sent_back(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "send_back", {"reason": "第二行读错"})
    world.record(case)
    assert "，退回检定员：" not in sign_in("checker").get(f"/cases/{case.number}/").content.decode()
