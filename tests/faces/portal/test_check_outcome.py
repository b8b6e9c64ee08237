"""An outcome document before strangers and its parties: `/c/<code>`, its files, the upload check, its case."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.certificates import actions, queries
from plumbline.domain.certificates.types import OutcomeChange, OutcomeFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.certificates.issuing import all_logged
from tests.domain.procedures.examination import passed
from tests.faces.conftest import SignIn
from tests.world import TODAY, World, moment, sequence


@pytest.fixture
def document(world: World) -> OutcomeFacts:
    """Return the certificate of a standard that passed; it is in the log."""
    case = passed(world)
    sequence()
    with scoped(EVERYTHING):
        return queries.outcomes_of_case(case.id, on=TODAY)[0]


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_stranger_reads_what_was_granted_to_whom_by_whom(document: OutcomeFacts, client: Client) -> None:
    text = page(client, f"/c/{document.code}")
    told = ("有效", "计量标准考核证书", "测试院", "测试局", document.number, "2031-11-19", "压力标准装置", "五年凭记忆")
    assert [each for each in told if each not in text] == []
    assert "测试甲" not in text


def test_the_page_is_whole_in_english(document: OutcomeFacts, client: Client) -> None:
    text = page(client, f"/c/{document.code}?lang=en")
    told = ("Certificate of examination of a measurement standard", "Granted by", "Test 2", "Five years from memory")
    assert [each for each in told if each not in text] == []


def test_who_holds_the_code_has_the_files_and_the_bundle_proves_itself(document: OutcomeFacts, client: Client) -> None:
    pdf = client.get(f"/c/{document.code}/document.pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    bundle = client.get(f"/c/{document.code}/bundle").content
    told = client.post("/check/", {"bundle": SimpleUploadedFile("x.json", bundle)}).content.decode()
    assert [each for each in ("文件真实", document.number, "现在的状态", "测试院") if each not in told] == []


def test_a_revocation_shows_with_its_act_and_in_an_older_bundle(
    document: OutcomeFacts, client: Client, world: World
) -> None:
    bundle = client.get(f"/c/{document.code}/bundle").content
    wanted = OutcomeChange(document.case_id, document.name, "revoked", "fail")
    world.do("official", lambda actor: actions.change_outcome(actor, wanted, at=moment()))
    all_logged()
    text = page(client, f"/c/{document.code}")
    assert ("已撤销" in text, "撤销：考核不合格" in text) == (True, True)
    assert "已撤销" in client.post("/check/", {"bundle": SimpleUploadedFile("x.json", bundle)}).content.decode()


def test_both_parties_find_it_on_the_page_of_the_case(document: OutcomeFacts, sign_in: SignIn) -> None:
    number = str(document.facts["case"])
    for username, address in (("official", "/cases/"), ("quality", "/my/cases/")):
        client = sign_in(username)
        text = client.get(f"{address}{number}/", follow=True).content.decode()
        assert f"/my/documents/{document.number}/document.pdf" in text
        assert client.get(f"/my/documents/{document.number}/bundle.json").status_code == 200


def test_a_foreign_house_gets_the_answer_of_what_is_not_there(document: OutcomeFacts, sign_in: SignIn) -> None:
    client = sign_in("stranger")
    wanted = (document.number, "document.pdf"), ("TESTY-BK-2026-999999-0", "document.pdf"), (document.number, "x")
    assert [client.get(f"/my/documents/{number}/{name}").status_code for number, name in wanted] == [404, 404, 404]


@pytest.mark.parametrize("tail", ["", "/bundle", "/document.pdf"])
def test_an_unknown_code_is_answered_as_one_that_may_not_be_shown(db: None, client: Client, tail: str) -> None:
    answer = client.get(f"/c/{'Z' * 26}{tail}")
    assert (answer.status_code, "查不到" in answer.content.decode()) == (404, True)
