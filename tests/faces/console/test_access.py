"""Who may open what: strangers sign in, enterprises go to the portal, foreign and unknown are the same."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.faces.conftest import SignIn
from tests.world import World

PAGES = (
    "/work/",
    "/cases/",
    "/cases/2026-000001/",
    "/cases/2026-000001/1/",
    "/cases/2026-000001/1/observe/",
    "/cases/2026-000001/1/draft/",
    "/instruments/",
    "/instruments/new/",
    "/certificates/",
    "/standards/",
    "/rules/",
    "/rules/JJG443-2023/",
    "/audit/",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/login/")


def test_an_enterprise_goes_to_the_portal(sign_in: SignIn) -> None:
    answer = sign_in("owner").get("/work/")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_case_that_does_not_exist_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("verifier").get("/cases/2026-999999/").status_code == 404


def test_a_position_the_case_does_not_have_is_not_found(world: World, sign_in: SignIn) -> None:
    case = world.on_site()
    assert sign_in("verifier").get(f"/cases/{case.number}/9/").status_code == 404


def test_the_audit_trail_is_not_for_a_verifier(sign_in: SignIn) -> None:
    assert sign_in("verifier").get("/audit/").status_code == 403


def test_the_keeper_of_standards_has_no_cases(sign_in: SignIn) -> None:
    assert sign_in("keeper").get("/cases/").status_code == 403


def test_a_role_without_acts_still_has_a_first_page(sign_in: SignIn) -> None:
    assert sign_in("keeper").get("/work/").status_code == 200


def test_the_county_reads_a_case_but_may_not_act(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    page = sign_in("county").get(f"/cases/{case.number}/").content.decode()
    assert "待受理" in page
    assert 'name="act" value="accept"' not in page


def test_an_act_of_another_role_is_refused(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    form = {"act": "accept", "seen": case.sequence, "request_id": "0193a5c4-0000-7000-8000-000000000001"}
    assert sign_in("verifier").post(f"/cases/{case.number}/", form).status_code == 403
    assert world.case(case).state == "submitted"
