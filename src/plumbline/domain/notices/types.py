"""Values handed out by notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plumbline.errors import Text


@dataclass(frozen=True)
class NoticeFacts:
    """A sentence, where it leads, when it was written and whether it has been read."""

    text: Text
    link: str
    at: datetime
    is_read: bool
