"""Who may open what: strangers sign in, staff go to their work, foreign and unknown give the same answer."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from plumbline.domain.accounts.models import Membership
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn
from tests.faces.portal.issued import issued
from tests.world import World

OWN_PAGES = ("/apply/", "/my/cases/", "/my/instruments/", "/my/certificates/", "/my/labels/")
OPEN_PAGES = ("/", "/login/", "/check/", "/log/", "/trust/trust.json", "/trust/verifier.py", "/c/X/other")


def without_changing(content: bytes, number: str) -> str:
    """Return a page without the number asked for and the token that differs on every page."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content.decode()).replace(number, "")


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={path}")


@pytest.mark.parametrize("path", OPEN_PAGES)
@pytest.mark.django_db
def test_what_needs_no_sign_in_opens(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_owners_open_for_an_owner(sign_in: SignIn, path: str) -> None:
    assert sign_in("owner").get(path).status_code == 200


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_owners_are_not_for_staff(sign_in: SignIn, path: str) -> None:
    assert sign_in("verifier").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/", "/check/", "/log/"])
def test_open_pages_open_for_staff_too(sign_in: SignIn, path: str) -> None:
    assert sign_in("verifier").get(path).status_code == 200


def test_a_foreign_case_is_answered_as_one_that_is_not_there(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    stranger = sign_in("stranger")
    answers = [stranger.get(f"/my/cases/{number}/") for number in (case.number, "2026-999999")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_changing(answers[0].content, case.number) == without_changing(answers[1].content, "2026-999999")


def test_a_foreign_instrument_is_not_found(world: World, sign_in: SignIn) -> None:
    identity = world.nozzles()[0].identity
    assert sign_in("stranger").get(f"/my/instruments/{identity}/").status_code in {403, 404}


@pytest.mark.parametrize("name", ["certificate.pdf", "dcc.xml", "record.json", "bundle.json"])
def test_a_foreign_certificate_hands_out_no_file(world: World, sign_in: SignIn, name: str) -> None:
    document = issued(world)
    assert sign_in("stranger").get(f"/my/certificates/{document.number}/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/my/certificates", "/certificates"])
def test_a_role_without_the_right_gets_no_file_of_a_certificate(world: World, sign_in: SignIn, path: str) -> None:
    document = issued(world)
    with scoped(EVERYTHING):
        Membership.objects.filter(user__username="auditor").update(role="sysadmin")
    assert sign_in("auditor").get(f"{path}/{document.number}/certificate.pdf").status_code == 403


def test_a_stranger_gets_no_file_of_a_certificate(world: World, at_noon: None, client: Client) -> None:
    document = issued(world)
    answer = client.get(f"/my/certificates/{document.number}/certificate.pdf")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")


def test_an_act_on_a_foreign_case_changes_nothing(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    answer = sign_in("stranger").post(f"/my/cases/{case.number}/", {"act": "withdraw", "seen": case.sequence})
    assert (answer.status_code, world.case(case).state) == (404, "submitted")
