"""Values handed out by drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class DraftFacts:
    """What was filled in, as the form's own face wrote it, and when it was kept."""

    content: Mapping[str, object]
    saved_at: datetime


@dataclass(frozen=True)
class SavedViewFacts:
    """A saved view: what it is called, and the query of its address."""

    id: UUID
    name: str
    query: str
