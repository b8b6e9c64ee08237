"""Fixtures of the faces' tests: the small world at a fixed moment, and clients signed in as its people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from plumbline.config.works import WORKS
from plumbline.domain.errands.runner import Runner
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import World, moment

SignIn = Callable[[str], Client]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the clock at the day of the small world, so that what ends some day has not ended."""
    monkeypatch.setattr(timezone, "now", lambda: moment(hour=12))


@pytest.fixture
def sign_in(world: World, at_noon: None) -> SignIn:
    """Return a client signed in as one of the people of the world."""

    def signed_in(username: str) -> Client:
        client = Client()
        with scoped(EVERYTHING):
            user = get_user_model().objects.get(username=username)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def work_off() -> None:
    """Do what the worker of a running platform does, until it has nothing to do."""
    Runner(WORKS).run_until_idle()


def act_of(act: str, seen: int, **form: object) -> dict[str, object]:
    """Return the posted form of an act."""
    return {"act": act, "seen": str(seen), "request_id": str(uuid4()), **form}
