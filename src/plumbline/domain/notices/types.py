"""Values handed out by notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plumbline.errors import Text


@dataclass(frozen=True)
class NoticeFacts:
    """A sentence, where it leads, when it was written and whether its organisation has read it."""

    id: UUID
    text: Text
    link: str
    at: datetime
    is_read: bool


@dataclass(frozen=True)
class NoticePage:
    """Some notices, the newest first, and the key to continue after, empty at the end."""

    notices: tuple[NoticeFacts, ...]
    next_key: str
