"""Reading by a token: lists with filters and pages, one thing each, files; refused in a sentence where it may not."""

from __future__ import annotations

import pytest
from django.test import Client

from plumbline.domain.registers import actions
from plumbline.domain.registers.types import EntryDraft
from tests.faces.api.asking import V1, Ask, Asker
from tests.world import CITY, FROM, World, moment, uscc


def test_a_list_is_paged_by_tokens_until_its_end(world: World, ask: Ask) -> None:
    owner = ask("owner", "registers:read")
    first = owner.get("/instruments", size=3).json()
    last = owner.get("/instruments", size=3, page=first["next"]).json()
    assert (len(first["items"]), len(last["items"]), last["next"]) == (3, 1, None)
    assert first["count"] == {"rows": 4, "is_whole": True}
    assert {each["identity"] for each in first["items"] + last["items"]} == {each.identity for each in world.nozzles()}


def test_a_page_token_of_another_list_is_refused(ask: Ask) -> None:
    owner = ask("owner", "registers:read")
    token = owner.get("/instruments", size=1).json()["next"]
    told = owner.get("/sites", page=token)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "page")
    assert told.json()["detail"] == "翻页的记号不是这个清单、这些条件和这个次序的"


def test_a_filter_on_a_forbidden_column_is_refused(ask: Ask) -> None:
    told = ask("owner", "registers:read").get("/instruments", lookup_code="X")
    assert (told.status_code, told.headers["Content-Type"]) == (422, "application/problem+json")
    assert told.json()["detail"] == "这个清单没有“lookup_code”这一列，不能按它筛选"


def test_filters_narrow_as_in_the_address_of_a_page(world: World, ask: Ask) -> None:
    nozzle = world.nozzles()[0]
    found = ask("owner", "registers:read").get("/instruments", serial=nozzle.serial).json()
    assert [each["identity"] for each in found["items"]] == [nozzle.identity]


def test_a_token_without_the_scope_is_told_which_it_needs(ask: Ask) -> None:
    told = ask("owner", "registers:read").get("/cases")
    assert (told.status_code, told.json()["detail"]) == (403, "这个令牌没有范围“cases:read”")
    assert told.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="cases:read"'


def test_without_a_token_nothing_is_told(world: World) -> None:
    told = Client().get(f"{V1}/instruments")
    assert (told.status_code, told.json()["detail"]) == (401, "请求里没有令牌")


@pytest.mark.usefixtures("world")
def test_a_token_that_is_none_is_told_as_one_unknown() -> None:
    told = Asker("plt_000000000000_" + "a" * 43).get("/me")
    assert (told.status_code, told.json()["detail"]) == (401, "没有这个令牌")


def test_a_problem_is_told_in_the_language_asked_for(ask: Ask) -> None:
    told = ask("owner", "registers:read", language="en").get("/cases")
    assert told.json()["detail"] == "This token has no scope “cases:read”"
    assert told.headers["Content-Language"] == "en"


def test_an_owner_sees_nothing_of_a_stranger(world: World, ask: Ask) -> None:
    identity = world.nozzles()[0].identity
    stranger = ask("stranger", "registers:read")
    assert stranger.get("/instruments").json()["items"] == []
    assert stranger.get(f"/instruments/{identity}").status_code == 404


def test_an_owner_reads_no_list_of_the_offices(ask: Ask) -> None:
    assert ask("owner", "registers:read").get("/people").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/organisations", "/sites", "/people", "/scopes", "/qualifications", "/measurement-standards", "/regulations",
     "/regulations/JJG443-2023", "/registers"],
)  # fmt: skip
def test_an_office_reads(ask: Ask, path: str) -> None:
    told = ask("county", "registers:read").get(path)
    assert told.status_code == 200, told.content


def test_entries_of_a_register_are_a_list_like_any_other(world: World, ask: Ask) -> None:
    typed = {"uscc": uscc(2), "name": "示例市计量院", "region_code": CITY, "level": "市级", "kind": "established",
             "verification_items": "12"}  # fmt: skip
    draft = EntryDraft(typed, FROM)
    register = "legal_metrology_institutes"
    world.do("bureau", lambda actor: actions.register_entry(actor, register, draft=draft, at=moment()))
    office = ask("bureau", "registers:read")
    found = office.get(f"/registers/{register}/entries", **{"verification_items.from": 12}).json()
    assert ([each["title"] for each in found["items"]], found["next"]) == (["示例市计量院"], None)
    assert found["count"] == {"rows": 1, "is_whole": True}
    assert office.get(f"/registers/{register}/entries", **{"in-force": "ended"}).json()["items"] == []
    token = office.get("/organisations", size=1).json()["next"]
    refused = [office.get(f"/registers/{register}/entries", **each) for each in ({"page": token}, {"after": "x"})]
    assert [each.json()["errors"][0]["field"] for each in refused] == ["page", "after"]


@pytest.mark.parametrize("path", ["/figures/coverage", "/figures/failures", "/figures/workload"])
def test_an_office_reads_figures_with_their_freshness(ask: Ask, path: str) -> None:
    told = ask("county", "figures:read").get(path).json()
    assert set(told["fresh"]) == {"counted_at", "waiting"}


def test_an_unknown_address_is_a_problem_too(ask: Ask) -> None:
    told = ask("owner", "registers:read").get("/nothing/here")
    assert (told.status_code, told.headers["Content-Type"], told.json()["status"]) == (
        404, "application/problem+json", 404,
    )  # fmt: skip


def test_me_says_who_asks(ask: Ask) -> None:
    told = ask("owner", "registers:read", is_machine=True).get("/me").json()
    assert (told["role"], told["is_machine"], told["scopes"]) == ("enterprise", True, ["registers:read"])
