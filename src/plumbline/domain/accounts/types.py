"""Values handed out by accounts: who acts, and what an act is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.rows.types import Scope

ROLE_KEY = "membership"
"""Where a session keeps the membership its reader has chosen to act in."""
DEMO_PASSWORD = "plumbline-demo"  # noqa: S105  # shown on purpose; only accounts marked as demo have it


@dataclass(frozen=True)
class Behalf:
    """In whose place somebody acts: the person whose role and rights they use."""

    person_id: UUID
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Actor:
    """Somebody acting in one role for one organisation; `regions` are the codes of the area, old codes too, of a
    role that reaches one.

    The person is always who really acts. behalf: in whose place, with `only` the rights handed over; `membership_id`
    then is the key of the delegation.
    """

    user_id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str
    name: str
    organisation_name: str
    regions: tuple[str, ...] = ()
    membership_id: UUID | None = None
    sees_everything: bool = False
    organisation_name_en: str = ""
    name_en: str = ""
    behalf: Behalf | None = None
    only: frozenset[str] | None = None
    narrowed_to: tuple[str, ...] | None = None
    """Of somebody who acts by a token: patterns of the rights its scopes open; None for all that the role carries."""

    @property
    def duty_of(self) -> UUID:
        """Whose duties the actor sees to: the person's own, or those of whom they stand in for."""
        return self.behalf.person_id if self.behalf else self.person_id

    @property
    def scope(self) -> Scope:
        """What the actor's transactions may see."""
        return Scope((self.organisation_id,), self.regions, everything=self.sees_everything)


@dataclass(frozen=True)
class Grant:
    """A role to give: for which organisation, in which area (where the role has one), from when until when.

    Its members are named as the columns of a membership.
    """

    organisation_id: UUID
    role: str
    valid_from: date
    region_code: str = ""
    valid_to: date | None = None


@dataclass(frozen=True)
class Subject:
    """What an act is about, as far as rights go: who owns it, which body handles it, where it lies."""

    owner_id: UUID | None = None
    body_id: UUID | None = None
    region_code: str = ""


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo, as its sign-in page lists it."""

    username: str
    name: str
    organisation_name: str
    organisation_name_en: str
    role: str


@dataclass(frozen=True)
class RoleFacts:
    """A role given to an account; both days included, no last day where none was set."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    role: str
    region_code: str
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class AccountFacts:
    """An account as a list of accounts shows it: whose it is, and the roles given, the oldest first."""

    id: UUID
    username: str
    name: str
    organisation_name: str
    is_active: bool
    roles: tuple[RoleFacts, ...]


@dataclass(frozen=True)
class Handing:
    """What somebody hands to another: to which account, which rights, for which days (both included), and why."""

    delegate_id: UUID
    rights: tuple[str, ...]
    valid_from: date
    valid_to: date
    reason: str


@dataclass(frozen=True)
class DelegationFacts:
    """Rights handed over: by whom in which role, to whom, for which days; ended_at: when that was ended early."""

    id: UUID
    organisation_id: UUID
    role: str
    region_code: str
    giver_user_id: UUID
    giver: Behalf
    delegate_user_id: UUID
    delegate: Behalf
    rights: tuple[str, ...]
    valid_from: date
    valid_to: date
    reason: str
    given_at: datetime
    ended_at: datetime | None

    def holds(self, on: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.ended_at is None and self.valid_from <= on <= self.valid_to

    def is_over(self, on: date) -> bool:
        """Tell whether it can never be used again from a day on."""
        return self.ended_at is not None or self.valid_to < on


@dataclass(frozen=True)
class AbsenceFacts:
    """Days on which a person is away from an organisation, both included."""

    id: UUID
    user_id: UUID
    person: Behalf
    organisation_id: UUID
    first_day: date
    last_day: date
    ended_at: datetime | None


@dataclass(frozen=True)
class Colleague:
    """Somebody of a house to whom rights may be handed: the account, the person, the roles held there."""

    user_id: UUID
    person_id: UUID
    name: str
    name_en: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class NewToken:
    """A token to make. is_machine: it belongs to the role in the organisation, else to the person in that role."""

    name: str
    scopes: tuple[str, ...]
    expires_on: date
    is_machine: bool = False


@dataclass(frozen=True)
class TokenFacts:
    """A token as its page shows it: never the secret, of which only a hash is kept. prefix: what it is told apart by.

    expires_on: the last day it works; holder: the person, or the role a machine acts in.
    """

    id: UUID
    prefix: str
    name: str
    scopes: tuple[str, ...]
    is_machine: bool
    organisation_id: UUID
    role: str
    holder: str
    made_by: str
    made_at: datetime
    expires_on: date
    revoked_at: datetime | None
    last_used_at: datetime | None

    def works(self, on: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.revoked_at is None and on <= self.expires_on


@dataclass(frozen=True)
class Bearer:
    """Who asks by a token: the token, and the actor it acts as, narrowed to its scopes."""

    token: TokenFacts
    actor: Actor
