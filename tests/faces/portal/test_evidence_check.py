"""`/check/`: a code leads to its answer, a bundle is checked step by step, a changed byte is refused, caps are said."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.evidence.offline import check_bundle
from tests.domain.certificates.issuing import all_logged, bundle_of
from tests.domain.certificates.issuing import issued as certificates_issued
from tests.faces.conftest import SignIn
from tests.faces.portal.issued import issued
from tests.world import World, moment


@pytest.fixture
def bundle(world: World, sign_in: SignIn) -> bytes:
    document = issued(world)
    return bytes(sign_in("owner").get(f"/my/certificates/{document.number}/bundle.json").content)


def report(client: Client, data: bytes) -> str:
    return client.post("/check/", {"bundle": SimpleUploadedFile("x.plumbline.json", data)}).content.decode()


def test_a_genuine_bundle_holds_and_is_not_yet_witnessed(bundle: bytes, client: Client) -> None:
    text = report(client, bundle)
    assert "文件真实，内容未被改动" in text
    assert "尚无独立见证时间" in text
    assert "这个编号在本平台现在的状态" in text
    assert ("没有要求见证" in text, "as of" in text) == (True, False)


def test_one_changed_byte_is_refused(bundle: bytes, client: Client) -> None:
    changed = json.loads(bundle)
    changed["files"]["record.json"] = "e30="
    text = report(client, json.dumps(changed).encode())
    assert "不要采信" in text
    assert "没有查到这一步" in text
    assert "这个编号在本平台现在的状态" not in text


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00\xff", b"[" * 10_000, b'{"v":1}'])
def test_no_bytes_break_the_check(db: None, client: Client, data: bytes) -> None:
    answer = client.post("/check/", {"bundle": SimpleUploadedFile("x.json", data or b" ")})
    assert answer.status_code == 200


def test_a_file_that_is_too_large_is_refused_with_its_size(db: None, client: Client) -> None:
    answer = client.post("/check/", {"bundle": SimpleUploadedFile("x.json", b" " * 5_000_001)})
    assert answer.status_code == 422
    assert "5000001" in answer.content.decode()


class Unread:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def test_a_request_that_is_too_large_is_refused_before_it_is_read(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).request(**{
        "REQUEST_METHOD": "POST", "PATH_INFO": "/check/", "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": "2000000000", "wsgi.input": Unread(),
    })  # fmt: skip
    assert answer.status_code == 422
    assert "2000000000" in answer.content.decode()


def test_a_bundle_without_a_status_list_says_that_revocation_is_unknown(bundle: bytes, client: Client) -> None:
    assert "不知道后来有没有撤销" in report(client, bundle)


def test_a_bundle_with_a_status_list_says_as_of_when(world: World, client: Client) -> None:
    document = certificates_issued(world)
    all_logged()
    text = report(client, bundle_of(document))
    assert "没有撤销，也没有更换" in text
    assert "截至 20" in text


def test_no_file_is_told_beside_the_field(db: None, client: Client) -> None:
    answer = client.post("/check/", {})
    assert answer.status_code == 422
    assert 'href="#bundle"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["9dsac-p8hdj-swxff-3vy6n-hn6ah-r", "https://x.invalid/C/9DSACP8HDJSWXFF3VY6NHN6AHR"])
def test_a_code_however_typed_leads_to_its_answer(db: None, client: Client, typed: str) -> None:
    assert client.get("/check/", {"code": typed})["Location"] == "/c/9DSACP8HDJSWXFF3VY6NHN6AHR"


@pytest.mark.parametrize("typed", ["PL-4K7M-2X9Q-8H-T", "abc", "../../etc/passwd"])
def test_what_can_be_no_code_is_told_beside_the_field(db: None, client: Client, typed: str) -> None:
    answer = client.get("/check/", {"code": typed})
    assert answer.status_code == 422
    assert 'id="code-e"' in answer.content.decode()


def test_what_strangers_download_proves_the_bundle_without_us(bundle: bytes, client: Client) -> None:
    trust = client.get("/trust/trust.json").content
    verdict = check_bundle(bundle, trust, at=moment())
    assert (verdict["code"], verdict["anchored"]) == ("OK", True)


def test_the_verifier_is_handed_out_as_it_is(db: None, client: Client) -> None:
    source = client.get("/trust/verifier.py").content
    assert b"def check_bundle" in source
    assert b"import plumbline" not in source


def test_the_log_page_shows_the_newest_entries_first(world: World, client: Client) -> None:
    text = client.get("/log/").content.decode()
    assert "只增不改" in text
    assert "登记计量标准证书" in text


@pytest.mark.parametrize("before", ["1", "0", "-1", "x", "99999999999999999999", "²"])
def test_any_page_of_the_log_opens(world: World, client: Client, before: str) -> None:
    assert client.get("/log/", {"before": before}).status_code == 200
