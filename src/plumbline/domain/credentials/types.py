"""Values handed out by credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Assurance, Grant
from plumbline.errors import Term

PASSWORD, PASSKEY, CODE, RECOVERY, OUTSIDE = "password", "passkey", "totp", "recovery", "oidc"  # names of ways
"""The ways in which somebody may show who they are, as an act keeps them."""
SIGN_IN_KEY = "sign_in"
"""Where a session keeps the sign-in it belongs to."""


@dataclass(frozen=True)
class Device:
    """Where a request comes from, as far as it tells."""

    address: str
    words: str


@dataclass(frozen=True)
class SignInFacts:
    """A sign-in of an account. assurance: how and when its holder last showed who they are."""

    id: UUID
    user_id: UUID
    begun_at: datetime
    seen_at: datetime
    address: str
    device: str
    assurance: Assurance


@dataclass(frozen=True)
class PasskeyFacts:
    """A passkey as its holder knows it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class OutsideFacts:
    """An identity at a provider; `name` is the provider's, None for one that is no longer set up."""

    id: UUID
    provider: str
    name: Term | None
    subject: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Methods:
    """All an account may sign in with. `code_since`: None without an authenticator app."""

    has_password: bool
    passkeys: tuple[PasskeyFacts, ...] = ()
    code_since: datetime | None = None
    recovery_left: int = 0
    outside: tuple[OutsideFacts, ...] = ()

    @property
    def has_second(self) -> bool:
        """Tell whether a password alone no longer opens the account."""
        return bool(self.passkeys) or self.code_since is not None


@dataclass(frozen=True)
class NewCode:
    """What is scanned or typed into an authenticator app to set it up; `secret` is kept by the page until then."""

    secret: bytes
    typed: str
    address: str


@dataclass(frozen=True)
class Offer:
    """What somebody is invited to: an account of that name for a person, with a first role.

    address: where the link is mailed, "" for nowhere: whoever invites hands it over; language: of that letter.
    """

    person_id: UUID
    username: str
    grant: Grant
    address: str = ""
    language: str = ""


@dataclass(frozen=True)
class InvitationFacts:
    """An invitation as its maker and the person invited see it."""

    id: UUID
    offer: Offer
    person_name: str
    person_name_en: str
    organisation_name: str
    organisation_name_en: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None
    letter_id: UUID | None = None

    def is_open(self, at: datetime) -> bool:
        """Tell whether it may be used at a moment."""
        return self.used_at is None and self.withdrawn_at is None and at < self.ends_at
