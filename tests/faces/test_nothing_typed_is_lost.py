"""A session that ends, a token that is old: what was typed stays, and its reader sends it again."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn, act_of, begin_session
from tests.world import PASSWORD, World

ORIGIN = "http://testserver"
REASON = "第二页缺盖章，<b>补齐</b>后再报"


def strict(username: str) -> Client:
    """Return a signed-in client whose tokens are asked for, as a browser's are."""
    return begin_session(Client(enforce_csrf_checks=True), username)


def end_sessions() -> None:
    with scoped(EVERYTHING):
        Session.objects.all().delete()


def hidden(text: str) -> dict[str, str]:
    """Return the hidden inputs of the page's last form with a button."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: value.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'") for name, value in found}


def sent(client: Client, path: str, form: Mapping[str, object], origin: str = ORIGIN) -> tuple[int, str, str]:
    answer = client.post(path, form, headers={"origin": origin} if origin else {})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def returned(world: World, case: CaseFacts) -> dict[str, object]:
    return act_of("return", world.case(case).sequence, reason=REASON)


@pytest.fixture
def case(world: World, at_noon: None) -> CaseFacts:
    return world.apply()


def test_a_reason_typed_before_the_session_ended_is_sent_after_signing_in(world: World, case: CaseFacts) -> None:
    client, path = Client(), f"/cases/{case.number}/"
    status, _to, page = sent(client, path, returned(world, case))
    assert (status, "登录已过期，填的都在" in page) == (403, True)
    signing = {"username": "reception", "password": PASSWORD, "kept": hidden(page)["kept"]}
    status, _to, page = sent(client, "/login/", signing)
    assert (status, f'action="{path}"' in page, "补齐" in page) == (200, True, True)
    status, to, _page = sent(client, path, dict(hidden(page)))
    assert (status, to.startswith(path)) == (303, True)
    assert world.case(case).state == "returned"


def test_a_wrong_password_on_the_way_loses_nothing_either(world: World, case: CaseFacts) -> None:
    client = Client()
    _status, _to, page = sent(client, f"/cases/{case.number}/", returned(world, case))
    kept = hidden(page)["kept"]
    _status, _to, page = sent(client, "/login/", {"username": "reception", "password": "wrong", "kept": kept})
    assert hidden(page)["kept"] == kept


def test_an_old_token_leads_to_the_form_with_a_new_one(world: World, case: CaseFacts) -> None:
    client, path = strict("reception"), f"/cases/{case.number}/"
    client.get(path)
    status, _to, page = sent(client, path, {**returned(world, case), "csrfmiddlewaretoken": "x" * 64})
    assert (status, "还没有提交，填的都在" in page, "csrfmiddlewaretoken" in hidden(page)) == (403, True, True)
    assert 'aria-label="主导航"' in page
    status, _to, _page = sent(client, path, dict(hidden(page)))
    assert (status, world.case(case).state) == (303, "returned")


@pytest.mark.parametrize("origin", ["https://elsewhere.invalid", "null", ""])
def test_a_form_of_another_site_is_never_put_under_our_button(world: World, case: CaseFacts, origin: str) -> None:
    client, path = strict("reception"), f"/cases/{case.number}/"
    status, _to, page = sent(client, path, returned(world, case), origin)
    assert (status, "再提交一次" in page, "补齐" in page) == (403, False, False)
    assert "没有收下" in page


def test_a_kept_form_that_is_not_ours_is_not_taken_up(world: World, at_noon: None) -> None:
    status, to, _page = sent(Client(), "/login/", {"username": "owner", "password": PASSWORD, "kept": "made up"})
    assert (status, to) == (302, "/")


def test_the_token_of_the_sign_in_itself_leads_back_to_it(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    status, _to, page = sent(client, "/login/", {"username": "owner", "password": PASSWORD, "next": "/apply/?a=1&b=2"})
    assert (status, 'href="/login/?next=/apply/%3Fa%3D1%26b%3D2"' in page) == (403, True)
    assert PASSWORD not in page


def test_the_whole_address_asked_for_survives_the_sign_in(world: World, at_noon: None) -> None:
    client = Client()
    leads = client.get("/cases/?state=open&q=A")["Location"]
    assert leads == "/login/?next=/cases/%3Fstate%3Dopen%26q%3DA"
    following = hidden(client.get(leads).content.decode())["next"].replace("&amp;", "&")
    _status, to, _page = sent(client, "/login/", {"username": "reception", "password": PASSWORD, "next": following})
    assert to == "/cases/?state=open&q=A"


def test_the_draft_of_an_application_outlives_the_session(world: World, sign_in: SignIn) -> None:
    typed = {"site": str(world.nozzles()[0].site_id), "remarks": "下午来", "step": "save"}
    sign_in("owner").post("/apply/draft/", typed)
    end_sessions()
    assert "下午来" in sign_in("owner").get("/apply/").content.decode()


def test_a_draft_is_seen_by_nobody_else(world: World, sign_in: SignIn) -> None:
    sign_in("owner").post("/apply/draft/", {"remarks": "下午来"})
    assert "下午来" not in sign_in("stranger").get("/apply/").content.decode()


def test_a_page_left_open_asks_who_is_signed_in(world: World, sign_in: SignIn) -> None:
    client = sign_in("owner")
    person = str(world.do("owner", lambda actor: actor.person_id))
    assert client.get("/session/").json()["person"] == person
    assert Client().get("/session/").json()["person"] == ""
    assert "no-store" in client.get("/session/")["Cache-Control"]
