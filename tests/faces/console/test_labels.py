"""Labels to print, from the page of an instrument and of a case."""

from __future__ import annotations

import pytest

from tests.faces.conftest import SignIn
from tests.world import World


@pytest.mark.parametrize(
    ("kind", "start"), [("pdf", b"%PDF"), ("a4.pdf", b"%PDF"), ("zpl", b"^XA")], ids=["one", "sheet", "printer"]
)
def test_an_instrument_has_its_label(world: World, sign_in: SignIn, kind: str, start: bytes) -> None:
    client, nozzle = sign_in("county"), world.nozzles()[0]
    address = f"/instruments/{nozzle.identity}/label.{kind}"
    assert address in client.get(f"/instruments/{nozzle.identity}/").content.decode()
    assert client.get(address).content.startswith(start)


def test_a_case_has_a_label_for_each_of_its_instruments(world: World, sign_in: SignIn) -> None:
    case = world.apply(count=3)
    client = sign_in("reception")
    assert f"/cases/{case.number}/labels.zpl" in client.get(f"/cases/{case.number}/").content.decode()
    assert client.get(f"/cases/{case.number}/labels.zpl").content.count(b"^XA") == 3


@pytest.mark.parametrize("skip", ["36", "-1", "x", "１"])
def test_a_place_that_is_not_on_the_sheet_is_said(world: World, sign_in: SignIn, skip: str) -> None:
    nozzle = world.nozzles()[0]
    answer = sign_in("county").get(f"/instruments/{nozzle.identity}/label.a4.pdf", {"skip": skip})
    assert answer.status_code == 422


def test_a_stranger_gets_no_label(world: World, sign_in: SignIn) -> None:
    nozzle = world.nozzles()[0]
    assert sign_in("stranger").get(f"/instruments/{nozzle.identity}/label.pdf").status_code in {302, 404}
