"""Every address, every role: no page breaks, and what is another's is answered as what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from uuid import UUID

import pytest
from django.test import Client

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.cases import queries as cases
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.rows.codes import new_identity
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.addresses import Address, addresses
from tests.faces.conftest import SignIn, begin_session
from tests.faces.portal.issued import issued
from tests.world import PEOPLE, World, grown, moment, uscc

UNKNOWN = {
    "number": "2026-999999",
    "document": "TESTY-J-2026-999999-0",
    "identity": new_identity(),
    "position": "7",
    "code": "0" * 26,
    "key": "nobody",
    "name": "dcc.xml",
    "kind": "zpl",
    "regulation_id": "jjg000-1900",
    "procedure_id": "no_such_procedure",
    "partner_id": "nobody",
    "path": "0/999",
    "uscc": uscc(99),
    "username": "nobody",
    "standard_id": "00000000-0000-7000-8000-000000000000",
    "which": "nothing",
    "ending": "csv",
    "register_id": "no_such_register",
    "period_id": str(UUID(int=7)),
    "errand_id": str(UUID(int=8)),
    "import_id": str(UUID(int=8)),
    "token": "no:such:token",
    "month": "2019-01",
    "webhook_id": str(UUID(int=7)),
    "delivery_id": str(UUID(int=7)),
    "invitation_id": str(UUID(int=7)),
    "act": "accept",
    "sha256": "0" * 64,
}
HOSTILE = {
    "number": "%00",
    "document": "%00",
    "identity": "..%2f",
    "position": "0",
    "code": "'",
    "key": "%00",
    "name": "x",
    "kind": "exe",
    "regulation_id": "%0a",
    "procedure_id": "%00",
    "partner_id": "%00",
    "path": "../../config.toml",
    "uscc": "%00",
    "username": "%00",
    "standard_id": "x",
    "which": "x",
    "ending": "exe",
    "register_id": "%00",
    "period_id": "%00",
    "errand_id": "%00",
    "import_id": "%00",
    "token": "%00",
    "month": "2026-13",
    "webhook_id": "%00",
    "delivery_id": "x",
    "invitation_id": "%00",
    "act": "%00",
    "sha256": "%00",
}
SENDERS = ("owner", "verifier", "approver", "county")
"""Who sends forms too: one of each reach, and who decides. What a role may not is refused in one place for all."""
ONE_A_ROLE = sorted({role: username for username, _key, role in PEOPLE}.values())


@dataclass(kw_only=True)
class Known(World):
    """The small world with a certificate and a frozen month. values: what names the things that are there."""

    values: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture
def known(request: pytest.FixtureRequest, transactional_db: None) -> Known:
    """Give a test a copy of the world with things that are there."""
    return grown(request, "known", lambda world: Known(world.organisations, world.standard_id, values=existing(world)))


def existing(world: World) -> dict[str, str]:
    """Return values that name things which are there, of the company and its institute."""
    document = issued(world)
    report = indicators.freeze(SYSTEM, date(2026, 10, 1), at=moment())
    with scoped(EVERYTHING):
        case = cases.case(document.case_id)
    return {**UNKNOWN, "register_id": "legal_metrology_institutes", "number": case.number, "document": document.number,
            "code": document.code, "position": "1",
            "identity": world.nozzles()[0].identity, "regulation_id": "jjg443-2023", "uscc": uscc(3),
            "username": "reception", "standard_id": str(world.standard_id), "which": "instruments",
            "month": f"{report.month:%Y-%m}"}  # fmt: skip


def answers(
    client: Client, values: Mapping[str, str], asked: Iterable[Address], *, sends: bool = True
) -> dict[tuple[str, str], int]:
    """Ask addresses, by reading and, if told, by sending an empty form; signing out comes last."""
    client.raise_request_exception = False
    found: dict[tuple[str, str], int] = {}
    for address in sorted(asked, key=lambda each: each.text == "logout/"):
        path = address.at(values)
        found[("GET", path)] = client.get(path).status_code
        if sends:
            found[("POST", path)] = client.post(path).status_code
    return found


def named() -> list[Address]:
    """Return the addresses that name a thing: the others do not change with what is named."""
    return [each for each in addresses() if each.names]


def broken(found: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Return the answers that are a fault of ours."""
    return {asked: status for asked, status in found.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR}


def test_the_walk_sees_the_addresses_of_every_face() -> None:
    texts = {address.text for address in addresses()}
    assert {"work/", "cases/<number>/<position>/observe/", "my/cases/<number>/", "c/<code>", "log/checkpoint"} <= texts


@pytest.mark.parametrize("username", ONE_A_ROLE)
def test_no_page_breaks_for_what_is_there(known: Known, at_noon: None, username: str) -> None:
    client = begin_session(Client(), username)
    assert broken(answers(client, known.values, addresses(), sends=username in SENDERS)) == {}


@pytest.mark.parametrize("username", ["verifier", "owner", "county"])
def test_no_page_breaks_for_what_is_not(world: World, sign_in: SignIn, username: str) -> None:
    client = sign_in(username)
    unknown = answers(client, UNKNOWN, named(), sends=username in SENDERS)
    assert broken(unknown | answers(client, HOSTILE, named(), sends=username in SENDERS)) == {}


def test_no_page_breaks_for_a_stranger(known: Known, at_noon: None, client: Client) -> None:
    assert broken(answers(client, known.values, addresses()) | answers(client, HOSTILE, named())) == {}


def test_what_is_anothers_is_answered_as_what_is_not_there(known: Known, at_noon: None) -> None:
    client, own = begin_session(Client(), "stranger"), known.values
    of_others = [each for each in addresses() if {"number", "document", "identity"} & set(each.names)]
    client.raise_request_exception = False
    told = {each.text: [client.get(each.at(values)).status_code for values in (own, {**UNKNOWN, "position": "1"})]
            for each in of_others}  # fmt: skip
    assert {text: pair for text, pair in told.items() if pair[0] != pair[1]} == {}
