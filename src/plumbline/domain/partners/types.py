"""Values handed out by partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PackageFacts:
    """A package: what was given, when, by whom, and how many of its things were accepted and rejected so far."""

    id: UUID
    partner: str
    format: str
    person_name: str
    only_new: bool
    made_at: datetime
    accepted: int = 0
    rejected: int = 0
