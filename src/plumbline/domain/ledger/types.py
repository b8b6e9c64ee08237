"""Values handed out by the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from plumbline.evidence.canonical import Json

LOG_ISSUER = "PLUMBLINE-LOG"
LOG_ORGANISATION = UUID(int=0)
"""In whose name the log itself speaks."""
SEAL_LIFE = timedelta(days=366)
"""For how long an announced key is to be used. Source: project trust design, section 10."""


@dataclass(frozen=True)
class NewStatement:
    """What an issuer says. kind: one of evidence.statement.TYPES; issuer: institution code or LOG_ISSUER, who signs."""

    kind: str
    issuer: str
    fields: Mapping[str, Json]
    organisation_id: UUID
    demo: bool


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


@dataclass(frozen=True)
class SealFacts:
    """One announcement of a seal: the id of its key, and the first and the last day it is to be used."""

    key_id: str
    valid_from: date
    valid_to: date
