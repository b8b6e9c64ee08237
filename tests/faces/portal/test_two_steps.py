"""Two steps of signing in, confirming before an act, and where one is signed in, at the pages."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.models import SignIn as Row
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError
from plumbline.rulebook import signing
from tests.domain.credentials.people import acts_on, administrator, app_of, code_at
from tests.faces.conftest import SignIn
from tests.faces.portal.issued import issued
from tests.world import PASSWORD, World, moment, sequence

NOON = moment(hour=12)
RULE = signing.load()
pytestmark = pytest.mark.usefixtures("at_noon")


def first_step(username: str = "approver", **more: str) -> tuple[Client, str]:
    """Type the password; returns the client and the page that answers."""
    client = Client()
    answer = client.post("/login/", {"username": username, "password": PASSWORD, **more})
    return client, answer.content.decode()


def with_app(world: World) -> tuple[bytes, tuple[str, ...]]:
    return world.do("approver", lambda actor: app_of(actor, at=NOON))


def is_in(client: Client) -> bool:
    return client.get("/work/").status_code == 200


def stale(username: str) -> None:
    """Let the proof of whoever is signed in grow old."""
    Row.objects.filter(user__username=username).update(confirmed_at=NOON - RULE.fresh - timedelta(seconds=1))


# ---- the second step -----------------------------------------------------------------------------------------------


def test_a_password_alone_no_longer_opens_an_account_with_an_app(world: World) -> None:
    with_app(world)
    client, page = first_step()
    assert ("再确认一步" in page, is_in(client)) == (True, False)


def test_the_code_of_the_app_is_the_second_step_and_leads_on(world: World) -> None:
    secret, _codes = with_app(world)
    client, page = first_step(next="/cases/")
    code = code_at(secret, NOON)
    following = re.findall(r'name="next" value="([^"]*)"', page)[-1]
    answer = client.post("/login/second/", {"passcode": code, "next": following})
    assert (answer.status_code, answer["Location"], is_in(client)) == (302, "/cases/", True)


def test_a_recovery_code_opens_once_and_is_told(world: World) -> None:
    _secret, codes = with_app(world)
    client, _page = first_step()
    client.post("/login/second/", {"passcode": codes[0]})
    assert (is_in(client), acts_on(world.actor("approver").user_id)[-1]) == (True, "recovery.use")


def test_wrong_codes_are_answered_with_a_sentence_and_then_lock(world: World) -> None:
    secret, _codes = with_app(world)
    client, _page = first_step()
    answers = [client.post("/login/second/", {"passcode": "000000"}) for _ in range(RULE.tries)]
    assert {answer.status_code for answer in answers} == {422}
    right = client.post("/login/second/", {"passcode": code_at(secret, NOON)})
    assert (right.status_code, "不再受理" in right.content.decode(), is_in(client)) == (409, True, False)


def test_a_second_step_without_a_first_leads_to_the_sign_in(world: World) -> None:
    secret, _codes = with_app(world)
    answer = Client().post("/login/second/", {"passcode": code_at(secret, NOON)})
    assert (answer.status_code, answer["Location"]) == (302, "/login/")


def test_a_first_step_waits_some_minutes_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, _codes = with_app(world)
    client, _page = first_step()
    later = NOON + RULE.second_step + timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    answer = client.post("/login/second/", {"passcode": code_at(secret, later)})
    assert answer["Location"] == "/login/"


def test_an_app_is_set_up_in_the_pages_and_its_recovery_codes_are_shown_once(world: World, sign_in: SignIn) -> None:
    client = sign_in("owner")
    page = client.get("/my/sign-in/app/").content.decode()
    typed, setup = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page), re.search(r'name="setup" value="([^"]+)"', page)
    assert typed is not None
    assert setup is not None
    code = code_at(base64.b32decode(typed[1].replace(" ", "")), NOON)
    wrong = client.post("/my/sign-in/app/", {"setup": setup[1], "passcode": "12"})
    answer = client.post("/my/sign-in/app/", {"setup": setup[1], "passcode": code})
    codes = re.findall(r'<code class="code">([^<]+)</code>', answer.content.decode())
    assert (wrong.status_code, typed[1] in wrong.content.decode(), len(codes)) == (422, True, RULE.recovery_codes)
    assert codes[0] not in client.get("/my/sign-in/").content.decode()


# ---- confirming ----------------------------------------------------------------------------------------------------


def revoking(world: World, client: Client) -> tuple[str, dict[str, str]]:
    document = issued(world)
    sequence()
    stale("approver")
    form = {"act": "revoke", "reason_code": "record_wrong", "reason": "原始记录抄错", "request_id": str(uuid4())}
    return f"/certificates/{document.number}/", form


def test_revoking_long_after_the_sign_in_asks_first_and_loses_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    path, form = revoking(world, client)
    asked = client.post(path, form, headers={"origin": "http://testserver"})
    kept = re.search(r'name="kept" value="([^"]+)"', asked.content.decode())
    assert kept is not None
    assert (asked.status_code, "原始记录抄错" in asked.content.decode()) == (403, True)
    again = client.post("/confirm/", {"password": PASSWORD, "kept": kept[1]}).content.decode()
    assert (f'action="{path}"' in again, "原始记录抄错" in again) == (True, True)
    assert client.post(path, form).status_code == 303


def test_a_wrong_password_confirms_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    path, form = revoking(world, client)
    assert client.post("/confirm/", {"password": "wrong"}).status_code == 422
    assert client.post(path, form).status_code == 403


def test_who_has_an_app_confirms_by_its_code_not_by_the_password(world: World, sign_in: SignIn) -> None:
    secret, _codes = with_app(world)
    client = sign_in("approver")
    path, form = revoking(world, client)
    assert 'type="password"' not in client.post(path, form).content.decode()
    assert client.post("/confirm/", {"password": PASSWORD}).status_code == 422
    client.post("/confirm/", {"passcode": code_at(secret, NOON)})
    assert client.post(path, form).status_code == 303


# ---- where one is signed in ----------------------------------------------------------------------------------------


def test_a_sign_in_is_listed_with_its_device_and_address(world: World) -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
    )
    client = Client(headers={"user-agent": agent})
    client.post("/login/", {"username": "owner", "password": PASSWORD})
    page = client.get("/my/sessions/").content.decode()
    assert ("Chrome · Windows" in page, "127.0.0.1" in page, "就是这里" in page) == (True, True, True)


def test_an_ended_sign_in_opens_nothing_from_its_next_request_on(world: World, sign_in: SignIn) -> None:
    here, there = sign_in("approver"), sign_in("approver")
    assert is_in(there)
    user_id = world.actor("approver").user_id
    other = next(each for each in queries.sign_ins(user_id, at=NOON) if str(each.id) == there.session["sign_in"])
    here.post("/my/sessions/", {"id": str(other.id)})
    assert (is_in(here), is_in(there), acts_on(user_id)[-1]) == (True, False, "session.end")


def test_all_others_are_ended_at_once(world: World, sign_in: SignIn) -> None:
    here, others = sign_in("approver"), [sign_in("approver") for _ in range(2)]
    here.post("/my/sessions/", {"act": "others"})
    assert (is_in(here), [is_in(each) for each in others]) == (True, [False, False])


def test_another_s_sign_in_is_not_there_to_end(world: World, sign_in: SignIn) -> None:
    owner, approver = sign_in("owner"), sign_in("approver")
    answer = owner.post("/my/sessions/", {"id": approver.session["sign_in"]})
    assert (answer.status_code, is_in(approver)) == (404, True)


@pytest.mark.parametrize("form", [{}, {"id": "x"}, {"id": str(uuid4())}])
def test_what_is_no_sign_in_is_answered_as_not_there(world: World, sign_in: SignIn, form: dict[str, str]) -> None:
    assert sign_in("owner").post("/my/sessions/", form).status_code == 404


def test_signing_out_ends_the_sign_in(world: World, sign_in: SignIn) -> None:
    client = sign_in("owner")
    client.post("/logout/")
    assert queries.sign_ins(world.actor("owner").user_id, at=NOON) == ()


def test_a_session_without_its_sign_in_opens_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    Row.objects.all().delete()
    assert not is_in(client)


# ---- a stopped account ---------------------------------------------------------------------------------------------


def test_a_stopped_account_is_out_at_once_and_stays_out_until_resumed(world: World, sign_in: SignIn) -> None:
    client, admin = sign_in("approver"), administrator(world)
    assert is_in(client)
    with scoped(EVERYTHING):
        registers.deactivate(admin, "approver", reason="调离", at=NOON)
    again, _page = first_step()
    assert (is_in(client), is_in(again)) == (False, False)
    with scoped(EVERYTHING):
        registers.reactivate(admin, "approver", reason="调回", at=NOON)
    assert (is_in(client), is_in(first_step()[0])) == (False, True)
    assert acts_on(world.actor("approver").user_id) == ["account.deactivate", "account.reactivate"]


def test_a_stopped_account_comes_in_by_no_second_step_either(world: World) -> None:
    secret, _codes = with_app(world)
    client, _page = first_step()
    with scoped(EVERYTHING):
        registers.deactivate(administrator(world), "approver", reason="调离", at=NOON)
    answer = client.post("/login/second/", {"passcode": code_at(secret, NOON)})
    assert (answer.status_code, is_in(client)) == (403, False)


def test_who_lost_everything_is_let_in_again_by_an_administrator(world: World, sign_in: SignIn) -> None:
    with_app(world)
    working, admin = sign_in("approver"), administrator(world)
    form = {"username": "approver", "reason": "手机丢了，已核对本人", "request_id": str(uuid4())}
    page = sign_in("admin").post("/register/clear-ways/", form, follow=True).content.decode()
    assert ("已清除" in page, is_in(working), is_in(first_step()[0])) == (True, False, True)
    assert acts_on(world.actor("approver").user_id)[-1] == "method.clear"
    with scoped(EVERYTHING), pytest.raises(StateError, match="没有通行密钥"):
        registers.clear_ways(admin, "approver", reason="再来一次", at=NOON)


def test_a_sign_in_long_past_is_forgotten_at_the_next(world: World) -> None:
    first_step()
    Row.objects.update(seen_at=NOON - RULE.kept - timedelta(days=1))
    first_step()
    assert Row.objects.filter(user__username="approver").count() == 1


def test_a_sign_in_not_seen_for_long_has_ended(world: World, sign_in: SignIn) -> None:
    client = sign_in("approver")
    Row.objects.update(seen_at=NOON - timedelta(hours=13))
    assert (is_in(client), actions.seen("x", world.actor("approver").user_id, at=NOON)) == (False, None)
