"""Everything the document of the API allows, and much that it does not, asked as several roles: no answer is a fault
of ours, and each is as the document says."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.registers.actions import register_entry
from plumbline.domain.registers.types import EntryDraft
from plumbline.faces.api.service import openapi
from tests.faces.api.asking import Ask
from tests.world import CITY, TODAY, World, moment, uscc

CHECKS = [
    schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance, response_headers_conformance,
]  # fmt: skip
COMMITTEES = "technical_committees"
Operation = Any  # Any: the library gives its operations no name of their own
Made = Case[Any]  # Any: as above
Values = dict[str, str | int]
BOTH, RIGHT = tuple(GenerationMode), (GenerationMode.POSITIVE,)
ASKED = {"owner": (BOTH, 5), "verifier": (RIGHT, 4), "reception": (RIGHT, 3), "bureau": (RIGHT, 3), "": (RIGHT, 1)}
"""By role: what is asked, and how often each. What the document forbids is refused before rights are asked."""


def document() -> OpenApiSchema:
    found = schemathesis.openapi.from_dict(openapi())
    found.app = WSGIHandler()
    return found


def operations() -> list[Operation]:
    """Return every operation; one whose description is wrong fails here."""
    every: list[Any] = list(document().get_all_operations())  # Any: as above
    return [each.ok() for each in every]


def known(world: World) -> tuple[Values, Values]:
    """Return values that are there, so that not every question is about nothing; and those of entries of a register."""
    case = world.on_site()
    nozzle = world.nozzles()[0]
    typed = {
        "code": "TC1",
        "name": "x",
        "level": "provincial",
        "field": "x",
        "secretariat": uscc(2),
        "region_code": CITY,
    }
    draft = EntryDraft(typed, TODAY)
    entry = world.do("bureau", lambda actor: register_entry(actor, COMMITTEES, draft=draft, at=moment()))
    values: Values = {
        "number": case.number, "identity": nozzle.identity, "act": "accept", "position": "1",
        "register_id": COMMITTEES, "regulation_id": "JJG443-2023", "site": str(nozzle.site_id),
        "site_id": str(nozzle.site_id),
    }  # fmt: skip
    return values, values | {"number": entry.number, "act": "dissolve"}


def put_in(case: Made, values: tuple[Values, Values], *, is_known: bool) -> None:
    """Put values that are there in the place of made-up ones."""
    there = values["/entries/" in case.operation.path]
    for held in (case.path_parameters, case.body):
        if is_known and isinstance(held, dict):
            held |= {name: there[name] for name in set(held) & set(there)}


@pytest.mark.slow
@pytest.mark.parametrize("role", ASKED)
def test_no_operation_fails(world: World, ask: Ask, role: str) -> None:
    values = known(world)
    scopes = [code for code, each in accounts.TOKEN_SCOPES.items()]
    headers = ask(role, *scopes).headers() if role else {"Authorization": "Bearer plt_nobody"}
    modes, examples = ASKED[role]
    ask_one = partial(_ask_all, examples=examples, headers=headers, values=values)
    assert sum(ask_one(operation, mode) for operation in operations() for mode in modes) > 0


def _ask_all(
    operation: Operation, mode: GenerationMode, *, examples: int, headers: dict[str, str], values: tuple[Values, Values]
) -> int:
    """Ask an operation many times; return how often."""
    asked: list[int] = []

    @hypothesis.settings(
        max_examples=examples, database=None, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), data=hypothesis.strategies.data())
    def one(case: Made, data: hypothesis.strategies.DataObject) -> None:
        put_in(case, values, is_known=data.draw(hypothesis.strategies.booleans()))
        asked.append(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    with suppress(hypothesis.errors.Unsatisfiable):  # nothing can be wrong with an operation that takes nothing
        one()
    return len(asked)
