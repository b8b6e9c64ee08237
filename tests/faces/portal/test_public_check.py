"""The public check: a page for each verdict, one answer for unknown and forbidden, no cookie, no script."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from plumbline.domain.cases.types import ActRequest
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import Revocation
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.procedures import verification
from plumbline.faces.commands.log import follow_up
from plumbline.faces.portal.check_answer import read_code
from tests.faces.portal.issued import issued
from tests.world import TODAY, World, moment, sequence

MOST_BYTES = 60_000


@pytest.fixture
def page(at_noon: None, client: Client) -> Client:
    """Return a stranger's browser on the day of the small world."""
    return client


def text_of(client: Client, code: str) -> str:
    return client.get(f"/c/{code}").content.decode()


def test_a_valid_certificate_says_until_when_and_what_to_compare(world: World, page: Client) -> None:
    document = issued(world)
    text = text_of(page, document.code)
    assert "有效" in text
    assert "1 号枪" in text
    assert "N1" in text
    assert "±0.30" in text
    assert "还没有独立见证" in text


def test_the_label_of_the_instrument_shows_its_newest_document(world: World, page: Client) -> None:
    document = issued(world)
    assert document.number in text_of(page, world.nozzles()[0].lookup_code)


def test_the_code_may_be_typed_small_with_hyphens(world: World, page: Client) -> None:
    document = issued(world)
    grouped = "-".join(re.findall(".{1,5}", document.code.lower()))
    assert page.get(f"/c/{grouped}").status_code == 200


def test_both_spellings_of_the_address_answer(world: World, page: Client) -> None:
    document = issued(world)
    assert page.get(f"/C/{document.code}").status_code == 200


def test_letters_that_are_mistaken_for_digits_are_read_as_digits() -> None:
    assert read_code("o1-iL ") == "0111"


def test_a_failed_instrument_says_so_and_what_to_do(world: World, page: Client) -> None:
    text = text_of(page, issued(world, error_percent=0.5).code)
    assert "不合格" in text
    assert "不要凭它结算" in text


def test_past_its_validity_a_certificate_is_due(world: World, page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document = issued(world)
    monkeypatch.setattr(timezone, "now", lambda: moment(TODAY + timedelta(days=400)))
    assert "已到期" in text_of(page, document.code)


def test_a_revoked_certificate_says_why(world: World, page: Client) -> None:
    document = issued(world)
    why = Revocation("issued_in_error", "贴错编号", uuid4())
    step = partial(certificates.revoke, certificate_id=document.id, revocation=why, at=moment())
    world.do("approver", step)
    text = text_of(page, document.code)
    assert "已撤销" in text
    assert "贴错编号" in text


def test_a_replaced_certificate_leads_to_the_one_in_its_place(world: World, page: Client) -> None:
    case = world.approved()
    document = world.issue(case)
    sequence()
    job_id = world.do("approver", lambda _: jobs.jobs_of(case.id)[0].id)
    asked = ActRequest("certificate.supersede", {"reason": "更正地址"}, seen=0, request_id=uuid4())
    replacing = partial(verification.supersede, job_id=job_id, request=asked, at=moment(hour=11))
    replacement = world.do("approver", replacing)
    sequence()
    follow_up()
    assert f"/c/{replacement.code}" in text_of(page, document.code)


def test_an_older_certificate_says_that_the_instrument_failed_since(world: World, page: Client) -> None:
    before = moment(TODAY - timedelta(days=30))
    case = world.approved(at=before)
    old = world.issue(case, at=before)
    sequence()
    world.act("reception", case, "deliver", {"way": "online"}, at=before)
    issued(world, error_percent=0.5)
    text = text_of(page, old.code)
    assert "这台器具后来又检过" in text
    assert "不合格" in text


def test_unknown_malformed_and_forbidden_codes_get_the_same_bytes(world: World, page: Client) -> None:
    unverified = world.nozzles()[3].lookup_code
    answers = [page.get(f"/c/{code}") for code in ("0" * 26, "X", "'; select", unverified)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_the_page_sets_no_cookie_and_runs_no_script(world: World, page: Client) -> None:
    answer = page.get(f"/c/{issued(world).code}")
    assert not answer.cookies
    assert b"<script" not in answer.content


def test_the_page_is_kept_for_seconds_only(world: World, page: Client) -> None:
    assert page.get(f"/c/{issued(world).code}")["Cache-Control"] == "public, max-age=30"


@pytest.mark.parametrize("asked", ["en", "zh"])
def test_page_and_styles_weigh_less_than_60_kb(world: World, page: Client, asked: str) -> None:
    answer = page.get(f"/c/{issued(world).code}?lang={asked}").content
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', answer.decode())
    sizes = [Path(str(finders.find(style))).stat().st_size for style in styles]
    assert len(styles) >= 3
    assert len(answer) + sum(sizes) < MOST_BYTES


def test_the_language_is_asked_for_in_the_address(world: World, page: Client) -> None:
    answer = page.get(f"/c/{issued(world).code}?lang=en")
    assert answer["Content-Language"] == "en"
    assert b'<html lang="en"' in answer.content


def test_the_holder_of_the_document_gets_its_bundle(world: World, page: Client) -> None:
    document = issued(world)
    answer = page.get(f"/c/{document.code}/bundle")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{document.number}.plumbline.json"')


def test_the_label_opens_no_bundle(world: World, page: Client) -> None:
    issued(world)
    assert page.get(f"/c/{world.nozzles()[0].lookup_code}/bundle").status_code == 404


def test_no_person_and_no_owner_is_named(world: World, page: Client) -> None:
    text = text_of(page, issued(world).code)
    assert "测试verifier" not in text
    assert "测试公司" not in text
