"""My cases, instruments and certificates: what they show, what can be done, and how many queries they cost."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from plumbline.evidence.canonical import parse_strict
from tests.faces.conftest import SignIn, act_of
from tests.faces.portal.issued import issued
from tests.world import World, readings

MOST_QUERIES = 24


@pytest.fixture
def owner(sign_in: SignIn) -> Client:
    return sign_in("owner")


def test_the_first_page_says_what_waits_for_the_owner(world: World, owner: Client) -> None:
    case = world.apply()
    world.act("reception", case, "return", {"reason": "缺照片"})
    text = owner.get("/").content.decode()
    assert "1 件在办，1 件等您" in text
    assert "去补正" in text


def test_the_first_page_books_what_was_never_verified(owner: Client) -> None:
    text = owner.get("/").content.decode()
    assert "4 台没有检定记录" in text
    assert "为这 4 台申请检定" in text


def test_an_instrument_is_found_by_its_place(world: World, owner: Client) -> None:
    text = owner.get("/", {"q": "2 号枪"}).content.decode()
    assert world.nozzles()[1].identity in text
    assert world.nozzles()[0].identity not in text


def test_a_stranger_finds_no_instrument(world: World, client: Client) -> None:
    assert world.nozzles()[1].identity not in client.get("/", {"q": "2 号枪"}).content.decode()


def test_a_look_up_code_in_the_search_leads_to_its_answer(world: World, owner: Client) -> None:
    code = issued(world).code
    assert owner.get("/", {"q": code})["Location"] == f"/c/{code}"


def test_a_returned_case_shows_the_reason_and_can_be_submitted_again(world: World, owner: Client) -> None:
    case = world.apply()
    returned = world.act("reception", case, "return", {"reason": "缺照片"})
    page = owner.get(f"/my/cases/{case.number}/").content.decode()
    said = ["缺照片", "1 号枪", "4 号枪", 'name="contact_phone"']
    assert [each for each in said if each not in page] == []
    form = {**case.details, "instruments": [str(each.id) for each in world.nozzles()[:2]], "remarks": "已补"}
    owner.post(f"/my/cases/{case.number}/", act_of("resubmit", returned.sequence, **form))
    found = world.case(case)
    assert (found.state, found.details["remarks"]) == ("submitted", "已补")


def test_each_form_of_a_case_has_a_key_of_its_own(world: World, owner: Client) -> None:
    case = world.apply()
    world.act("reception", case, "return", {"reason": "缺照片"})
    text = owner.get(f"/my/cases/{case.number}/").content.decode()
    keys = re.findall(r'name="request_id" value="([^"]+)"', text)
    assert (len(keys), len(set(keys))) == (2, 2)


def test_a_case_can_be_withdrawn_once(world: World, owner: Client) -> None:
    case = world.apply()
    posted = act_of("withdraw", case.sequence, remarks="改期")
    answers = [owner.post(f"/my/cases/{case.number}/", posted).status_code for _ in range(2)]
    assert (answers, world.case(case).state) == ([302, 302], "withdrawn")


def test_what_somebody_else_did_meanwhile_is_said_and_the_words_stay(world: World, owner: Client) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    answer = owner.post(f"/my/cases/{case.number}/", act_of("withdraw", case.sequence, remarks="改期"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "已经" in text
    assert "改期" in text


def test_an_act_of_the_institute_is_not_the_owners(world: World, owner: Client) -> None:
    case = world.apply()
    assert owner.post(f"/my/cases/{case.number}/", act_of("accept", case.sequence)).status_code == 403


def test_a_result_is_not_told_before_its_document(world: World, owner: Client) -> None:
    case = world.on_site()
    world.record(case, observations=readings(0.5))
    text = owner.get(f"/my/cases/{case.number}/").content.decode()
    assert "不合格" not in text


def test_the_documents_of_a_case_can_be_downloaded(world: World, owner: Client) -> None:
    document = issued(world)
    text = owner.get("/my/cases/2026-000001/").content.decode()
    assert f"/my/certificates/{document.number}/certificate.pdf" in text


@pytest.mark.parametrize(
    ("name", "media", "start"),
    [
        ("certificate.pdf", "application/pdf", b"%PDF-"),
        ("dcc.xml", "application/xml", b"<?xml"),
        ("record.json", "application/json", b"{"),
        ("bundle.json", "application/json", b"{"),
    ],
)
def test_files_come_with_their_type_and_a_name(
    world: World, owner: Client, name: str, media: str, start: bytes
) -> None:
    document = issued(world)
    answer = owner.get(f"/my/certificates/{document.number}/{name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, media)
    kind = "inline" if name == "certificate.pdf" else "attachment"
    assert answer["Content-Disposition"].startswith(f'{kind}; filename="{document.number}.')
    assert answer["Cache-Control"] == "private, no-store"
    assert BytesIO(answer.content).read(len(start)) == start


def test_the_bundle_holds_the_files_and_the_proof(world: World, owner: Client) -> None:
    document = issued(world)
    bundle = parse_strict(owner.get(f"/my/certificates/{document.number}/bundle.json").content, 20_000_000)
    assert isinstance(bundle, dict)
    assert {"files", "statement", "proof", "keys"} <= set(bundle)


def test_a_certificate_says_where_it_was_made(world: World, owner: Client) -> None:
    text = owner.get(f"/my/certificates/{issued(world).number}/").content.decode()
    assert "测试站 1 号枪" in text


def test_before_it_is_logged_a_bundle_is_refused_in_words(world: World, owner: Client) -> None:
    document = world.issue(world.approved())
    answer = owner.get(f"/my/certificates/{document.number}/bundle.json")
    assert answer.status_code == 409
    assert "公开日志" in answer.content.decode()


def test_the_label_carries_the_code_of_the_instrument_in_capitals(world: World, owner: Client) -> None:
    nozzle = world.nozzles()[0]
    text = owner.get(f"/my/instruments/{nozzle.identity}/label/").content.decode()
    assert nozzle.identity in text
    assert 'class="qr"' in text


def test_a_wrong_identity_is_told_in_words(owner: Client) -> None:
    assert owner.get("/my/instruments/PL-0000/").status_code == 422


def test_a_page_key_that_was_tampered_with_is_refused(owner: Client) -> None:
    assert owner.get("/my/cases/", {"page": "x~y~z"}).status_code == 422
    assert owner.get("/my/certificates/", {"page": "~"}).status_code == 422


@pytest.mark.parametrize("path", ["/", "/my/cases/", "/my/instruments/", "/my/certificates/", "/apply/"])
def test_a_list_costs_as_many_queries_for_four_as_for_one(
    world: World, owner: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world.approved(errors=(0.1, 0.2, 0.5))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert owner.get(path).status_code == 200


def test_a_case_of_four_costs_a_bounded_number_of_queries(
    world: World, owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    case = world.approved(errors=(0.1, 0.2, 0.5))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert owner.get(f"/my/cases/{case.number}/").status_code == 200
