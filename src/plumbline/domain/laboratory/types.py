"""Values handed in and out of the laboratory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class Measurement:
    """What a verifier hands in for one job: readings as decimal text, the measurement standards used, day and place."""

    observations: Mapping[str, object]
    standard_ids: tuple[UUID, ...]
    performed_on: date
    place: str


@dataclass(frozen=True)
class RecordFacts:
    """A raw record as committed. `content` are the bytes of record.json, whose hash is in the log."""

    id: UUID
    number: str
    job_id: UUID
    version: int
    regulation: str
    performed_on: date
    place: str
    verifier_id: UUID
    standard_ids: tuple[UUID, ...]
    observations: Mapping[str, object]
    content: bytes
    statement_id: UUID
    at: datetime


@dataclass(frozen=True)
class DraftFacts:
    """What is being typed. `version` counts the savings, 0 for none yet."""

    content: Mapping[str, object] = field(default_factory=dict)
    version: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True)
class JobFacts:
    """One instrument to verify within a case."""

    id: UUID
    case_id: UUID
    instrument_id: UUID
    position: int
    owner_id: UUID
    body_id: UUID
    region_code: str
    record_id: UUID | None
    certificate_id: UUID | None


class JobRow(NamedTuple):
    """A job as a load test takes it in: as its table has it, every value as the database reads it."""

    id: str
    case_id: str
    instrument_id: str
    position: int
    owner_id: str
    body_id: str
    region_code: str
    certificate_id: str | None
