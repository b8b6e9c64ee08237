"""Asks the API as a program would: a token of somebody of the small world, and a client that carries it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.accounts.types import NewToken
from plumbline.domain.registers import actions
from tests.world import TODAY, World, moment

V1 = "/api/v1"


@dataclass
class Asker:
    """A program with a token."""

    text: str
    language: str = "zh-hans"

    def get(self, path: str, **query: str | int) -> Any:  # Any: the test client's response
        """Ask for something."""
        return Client().get(f"{V1}{path}", query, headers=self.headers())

    def post(self, path: str, body: object = None, *, key: str | None = None) -> Any:  # Any: as above
        """Have something done, under a key of its own."""
        said = "" if body is None else json.dumps(body)
        headers = self.headers() | {"Idempotency-Key": key or str(uuid4())}
        return Client().post(f"{V1}{path}", said, content_type="application/json", headers=headers)

    def upload(self, path: str, data: bytes, *, key: str | None = None, **terms: str) -> Any:  # Any: as above
        """Hand a file over, with what is asked besides it."""
        headers = self.headers() | {"Idempotency-Key": key or str(uuid4())}
        return Client().post(f"{V1}{path}", {"file": SimpleUploadedFile("in.csv", data), **terms}, headers=headers)

    def delete(self, path: str) -> Any:  # Any: as above
        """Have something ended."""
        return Client().delete(f"{V1}{path}", headers=self.headers())

    def headers(self) -> dict[str, str]:
        """Return what every request carries."""
        known = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        return known | {"Accept-Language": self.language}


Ask = Callable[..., Asker]


@pytest.fixture
def ask(world: World, at_noon: None) -> Ask:
    """Return what makes a token of somebody with some scopes, and a program that carries it."""

    def made(username: str, *scopes: str, is_machine: bool = False, language: str = "zh-hans") -> Asker:
        wanted = NewToken("测试", scopes, TODAY + timedelta(days=30), is_machine=is_machine)
        _token, text = world.do(
            username, lambda actor: actions.make_token(actor, wanted, request_id=uuid4(), at=moment())
        )
        return Asker(text, language)

    return made
