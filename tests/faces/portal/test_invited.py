"""An invitation from the administrator's form to the first page of whoever accepts it; a first password is changed."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.notices.jobs import send_due
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.credentials.people import acts_on, administrator, offer
from tests.faces.conftest import SignIn
from tests.smtp import Running
from tests.world import PASSWORD, World, moment, uscc

STRONG = "seven blue measures"
pytestmark = pytest.mark.usefixtures("at_noon")


def invite(world: World, client: Client, **mail: str) -> Any:  # Any: the test client's response
    """Invite somebody new in the console."""
    typed = {
        "organisation": uscc(2), "person": str(offer(world).person_id), "username": "newcomer", "role": "checker",
        "region_code": "", "valid_from": "2026-01-01", "valid_to": "", "request_id": str(uuid4()), **mail,
    }  # fmt: skip
    return client.post("/register/invite/", typed)


def link(world: World, sign_in: SignIn) -> str:
    """Invite somebody new in the console; returns the path of the link it shows once."""
    administrator(world)
    page = invite(world, sign_in("admin")).content.decode()
    found = re.search(r'id="secret">[^<]*(/invitation/[^<]+)<', page)
    assert found is not None, page
    return found[1]


def test_who_is_invited_takes_a_password_and_begins_to_work(world: World, sign_in: SignIn) -> None:
    path, client = link(world, sign_in), Client()
    assert "newcomer" in client.get(path).content.decode()
    answer = client.post(path, {"password": STRONG, "again": STRONG})
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert client.get("/work/").status_code == 200
    assert client.get(path).status_code == 404


def test_looking_at_the_link_uses_nothing_up(world: World, sign_in: SignIn) -> None:
    path = link(world, sign_in)
    assert [Client().get(path).status_code, Client().head(path).status_code, Client().get(path).status_code] == [
        200
    ] * 3


def test_a_mailed_link_is_shown_to_nobody_and_its_letter_is_followed(
    world: World, sign_in: SignIn, smtp: Running, settings: Settings
) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    administrator(world)
    client = sign_in("admin")
    led = invite(world, client, address="newcomer@example.org", language="en")
    page = client.get(led["Location"]).content.decode()
    assert [each in page for each in ("newcomer@example.org", "等着发", 'id="secret"')] == [True, True, False]
    send_due(moment(hour=13))
    pages = [client.get(path).content.decode() for path in (led["Location"], "/lists/invitations/")]
    assert ["已发出" in each for each in pages] == [True, True]
    assert sign_in("approver").get(led["Location"]).status_code == 403


def test_without_mail_set_up_the_field_says_so(world: World, sign_in: SignIn) -> None:
    administrator(world)
    page = sign_in("admin").get(f"/register/invite/?organisation={uscc(2)}").content.decode()
    assert "本平台没有设置发邮件" in page


@pytest.mark.parametrize(
    ("password", "again", "said"), [(STRONG, "other", "两次输入"), ("short", "short", "口令太弱"), ("", "", "口令太弱")]
)
def test_what_will_not_do_is_said_beside_the_field(
    world: World, sign_in: SignIn, password: str, again: str, said: str
) -> None:
    answer = Client().post(link(world, sign_in), {"password": password, "again": again})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_a_provider_that_said_nothing_opens_no_account(world: World, sign_in: SignIn) -> None:
    answer = Client().post(link(world, sign_in), {"act": "provider"})
    assert (answer.status_code, "过时" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("path", ["/invitation/x/", f"/invitation/{'0' * 26}/", f"/invitation/{'a' * 400}/"])
def test_a_made_up_link_is_answered_as_not_there(world: World, path: str) -> None:
    client = Client()
    assert [client.get(path).status_code, client.post(path, {"password": STRONG, "again": STRONG}).status_code] == [
        404
    ] * 2


def test_an_invitation_is_withdrawn_in_the_console(world: World, sign_in: SignIn) -> None:
    path, client = link(world, sign_in), sign_in("admin")
    chosen = re.search(
        r'<option value="([0-9a-f-]{36})"', client.get("/register/withdraw-invitation/").content.decode()
    )
    assert chosen is not None
    client.post("/register/withdraw-invitation/", {"invitation": chosen[1], "request_id": str(uuid4())})
    assert Client().get(path).status_code == 404


def test_a_first_password_is_changed_before_anything_else(world: World, sign_in: SignIn) -> None:
    with scoped(EVERYTHING):
        accounts.renew_password(administrator(world), world.actor("approver").user_id, password=STRONG)
    client = Client()
    client.post("/login/", {"username": "approver", "password": STRONG})
    led = [client.get(path)["Location"] for path in ("/work/", "/", "/my/sign-in/", "/cases/")]
    assert led == ["/password/"] * 4
    assert "先换成您自己的口令" in client.get("/password/").content.decode()
    changed = client.post("/password/", {"old": STRONG, "password": PASSWORD + "!", "again": PASSWORD + "!"})
    assert (changed["Location"], client.get("/work/").status_code) == ("/work/", 200)
    assert acts_on(world.actor("approver").user_id) == ["password.change"]


def test_who_must_change_a_password_may_sign_out_and_change_the_language(world: World) -> None:
    with scoped(EVERYTHING):
        accounts.renew_password(administrator(world), world.actor("approver").user_id, password=STRONG)
    client = Client()
    client.post("/login/", {"username": "approver", "password": STRONG})
    client.post("/i18n/setlang/", {"language": "en", "next": "/password/"})
    assert "password of your own" in client.get("/password/").content.decode()
    assert client.post("/logout/")["Location"] == "/"


def test_an_account_is_stopped_and_resumed_in_the_console(world: World, sign_in: SignIn) -> None:
    administrator(world)
    client, working = sign_in("admin"), sign_in("checker")
    form = {"username": "checker", "reason": "调离", "request_id": str(uuid4())}
    client.post("/register/stop-account/", form)
    page = client.get("/accounts/checker/").content.decode()
    assert ("已停用" in page, "调离" in page, working.get("/work/").status_code) == (True, True, 302)
    client.post("/register/resume-account/", {**form, "request_id": str(uuid4())})
    assert "停用账号" in client.get("/accounts/checker/").content.decode()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"username": "admin", "reason": "调离"}, (409, "自己的账号")),
        ({"username": "checker", "reason": ""}, (422, "没有填写")),
    ],
)
def test_what_may_not_be_stopped_is_said(
    world: World, sign_in: SignIn, form: dict[str, str], told: tuple[int, str]
) -> None:
    administrator(world)
    answer = sign_in("admin").post("/register/stop-account/", {**form, "request_id": str(uuid4())})
    assert (answer.status_code, told[1] in answer.content.decode()) == (told[0], True)
