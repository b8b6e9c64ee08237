"""The figures of a procedure: each number opens its cases, and the workbook says the same."""

from __future__ import annotations

from plumbline.domain.indicators import actions
from tests.faces.conftest import SignIn
from tests.world import World, moment


def test_a_number_opens_its_cases_and_the_workbook_is_one(world: World, sign_in: SignIn) -> None:
    world.act("reception", world.apply(), "accept")
    actions.refresh(at=moment())
    client = sign_in("reception")
    text = client.get("/figures/procedures/verification/").content.decode()
    listed = "/cases/?phase=open&amp;procedure=verification&amp;state=accepted"
    assert listed in text
    assert len(client.get(listed.replace("&amp;", "&")).context["list"].lines) == 1
    book = client.get("/figures/procedures/verification/figures.xlsx")
    assert book["Content-Disposition"].endswith('.xlsx"')


def test_a_procedure_without_cases_says_so(world: World, sign_in: SignIn) -> None:
    assert "这个程序还没有业务" in sign_in("county").get("/figures/procedures/complaint/").content.decode()
