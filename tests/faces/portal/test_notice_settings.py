"""How notices come by mail: the form in portal and console, an address confirmed, a letter given up shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from plumbline.domain.notices import jobs
from plumbline.rulebook import notices as rulebook
from tests.faces.conftest import SignIn
from tests.smtp import Running
from tests.world import World, moment

PAGES = [("owner", "/my/notices/settings/"), ("verifier", "/notices/settings/")]
FORM = {"address": "a@example.org", "language": "en", **{f"wish-{kind}": "daily" for kind in rulebook.load().kinds}}


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_without_a_mail_server_the_page_says_so_and_keeps_the_settings(
    world: World, sign_in: SignIn, username: str, path: str
) -> None:
    client = sign_in(username)
    assert client.post(path, FORM).status_code == 303
    page = client.get(path).content.decode()
    assert ("本平台还没有设置发邮件" in page, 'value="a@example.org"' in page) == (True, True)


def test_the_lead_days_of_the_rulebook_are_shown_with_their_status(world: World, sign_in: SignIn) -> None:
    page = sign_in("verifier").get("/notices/settings/").content.decode()
    assert "假设，不是法规" in page.split('id="leads"')[1].split("</section>")[0]


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_an_address_that_is_none_stays_in_its_field_with_the_reason(
    world: World, sign_in: SignIn, username: str, path: str
) -> None:
    answer = sign_in(username).post(path, {**FORM, "address": "a at example"})
    page = answer.content.decode()
    assert (answer.status_code, 'value="a at example"' in page, "不是邮箱地址" in page) == (422, True, True)


def test_an_address_is_confirmed_by_a_button_behind_the_link(
    world: World, sign_in: SignIn, smtp: Running, settings: Settings
) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    client, stranger = sign_in("owner"), Client()
    client.post("/my/notices/settings/", FORM)
    jobs.send_due(moment(hour=13))
    (path,) = re.findall(r"(/my/notices/confirm/[^/\s]+/)", next(smtp.box.taken[0].iter_parts()).get_content())
    assert "a@example.org" in stranger.get(path).content.decode()
    assert "还没有确认" in client.get("/my/notices/settings/").content.decode()
    stranger.post(path)
    assert "通知也发到 a@example.org" in client.get("/my/notices/settings/").content.decode()


def test_staff_who_follow_the_link_of_a_mail_come_to_theirs(world: World, sign_in: SignIn) -> None:
    assert sign_in("verifier").get("/my/notices/settings/").headers["Location"] == "/notices/settings/"


def test_a_letter_given_up_is_shown_to_its_reader(
    world: World, sign_in: SignIn, smtp: Running, settings: Settings
) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    smtp.box.answers["a@example.org"] = "550 no such reader"
    client = sign_in("owner")
    client.post("/my/notices/settings/", FORM)
    jobs.send_due(moment(hour=13))
    letters = client.get("/my/notices/settings/").content.decode().split('id="letters"')[1]
    assert ("发不出去，已放弃" in letters, "550 no such reader" in letters) == (True, True)


def test_a_link_that_confirms_nothing_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/my/notices/confirm/rubbish/")
    assert (answer.status_code, "再保存一次地址" in answer.content.decode()) == (422, True)
