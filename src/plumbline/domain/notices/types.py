"""Values handed out by notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.errors import Text, say


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
class SecretLetter:
    """A letter with a secret link, to somebody who is no reader. text: what it says; path: where it leads."""

    address: str
    language: str
    title: Text
    text: Text
    path: str


@dataclass(frozen=True)
class Telling:
    """A sentence for an organisation, and the address it leads to."""

    recipient_id: UUID
    text: Text
    link: str


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


HAPPENINGS = {
    "case.moved": say("业务办了一步"),
    "certificate.issued": say("签发了证书"),
    "certificate.revoked": say("撤销了证书"),
    "certificate.superseded": say("更换了证书"),
    "procedures.published": say("办事清单有了新版本"),
}
"""The kinds of happenings an organisation may be told of, with their names."""
TEST = "ping"
"""The kind of a message that only tries an address."""
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"


@dataclass(frozen=True)
class Happening:
    """Something that happened: its kind, the organisations it concerns, and what a program is told of it.

    data: JSON without personal data; who wants more asks the API by the number it names; region_code: of a case,
    for the feed.
    """

    kind: str
    organisations: tuple[UUID, ...]
    data: Mapping[str, object]
    region_code: str = ""


@dataclass(frozen=True)
class ChangeFacts:
    """Where a case stands, at its place in the feed."""

    place: int
    case: str
    data: Mapping[str, object]
    at: datetime


@dataclass(frozen=True)
class SubscriptionFacts:
    """A subscription as its page shows it, without its secret. failing_since: when a message was first given up."""

    id: UUID
    organisation_id: UUID
    url: str
    kinds: tuple[str, ...]
    made_at: datetime
    ended_at: datetime | None
    failing_since: datetime | None


@dataclass(frozen=True)
class DeliveryFacts:
    """A message: waiting, delivered or given up; what the other side answered last, 0 for nothing."""

    id: UUID
    subscription_id: UUID
    kind: str
    body: str
    at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    answered: int
    fault: str
    done_at: datetime | None


@dataclass(frozen=True)
class DeliveryPage:
    """Some messages, the newest first, and the key to continue after, empty at the end."""

    deliveries: tuple[DeliveryFacts, ...]
    next_key: str


@dataclass(frozen=True)
class Delivered:
    """What one round of delivering did."""

    taken: int = 0
    to_retry: int = 0
    given_up: int = 0

    @property
    def count(self) -> int:
        """How many messages were tried."""
        return self.taken + self.to_retry + self.given_up

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(self.taken + other.taken, self.to_retry + other.to_retry, self.given_up + other.given_up)
