"""What the code of one procedure adds to its definition: guards and effects of acts by name, and lists of choices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import CaseFacts


class Guard(Protocol):
    """What must hold before an act, beyond what the engine asks."""

    def __call__(self, actor: Actor, turn: Turn, *, at: datetime) -> None: ...


class Effect(Protocol):
    """What follows from an act, in its transaction."""

    def __call__(self, actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None: ...


def _nothing(_turn: Turn) -> Mapping[str, Collection[str]]:
    return {}


@dataclass(frozen=True)
class OwnCode:
    """The code of one procedure. offered: what the lists hold that its forms choose from."""

    guards: Mapping[str, Guard] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    offered: Callable[[Turn], Mapping[str, Collection[str]]] = _nothing


NOTHING = OwnCode()
