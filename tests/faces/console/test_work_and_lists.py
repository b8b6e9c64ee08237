"""My work by role, and the lists: what waits, in which order, and how much they ask of the database."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from plumbline.faces.console import work
from tests.faces.conftest import SignIn
from tests.world import World, moment


def test_what_waits_for_a_role_stands_in_its_work(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    page = sign_in("reception").get("/work/").content.decode()
    assert "1 件等我办" in page
    assert case.number in page
    assert "受理" in page


def test_more_than_is_shown_is_counted_and_said(world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = world.apply(), world.apply(first=1)
    monkeypatch.setattr(work, "SHOWN", 1)
    page = sign_in("reception").get("/work/").content.decode()
    assert "2 件等我办" in page
    assert "只列时限最近的" in page
    assert [each.number in page for each in (first, second)] == [True, False]


def test_what_waits_for_another_does_not(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    page = sign_in("checker").get("/work/").content.decode()
    assert "没有事等您办" in page
    assert case.number not in page


def test_a_verifier_not_assigned_has_nothing_to_do(world: World, sign_in: SignIn) -> None:
    world.on_site()
    assert "没有事等您办" in sign_in("verifier2").get("/work/").content.decode()


def test_a_case_past_its_limit_is_counted_as_late(world: World, sign_in: SignIn) -> None:
    world.on_site(at=moment(moment().date().replace(month=10, day=8)))
    page = sign_in("verifier").get("/work/").content.decode()
    assert "1 件逾期" in page
    assert 'id="over"' in page


def test_a_reader_begins_with_all_that_is_open(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    page = sign_in("auditor").get("/work/").content.decode()
    assert "1 件在办" in page
    assert case.number in page


def test_the_list_of_cases_is_narrowed_by_state_and_text(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    client = sign_in("reception")
    assert case.number in client.get("/cases/?state=submitted").content.decode()
    assert case.number not in client.get("/cases/?state=delivered").content.decode()
    assert case.number in client.get(f"/cases/?q={case.number}").content.decode()


def test_the_list_opens_with_what_is_late_and_leaves_out_what_has_ended(world: World, sign_in: SignIn) -> None:
    ended = world.apply()
    world.act("owner", ended, "withdraw")
    fresh = world.apply(first=1)
    late = world.on_site(first=2, at=moment(moment().date().replace(month=10, day=8)))
    client = sign_in("reception")
    page = client.get("/cases/").content.decode()
    assert 0 < page.index(late.number) < page.index(fresh.number)
    assert ended.number not in page
    assert ended.number in client.get("/cases/?phase=all").content.decode()


def test_a_search_without_success_offers_all_cases(world: World, sign_in: SignIn) -> None:
    ended = world.apply()
    world.act("owner", ended, "withdraw")
    page = sign_in("reception").get(f"/cases/?q={ended.number}&phase=open").content.decode()
    assert f'href="/cases/?q={ended.number}&amp;phase=all"' in page
    assert ended.number in sign_in("reception").get(f"/cases/?q={ended.number}").content.decode()


@pytest.mark.parametrize(
    "address",
    ["/cases/?page=rubbish", "/instruments/?page=rubbish", "/certificates/?page=~x", "/cases/?password=1",
     "/instruments/?sort=maker", "/cases/?due_on.from=soon", "/lists/people/?name.from=1", "/cases/?cols=nothing"],
)  # fmt: skip
def test_what_a_list_cannot_be_asked_is_said_and_no_row_is_shown(world: World, sign_in: SignIn, address: str) -> None:
    case = world.apply()
    answer = sign_in("reception").get(address)
    assert answer.status_code == 422
    assert 'class="esum"' in answer.content.decode()
    assert case.number not in answer.content.decode()


@pytest.mark.parametrize("address", ["/work/", "/cases/", "/instruments/", "/certificates/"])
def test_a_list_asks_the_same_few_questions_for_any_length(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    world.apply(count=4)
    client = sign_in("reception")
    with django_assert_max_num_queries(22):
        assert client.get(address).status_code == 200


def test_an_instrument_is_found_by_its_code_however_typed(world: World, sign_in: SignIn) -> None:
    nozzle = world.nozzles()[0]
    answer = sign_in("reception").get("/search/", {"q": nozzle.identity.replace("-", " ").lower()})
    assert answer["Location"] == f"/instruments/{nozzle.identity}/"


def test_a_case_is_found_by_its_number(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    assert sign_in("reception").get("/search/", {"q": case.number})["Location"] == f"/cases/{case.number}/"


def test_the_auditor_reads_acts_as_sentences(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    page = sign_in("auditor").get("/audit/?kind=case").content.decode()
    assert "提交申请" in page
    assert f"业务 {case.number}" in page


def test_a_rule_edition_shows_every_value_with_its_status(sign_in: SignIn) -> None:
    page = sign_in("checker").get("/rules/JJG443-2023/").content.decode()
    assert "本规则数据尚未由人核对原文" in page
    assert "已见于所列来源" in page
    assert "不明" in page
    assert "两个流量点的具体流量范围" in page


def test_an_unknown_rule_edition_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("checker").get("/rules/JJG1-1900/").status_code == 404


def test_standards_say_how_long_they_are_good_for(sign_in: SignIn) -> None:
    page = sign_in("verifier").get("/standards/").content.decode()
    assert "V20-1" in page
    assert "剩 5 天" in page
