"""Values handed out by drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DraftFacts:
    """What was filled in, as the form's own face wrote it, and when it was kept."""

    content: Mapping[str, object]
    saved_at: datetime
