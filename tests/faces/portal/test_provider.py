"""Signing in at an identity provider that really runs: linked by its holder or by an invitation, never by a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from plumbline.domain.credentials import actions
from plumbline.domain.credentials.models import OutsideIdentity
from plumbline.domain.credentials.models import SignIn as Row
from plumbline.gateways.identity.openid import Identity
from plumbline.rulebook import signing
from tests.domain.credentials.people import acts_on, administrator, app_of, code_at, offer
from tests.faces.conftest import SignIn
from tests.faces.portal.provider import provider_on_loopback
from tests.world import World, moment

NOON = moment(hour=12)
pytestmark = pytest.mark.usefixtures("province")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider for the tests of this file."""
    with provider_on_loopback() as running:
        yield running


@pytest.fixture
def province(world: World, at_noon: None, issuer: str, settings: Settings) -> None:
    """Name the provider in the settings, as `providers.toml` does."""
    secret = Path(settings.PLUMBLINE_DATA) / "keys" / "province_secret"
    secret.write_text("a secret : of ours\n")
    settings.PLUMBLINE_PROVIDERS = {
        "province": {
            "name_zh": "省统一身份", "name_en": "Provincial identity", "issuer": issuer, "client_id": "plumbline",
            "client_secret_file": "keys/province_secret",
        }
    }  # fmt: skip


