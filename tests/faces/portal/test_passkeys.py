"""Passkeys in a real browser, with a virtual authenticator of its own; the new pages by axe and at 320 px."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from plumbline.domain.credentials import actions
from plumbline.domain.credentials.models import Passkey
from plumbline.domain.credentials.models import SignIn as Row
from tests.domain.credentials.people import acts_on, administrator, app_of, offer
from tests.faces.conftest import SignIn
from tests.faces.portal.issued import issued
from tests.faces.portal.test_browser import OVERFLOW, faults
from tests.world import PASSWORD, World, moment, sequence

NOON = moment(hour=12)
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
browser = pytest.mark.browser
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def address(world: World, live_server: LiveServer) -> str:
    """Return where the platform runs, by its name: no passkey is made for a number."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def device(page: Page, without_large_fonts: None) -> CDPSession:
    """Give the browser an authenticator that answers at once, as its holder would with a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session


def by_password(page: Page, address: str, username: str = "approver") -> None:
    page.goto(f"{address}/login/")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("main form:not([data-passkey]) button[type=submit]")
    page.wait_for_load_state()


@pytest.fixture
def enrolled(page: Page, device: CDPSession, address: str) -> Page:
    """Let the approver add a passkey at the page, then sign out."""
    by_password(page, address)
    page.goto(f"{address}/my/sign-in/")
    page.fill("#passkey-name", "办公电脑")
    page.click("form[data-passkey=create] button")
    expect(page.locator("#codes li")).to_have_count(10)
    page.locator("header button", has_text="退出").click()
    page.wait_for_load_state()
    return page


@browser
def test_a_passkey_signs_in_without_name_and_password(world: World, enrolled: Page, address: str) -> None:
    enrolled.goto(f"{address}/login/?next=/cases/")
    enrolled.click("form[data-passkey=get] button")
    enrolled.wait_for_url("**/cases/")
    assert acts_on(world.actor("approver").user_id) == ["method.add"]
    assert Row.objects.latest("begun_at").confirmed_by == "passkey"


@browser
def test_a_passkey_is_the_second_step_after_a_password(world: World, enrolled: Page, address: str) -> None:
    by_password(enrolled, address)
    expect(enrolled.locator("h1")).to_have_text("再确认一步，就登录好了")
    enrolled.click("form[data-passkey=get] button")
    enrolled.wait_for_url("**/work/")


@browser
def test_a_passkey_confirms_a_revocation_and_what_was_typed_is_sent_again(
    world: World, enrolled: Page, address: str
) -> None:
    document = issued(world)
    sequence()
    enrolled.goto(f"{address}/login/")
    enrolled.click("form[data-passkey=get] button")
    enrolled.wait_for_url("**/work/")
    Row.objects.update(confirmed_at=NOON - timedelta(hours=1))
    enrolled.goto(f"{address}/certificates/{document.number}/")
    enrolled.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    enrolled.select_option("#revoke-reason_code", "record_wrong")
    enrolled.fill("#revoke-reason", "原始记录抄错")
    enrolled.click("button.dan")
    expect(enrolled.locator("h1")).to_have_text("先确认是您本人")
    enrolled.click("form[data-passkey=get] button")
    enrolled.locator("button", has_text="再提交一次").click()
    enrolled.wait_for_url(f"**/certificates/{document.number}/")
    assert "certificate.revoked" in acts_on(document.id)


@browser
def test_a_removed_passkey_opens_nothing(world: World, enrolled: Page, address: str) -> None:
    Passkey.objects.all().delete()
    enrolled.goto(f"{address}/login/")
    enrolled.click("form[data-passkey=get] button")
    expect(enrolled.locator("#esum")).to_contain_text("没有登记")


@browser
def test_a_passkey_that_is_refused_by_its_holder_says_so_in_the_page(
    page: Page, device: CDPSession, address: str
) -> None:
    page.goto(f"{address}/login/")
    page.click("form[data-passkey=get] button")
    expect(page.locator("[data-said]")).to_contain_text("没有用成通行密钥", timeout=90_000)


@browser
def test_what_signing_in_asks_between_its_pages_is_accessible_at_320_px(
    world: World, page: Page, address: str, axe_source: str
) -> None:
    administrator(world)
    code, _made = world.do("admin", partial(actions.invite, offer=offer(world), at=NOON))
    page.set_viewport_size({"width": 320, "height": 700})
    found = {}
    page.goto(f"{address}/invitation/{code}/")
    found["invitation"] = (page.evaluate(OVERFLOW), faults(page, axe_source))
    by_password(page, address)
    world.do("approver", lambda actor: app_of(actor, at=NOON))
    Row.objects.update(confirmed_by="totp")
    page.goto(f"{address}/confirm/")
    found["confirm"] = (page.evaluate(OVERFLOW), faults(page, axe_source))
    page.goto(f"{address}/my/sessions/")
    page.locator("table button").first.click()
    by_password(page, address)
    found["second"] = (page.evaluate(OVERFLOW), faults(page, axe_source))
    assert {name: each for name, each in found.items() if each != (0, [])} == {}


# ---- what no authenticator would send ------------------------------------------------------------------------------


MADE_UP: Mapping[str, str] = {
    "nothing": "",
    "no JSON": "x",
    "no object": "[]",
    "an object without anything": "{}",
    "a deep one": "[" * 15_000,
    "too long": "x" * 100_000,
    "wrong types": json.dumps({"id": 1, "rawId": None, "type": "public-key", "response": []}),
    "no base64": json.dumps({
        "id": "é", "rawId": "é", "type": "public-key",
        "response": {"clientDataJSON": "é", "authenticatorData": "a", "signature": "=", "attestationObject": "a"},
    }),
    "empty bytes": json.dumps({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key",
        "response": {"clientDataJSON": "", "authenticatorData": "", "signature": "", "attestationObject": ""},
    }),
    "no CBOR": json.dumps({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key",
        "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "attestationObject": "_w"},
    }),
}  # fmt: skip


@pytest.mark.parametrize("answer", list(MADE_UP.values()), ids=list(MADE_UP))
def test_a_made_up_answer_is_refused_with_a_sentence(world: World, sign_in: SignIn, answer: str) -> None:
    stranger, owner = Client(headers={"host": "localhost"}), sign_in("owner")
    owner.defaults["HTTP_HOST"] = "localhost"
    asked = stranger.post("/login/passkey/question/"), owner.post("/my/sign-in/passkey/question/")
    told = (
        stranger.post("/login/passkey/", {"credential": answer}),
        owner.post("/my/sign-in/", {"act": "passkey", "name": "x", "credential": answer}),
    )
    assert ([each.status_code for each in asked], [each.status_code for each in told]) == ([200, 200], [422, 422])


def test_an_answer_without_a_question_is_refused(world: World) -> None:
    assert Client().post("/login/passkey/", {"credential": "{}"}).status_code == 422


def test_a_number_instead_of_a_name_is_said_to_take_no_passkey(world: World) -> None:
    answer = Client(headers={"host": "127.0.0.1:8000"}).post("/login/passkey/question/")
    assert (answer.status_code, "localhost" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("form", [{}, {"act": "x"}, {"act": "remove_passkey"}, {"act": "unlink", "id": str(uuid4())}])
def test_what_is_no_act_of_the_page_is_answered_with_a_sentence(
    world: World, sign_in: SignIn, form: dict[str, str]
) -> None:
    assert sign_in("owner").post("/my/sign-in/", form).status_code in {404, 422}
