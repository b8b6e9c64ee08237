"""How the demo acts: each step under the scope of the account that would click, with a request key made from its name.

A key is made once and for all from the name of the step, so that a demo that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import DEMO, Actor
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook.calendar import LEGAL_ZONE

NAMESPACE = UUID("6f0f1f5e-2f0b-5b1e-9d52-0d7e40a3c001")
T = TypeVar("T")


def moment(day: date, hour: int, *, minute: int = 0) -> datetime:
    """Return a moment of a legal day."""
    return datetime.combine(day, time(hour, minute), LEGAL_ZONE)


def weekday(day: date) -> date:
    """Return the day, or the Monday after it when it is a Saturday or Sunday."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def friday(day: date) -> date:
    """Return the day, or the Friday before it when it is a Saturday or Sunday, so that nothing is told of tomorrow."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def key(name: str) -> UUID:
    """Return the request key of a named step."""
    return uuid5(NAMESPACE, name)


def request(name: str, act: str, *, form: Mapping[str, object] | None = None, seen: int = 0) -> ActRequest:
    """Return the request of a named step."""
    return ActRequest(act, form or {}, seen=seen, request_id=key(name))


class Cast:
    """The demo's people by account name, read once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._actors: dict[str, Actor] = {}

    def actor(self, username: str) -> Actor:
        """Return who acts under an account."""
        if username not in self._actors:
            with scoped(EVERYTHING):
                self._actors[username] = replace(accounts.actor_of(username, on=self._on), assurance=DEMO)
        return self._actors[username]

    def do(self, username: str, step: Callable[[Actor], T]) -> T:
        """Do a step as an account, in one transaction that sees what the account sees."""
        actor = self.actor(username)
        with scoped(actor.scope):
            return step(actor)


def sequence(at: datetime) -> None:
    """Let the log catch up, as the running sequencer would within a second."""
    before = -1
    while (size := ledger.sequence(at=at)) != before:
        before = size
