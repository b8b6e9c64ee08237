"""Notices: the list of an organisation in portal and console, its marks, and where a notice leads."""

from __future__ import annotations

import re

import pytest

from plumbline.domain.notices import actions
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import say
from plumbline.faces.commands.log import follow_up
from tests.faces.conftest import SignIn, act_of
from tests.world import World, moment, sequence

PAGE = 50


def told(world: World, count: int) -> None:
    """Leave the company some notices, one a minute."""
    with scoped(EVERYTHING):
        for minute in range(count):
            actions.tell(
                world.organisations["company"],
                say("申请 {number} 被退回补正", number=f"N-{minute:02d}"),
                link="",
                at=moment().replace(minute=minute),
            )


@pytest.mark.parametrize(("username", "address"), [("owner", "/my/notices/"), ("reception", "/notices/")])
def test_without_notices_the_page_says_so(world: World, sign_in: SignIn, username: str, address: str) -> None:
    assert "还没有通知" in sign_in(username).get(address).content.decode()


def test_the_institute_is_told_of_an_application_and_led_to_it(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    client = sign_in("reception")
    page = client.get("/notices/").content.decode()
    assert "1 条没读" in page
    assert client.get(f"/cases/{case.number}", follow=True).status_code == 200
    assert f'href="/cases/{case.number}"' in page


def test_the_owner_is_told_of_the_acceptance_and_led_to_the_case(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    page = sign_in("owner").get("/my/notices/").content.decode()
    assert f'href="/my/cases/{case.number}"' in page


def test_the_owner_is_told_of_a_revocation_with_its_reason(world: World, sign_in: SignIn) -> None:
    issued = world.issue(world.approved())
    sequence()
    form = act_of("revoke", 0, reason="原始记录抄错", reason_code="record_wrong")
    sign_in("approver").post(f"/certificates/{issued.number}/", form)
    page = sign_in("owner").get("/my/notices/").content.decode()
    assert f"证书 {issued.number} 已撤销，不要再依据它：原始记录抄错" in page
    assert f'href="/my/certificates/{issued.number}"' in page


def test_the_owner_is_told_of_a_replacement(world: World, sign_in: SignIn) -> None:
    issued = world.issue(world.approved())
    sequence()
    sign_in("approver").post(f"/certificates/{issued.number}/", act_of("supersede", 0, reason="型号写错"))
    sequence()
    follow_up()
    page = sign_in("owner").get("/my/notices/").content.decode()
    assert f"证书 {issued.number} 已由 TESTY" in page


def test_the_navigation_counts_what_is_not_read(world: World, sign_in: SignIn) -> None:
    told(world, 3)
    page = sign_in("owner").get("/").content.decode()
    assert re.search(r'href="/my/notices/"[^>]*>通知 <span class="n">3</span>', page)


def test_fifty_a_page_and_the_rest_on_the_next(world: World, sign_in: SignIn) -> None:
    told(world, PAGE + 2)
    client = sign_in("owner")
    first = client.get("/my/notices/").content.decode()
    (following,) = re.findall(r'rel="next" href="(\?[^"]+)"', first)
    second = client.get(f"/my/notices/{following}").content.decode()
    assert ("N-51" in first, "N-02" in first, "N-01" in first) == (True, True, False)
    assert ("N-02" in second, "N-01" in second, "N-00" in second) == (False, True, True)


def test_one_is_marked_by_its_button_and_all_by_theirs(world: World, sign_in: SignIn) -> None:
    told(world, 3)
    client = sign_in("owner")
    page = client.get("/my/notices/").content.decode()
    one = re.findall(r'name="notice" value="([0-9a-f-]{36})"', page)[0]
    answer = client.post("/my/notices/", {"notice": one})
    assert answer.status_code == 303
    assert "2 条没读" in client.get("/my/notices/").content.decode()
    client.post("/my/notices/", {"notice": "all"})
    assert "都读过了" in client.get("/my/notices/").content.decode()


@pytest.mark.parametrize("address", ["/my/notices/?page=rubbish", "/my/notices/?page=~"])
def test_a_broken_place_in_the_list_says_so(sign_in: SignIn, address: str) -> None:
    answer = sign_in("owner").get(address)
    assert answer.status_code == 422
    assert "第一页" in answer.content.decode()


def test_a_button_that_was_tampered_with_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    assert sign_in("owner").post("/my/notices/", {"notice": "none"}).status_code == 422
