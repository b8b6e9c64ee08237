"""The pages of a draw: a nonce made in the browser is sealed and opened; everyone's ticket and outcome; its file."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from plumbline.domain.procedures import queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence.draw import record
from tests.browser import carry_session
from tests.domain.procedures.test_draw import FIRST, OPENS, SEALS, does
from tests.faces.conftest import begin_session
from tests.walking import Walk, opened
from tests.world import World

HEX = re.compile("[0-9a-f]{64}")


@pytest.fixture
def walk(world: World, at_noon: None) -> Walk:
    return Walk(world, queries.procedure("cma_accreditation"))


def signed_in(walk: Walk, role: str, house: str) -> Client:
    """Return a client signed in as somebody of the walk."""
    actor = walk.actor(role, house)
    with scoped(EVERYTHING):
        username = get_user_model().objects.get(pk=actor.user_id).username
    return begin_session(Client(), username)


def test_each_ticket_and_why_somebody_was_not_taken_is_shown(walk: Walk) -> None:
    case = does(walk, opened(walk, FIRST), "accept", "freeze_draw", *SEALS, *OPENS, "draw_assessors")
    staff = signed_in(walk, "province_metrology", "bureau").get(f"/cases/{case.number}/").content.decode()
    assert [staff.count(words) for words in ("抽中，第 1 位", "抽中，第 2 位", "没有抽中", "经办人写明理由")] == [
        1,
        1,
        1,
        1,
    ]
    assert str(walk.actor("assessor", "other").person_id) not in staff
    owner = signed_in(walk, walk.applicant, "company")
    mine = owner.get(f"/my/cases/{case.number}/").content.decode()
    with scoped(EVERYTHING):
        names = [each.name for each in walk.people.values() if each.role == "assessor"]
    assert [name for name in names if name in mine] == []
    data = owner.get(f"/my/cases/{case.number}/draw.json").content
    assert record.check(data).manifest.sha256.hex() in mine


def test_before_the_draw_there_is_no_file(walk: Walk) -> None:
    case = does(walk, opened(walk, FIRST), "accept", "freeze_draw")
    assert signed_in(walk, walk.applicant, "company").get(f"/my/cases/{case.number}/draw.json").status_code == 404


@pytest.mark.browser
@pytest.mark.usefixtures("without_large_fonts")
def test_a_nonce_made_in_the_browser_is_sealed_then_opened(walk: Walk, live_server: LiveServer, page: Page) -> None:
    case = does(walk, opened(walk, FIRST), "accept", "freeze_draw", *SEALS[1:])
    carry_session(page, signed_in(walk, walk.applicant, "company"), url=live_server.url)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{live_server.url}/my/cases/{case.number}/")
    page.get_by_role("button", name="取随机数").click()
    page.wait_for_function("document.querySelector('[name=commitment]').value.length === 64")
    nonce = HEX.findall(page.locator("output").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="申请单位封存随机数").click()
    page.get_by_role("button", name="填入这台设备上保管的随机数").click()
    assert [page.locator("[name=nonce]").input_value()] == nonce
    page.get_by_role("button", name="申请单位公开随机数").click()
    page.get_by_text("已公开").first.wait_for()
