"""The pages of interfaces: a token is made and shown once, ended there; the document of the API in both languages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from plumbline.domain.accounts.queries import tokens_of
from plumbline.domain.notices import queries as notices
from plumbline.faces.api.service import openapi
from tests.faces.api.asking import Asker
from tests.faces.conftest import SignIn
from tests.world import TODAY, World

PAGES = {"owner": "/my/interfaces/", "reception": "/interfaces/"}


def making(**changed: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "act": "make", "request_id": str(uuid4()), "name": "台账系统", "holder": "personal", "scopes": ["cases:read"],
        "expires_on": (TODAY + timedelta(days=30)).isoformat(), **changed,
    }  # fmt: skip


@pytest.mark.parametrize("username", PAGES)
def test_a_token_is_made_shown_once_and_works(sign_in: SignIn, username: str) -> None:
    client, page = sign_in(username), PAGES[username]
    shown = client.post(page, making()).content.decode()
    text = re.search(r"plt_\w{12}_[\w-]{43}", shown)
    assert text is not None
    assert Asker(text[0]).get("/me").json()["name"] == "台账系统"
    assert text[0] not in client.get(page).content.decode()


def test_what_is_wrong_with_a_token_is_told_beside_its_field_and_nothing_typed_is_lost(sign_in: SignIn) -> None:
    told = sign_in("owner").post(PAGES["owner"], making(scopes=[]))
    assert (told.status_code, "还没有选令牌的范围" in told.content.decode()) == (422, True)
    assert 'value="台账系统"' in told.content.decode()


def test_a_token_is_ended_on_the_page(world: World, sign_in: SignIn) -> None:
    client = sign_in("owner")
    client.post(PAGES["owner"], making())
    (token,) = world.do("owner", tokens_of)
    client.post(PAGES["owner"], {"act": "revoke", "token": str(token.id)})
    assert world.do("owner", tokens_of)[0].revoked_at is not None


def test_a_subscription_is_made_tried_and_ended_on_the_page(world: World, sign_in: SignIn) -> None:
    client = sign_in("reception")
    asked = {"act": "subscribe", "request_id": str(uuid4()), "url": "https://example.com/x", "kinds": ["case.moved"]}
    assert "whsec_" in client.post(PAGES["reception"], asked).content.decode()
    (webhook,) = world.do("reception", lambda actor: notices.subscriptions_of(actor.organisation_id))
    client.post(PAGES["reception"], {"act": "ping", "webhook": str(webhook.id)})
    assert "等着发" in client.get(f"{PAGES['reception']}{webhook.id}/").content.decode()
    client.post(PAGES["reception"], {"act": "end", "webhook": str(webhook.id)})
    assert world.do("reception", lambda actor: notices.subscriptions_of(actor.organisation_id)) == ()


def test_an_address_inside_is_refused_beside_its_field(sign_in: SignIn) -> None:
    asked = {"act": "subscribe", "request_id": str(uuid4()), "url": "https://10.0.0.1/", "kinds": ["case.moved"]}
    told = sign_in("owner").post(PAGES["owner"], asked)
    assert (told.status_code, "10.0.0.1 是本机或内网的地址" in told.content.decode()) == (422, True)


def test_an_owner_who_opens_the_page_of_the_offices_is_led_to_theirs(sign_in: SignIn) -> None:
    assert sign_in("owner").get("/interfaces/").headers["Location"] == "/my/interfaces/"


def test_the_document_is_open_api_3_1_with_scopes_problems_and_webhooks() -> None:
    found = openapi()
    listed = found["paths"]["/api/v1/instruments"]["get"]
    assert found["openapi"].startswith("3.1")
    assert listed["security"] == [{"Token": ["registers:read"]}]
    assert list(listed["responses"]["422"]["content"]) == ["application/problem+json"]
    assert set(found["webhooks"]) == {
        "case.moved", "certificate.issued", "certificate.revoked", "certificate.superseded", "procedures.published",
    }  # fmt: skip


def test_every_operation_says_what_it_is_and_which_scope_it_asks_for() -> None:
    operations = [each for path in openapi()["paths"].values() for each in path.values()]
    without = {each["operationId"] for each in operations if "security" not in each}
    assert without == {"check_code"}
    assert all(each["summary"] for each in operations)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "word"), [("zh-hans", "计量器具"), ("en", "Measuring instruments")])
def test_the_document_and_its_page_are_in_the_reader_s_language(language: str, word: str) -> None:
    client = Client(headers={"Accept-Language": language})
    page = client.get("/api/docs/").content.decode()
    said = json.loads(client.get("/api/openapi.json").content)
    assert said["paths"]["/api/v1/instruments"]["get"]["summary"] in page
    assert ("/api/v1/cases/{number}/acts/{act}" in page, "http-equiv" in page) == (True, False)


@pytest.mark.django_db
def test_the_page_of_the_document_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/docs/").content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []
