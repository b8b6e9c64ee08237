"""Instruments in the console: registered, moved, put out of use and retired once for a page, however often sent."""

from __future__ import annotations

import re
from uuid import uuid4

from django.test import Client

from plumbline.domain.journal import queries as journal
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn
from tests.world import World, uscc


def key_in(client: Client, address: str) -> str:
    """Return the key of the request that a page was shown with."""
    found = re.search(r'name="request_id" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def entry(world: World, **changed: str) -> dict[str, str]:
    """Return the form of a new nozzle."""
    site = str(world.nozzles()[0].site_id)
    new = {"owner": uscc(3), "site": site, "category": "MV-FUEL", "name_zh": "加油机", "serial": "N-new"}
    return {**new, "request_id": str(uuid4()), **changed}


def held() -> int:
    with scoped(EVERYTHING):
        return Instrument.objects.count()


def test_a_double_click_registers_one_instrument(world: World, sign_in: SignIn) -> None:
    client, posted, before = sign_in("reception"), entry(world), held()
    answers = [client.post("/instruments/new/", posted)["Location"] for _ in range(2)]
    assert (answers[0], held()) == (answers[1], before + 1)


def test_the_way_back_and_another_serial_number_is_told_not_swallowed(world: World, sign_in: SignIn) -> None:
    client, posted = sign_in("reception"), entry(world)
    client.post("/instruments/new/", posted)
    answer = client.post("/instruments/new/", {**posted, "serial": "N-other"})
    assert answer.status_code == 409
    assert "这一页已经办成过一次" in answer.content.decode()


def test_a_change_sent_twice_is_in_the_story_once(world: World, sign_in: SignIn) -> None:
    client, nozzle = sign_in("reception"), world.nozzles()[0]
    address = f"/instruments/{nozzle.identity}/"
    posted = {"act": "state", "state": "sealed", "reason": "送修", "request_id": key_in(client, address)}
    statuses = [client.post(address, posted).status_code for _ in range(2)]
    with scoped(EVERYTHING):
        acts = [act.name for act in journal.acts_of(nozzle.id)]
    assert (statuses, acts) == ([303, 303], ["instrument.register", "instrument.change_state"])


def test_a_change_without_its_key_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    address = f"/instruments/{world.nozzles()[0].identity}/"
    answer = sign_in("reception").post(address, {"act": "retire", "reason": "报废"})
    assert answer.status_code == 422
    assert "这一页已经失效" in answer.content.decode()
