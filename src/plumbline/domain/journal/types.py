"""Values handed out by the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True)
class Subject:
    """What acts are about, with who may see them: the owner, the body that handles it, the area it lies in."""

    kind: str
    id: UUID
    owner_id: UUID | None = None
    body_id: UUID | None = None
    region_code: str = ""


@dataclass(frozen=True)
class Asked:
    """A request: its key, and the digest of all it asks. The same key with another digest is another request."""

    key: UUID
    digest: str


@dataclass(frozen=True)
class NewAct:
    """An act to append. sequence: the place its author saw, None for the next; asked: the request that asks for it."""

    name: str
    data: Mapping[str, object]
    sequence: int | None = None
    asked: Asked | None = None


@dataclass(frozen=True)
class ActFacts:
    """One act as it was appended; `sequence` counts from 1 for each subject. behalf: in whose place it was done."""

    id: UUID
    subject_id: UUID
    sequence: int
    name: str
    person_id: UUID
    person_name: str
    role: str
    organisation_id: UUID
    at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    behalf_id: UUID | None = None
    behalf_name: str = ""


class ActRow(NamedTuple):
    """An act as a load test takes it in: as its table has it, every value as the database reads it."""

    id: str
    subject_kind: str
    subject_id: str
    sequence: int
    name: str
    user_id: str
    person_id: str
    person_name: str
    role: str
    organisation_id: str
    at: str
    data: str
    owner_id: str | None
    body_id: str | None
    region_code: str
