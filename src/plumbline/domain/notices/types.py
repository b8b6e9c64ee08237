"""Values handed out by notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.errors import Text


@dataclass(frozen=True)
class Addressee:
    """One person who acts for an organisation."""

    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class NoticeFacts:
    """A sentence of a kind, where it leads, when it was written and whether it was read.

    is_personal: it is for the reader alone; any other is its organisation's, read for all once one has read it.
    """

    id: UUID
    text: Text
    link: str
    at: datetime
    is_read: bool
    kind: str = "case"
    is_personal: bool = False


@dataclass(frozen=True)
class ReaderFacts:
    """How somebody wants an organisation's notices by mail. wishes: every kind with its frequency, chosen or usual."""

    address: str
    language: str
    wishes: Mapping[str, str]
    is_confirmed: bool


@dataclass(frozen=True)
class Wishes:
    """What a reader asks for: the address (empty for none), the language, a frequency for kinds of notices."""

    address: str
    language: str
    by_kind: Mapping[str, str]


@dataclass(frozen=True)
class LetterFacts:
    """What became of a letter to a reader."""

    kind: str
    state: str
    made_at: datetime
    ended_at: datetime | None
    attempts: int
    fault: str


@dataclass(frozen=True)
class Due:
    """An end that is near: of what, its last day, how many days before it is told, and whom."""

    subject_id: UUID
    last_day: date
    lead_days: int
    recipient_id: UUID


@dataclass(frozen=True)
class Sending:
    """What came of sending: how many went out, are to be tried again, were given up, were not wanted any more.

    is_set_up False: there are no settings for mail, and nothing was tried.
    """

    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    dropped: int = 0
    is_set_up: bool = True
