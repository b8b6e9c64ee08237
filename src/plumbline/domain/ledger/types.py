"""Values handed out by the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StatementFacts:
    """A signed statement and, once sequenced, its place in the log; `is_proved` when a signed checkpoint covers it."""

    id: UUID
    type: str
    issuer: str
    payload: bytes
    envelope: bytes
    leaf: bytes
    index: int | None = None
    is_proved: bool = False


@dataclass(frozen=True)
class LogState:
    """Where the log stands: entries published under a signed head, and statements still waiting."""

    origin: str
    size: int
    waiting: int
    note: str