def there(address: str, subject: str) -> str:
    """Say at the provider who one is; returns where it sends one back to."""
    at = urlsplit(address)
    connection = HTTPConnection(str(at.hostname), at.port)
    connection.request(
        "POST", f"{at.path}?{at.query}", urlencode({"sub": subject}),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    answer = connection.getresponse()
    assert answer.status == 302, answer.read()
    back = urlsplit(answer.getheader("Location", ""))
    return f"{back.path}?{back.query}"


def begun(client: Client, **asked: str) -> str:
    """Start at our page; returns the address of the provider the reader is sent to."""
    return client.get("/login/with/province/", asked)["Location"]


def through(client: Client, subject: str, **asked: str) -> HttpResponse:
    """Go to the provider and come back as somebody."""
    return cast("HttpResponse", client.get(there(begun(client, **asked), subject)))


def linked(world: World, issuer: str, subject: str = "officer-7", username: str = "approver") -> None:
    identity = Identity("province", issuer, subject)
    world.do(username, lambda actor: actions.add_outside(actor, identity, at=NOON))


def is_in(client: Client) -> bool:
    return client.get("/work/").status_code == 200


def test_who_has_linked_an_identity_signs_in_with_it_and_goes_on(world: World, issuer: str) -> None:
    linked(world, issuer)
    client = Client()
    answer = through(client, "officer-7", next="/cases/")
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/cases/", True)
    assert Row.objects.get().confirmed_by == "oidc"


def test_the_question_carries_state_nonce_and_challenge_and_asks_for_no_mail(world: World) -> None:
    asked = dict(parse_qsl(urlsplit(begun(Client())).query))
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid")


def test_an_identity_that_is_linked_to_nobody_opens_nothing_whatever_its_name(world: World) -> None:
    client = Client()
    answer = through(client, "approver")
    assert (answer.status_code, "还没有关联账号" in answer.content.decode(), is_in(client)) == (403, True, False)


def test_an_identity_is_linked_by_a_form_of_ours_and_told(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    assert through(client, "officer-7", **{"for": "link"})["Location"] == "/my/sign-in/"
    assert not OutsideIdentity.objects.exists()
    page = client.get("/my/sign-in/").content.decode()
    assert ("officer-7" in page, "省统一身份" in page) == (True, True)
    client.post("/my/sign-in/", {"act": "link"})
    assert (OutsideIdentity.objects.get().subject, acts_on(world.actor("approver").user_id)) == (
        "officer-7",
        ["method.add"],
    )


def test_what_was_proved_links_once(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    through(client, "officer-7", **{"for": "link"})
    client.post("/my/sign-in/", {"act": "link"})
    assert client.post("/my/sign-in/", {"act": "link"}).status_code == 422


def test_a_linked_identity_is_removed(world: World, sign_in: SignIn, issuer: str) -> None:
    linked(world, issuer)
    client = sign_in("approver")
    client.post("/my/sign-in/", {"act": "unlink", "id": str(OutsideIdentity.objects.get().id)})
    assert through(Client(), "officer-7").status_code == 403


def test_an_identity_is_of_one_account(world: World, sign_in: SignIn, issuer: str) -> None:
    linked(world, issuer)
    client = sign_in("checker")
    through(client, "officer-7", **{"for": "link"})
    assert client.post("/my/sign-in/", {"act": "link"}).status_code == 409


def test_who_has_an_app_is_asked_for_its_code_after_the_provider_too(world: World, issuer: str) -> None:
    linked(world, issuer)
    secret, _codes = world.do("approver", lambda actor: app_of(actor, at=NOON))
    client = Client()
    page = through(client, "officer-7", next="/cases/").content.decode()
    assert ("再确认一步" in page, 'value="/cases/"' in page, is_in(client)) == (True, True, False)
    client.post("/login/second/", {"passcode": code_at(secret, NOON)})
    assert is_in(client)


def test_an_invitation_is_accepted_with_an_identity_and_no_password(world: World) -> None:
    administrator(world)
    code, _made = world.do("admin", partial(actions.invite, offer=offer(world), at=NOON))
    client = Client()
    path = through(client, "officer-9", **{"for": "invitation", "code": code})["Location"]
    assert "officer-9" in client.get(path).content.decode()
    client.post(path, {"act": "provider"})
    again = Client()
    through(again, "officer-9")
    assert (is_in(client), is_in(again)) == (True, True)


def test_an_answer_brought_to_another_window_is_refused(world: World, issuer: str) -> None:
    linked(world, issuer)
    back = there(begun(Client()), "officer-7")
    stranger, begun_too = Client(), Client()
    begun(begun_too)
    answers = [stranger.get(back), begun_too.get(back)]
    assert ([each.status_code for each in answers], is_in(stranger), is_in(begun_too)) == ([422, 422], False, False)


def test_an_answer_is_taken_once(world: World, issuer: str) -> None:
    linked(world, issuer)
    client = Client()
    back = there(begun(client), "officer-7")
    client.get(back)
    client.post("/logout/")
    assert (client.get(back).status_code, is_in(client)) == (422, False)


@pytest.mark.parametrize("changed", ["code=made-up", "code=", "error=access_denied", "iss=https%3A%2F%2Fevil.invalid"])
def test_an_answer_that_was_tampered_with_opens_nothing(world: World, issuer: str, changed: str) -> None:
    linked(world, issuer)
    client = Client()
    path, _mark, query = there(begun(client), "officer-7").partition("?")
    name = changed.partition("=")[0]
    kept = [pair for pair in query.split("&") if not pair.startswith(f"{name}=")]
    answer = client.get(f"{path}?{'&'.join([*kept, changed])}")
    assert (answer.status_code >= 400, answer.status_code != 500, is_in(client)) == (True, True, False)


def test_a_token_with_another_nonce_is_refused(world: World, issuer: str) -> None:
    linked(world, issuer)
    client = Client()
    address = re.sub(r"nonce=[^&]+", "nonce=another", begun(client))
    answer = client.get(there(address, "officer-7"))
    assert (answer.status_code, "没有通过核对" in answer.content.decode(), is_in(client)) == (409, True, False)


def test_a_token_for_another_site_is_refused(world: World, issuer: str, settings: Settings) -> None:
    linked(world, issuer)
    client = Client()
    address = begun(client).replace("client_id=plumbline", "client_id=another")
    answer = client.get(there(address, "officer-7"))
    assert (answer.status_code >= 400, is_in(client)) == (True, False)


def test_a_provider_that_does_not_answer_is_said_to_be_silent(world: World, settings: Settings) -> None:
    settings.PLUMBLINE_PROVIDERS = {
        "gone": {"name_zh": "别处", "issuer": "http://localhost:9", "client_id": "plumbline"}
    }
    answer = Client().get("/login/with/gone/")
    assert (answer.status_code, "没有应答" in answer.content.decode()) == (503, True)


def test_an_unknown_provider_is_not_there(world: World) -> None:
    assert Client().get("/login/with/nobody/").status_code == 404


def test_the_sign_in_page_names_the_provider_in_both_languages(world: World) -> None:
    pages = [Client().get("/login/", headers={"accept-language": each}).content.decode() for each in ("zh-hans", "en")]
    assert ["用省统一身份登录" in pages[0], "Sign in with Provincial identity" in pages[1]] == [True, True]


def test_linking_long_after_the_sign_in_asks_first(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    Row.objects.update(confirmed_at=NOON - 2 * signing.load().fresh)
    assert client.get("/login/with/province/", {"for": "link"}).status_code == 403
