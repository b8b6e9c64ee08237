"""Recovery codes: they come with the first passkey or app, and go with the last."""

from __future__ import annotations

import secrets
from uuid import UUID

from plumbline.domain.credentials import queries, rules
from plumbline.domain.credentials.models import CodeSecret, Passkey, RecoveryCode, WrongCodes
from plumbline.domain.rows import sealing
from plumbline.rulebook import signing

LETTERS = "bcdfghjkmnpqrtvwxyz23456789"
"""No letter that is taken for another or for a digit, and no vowel that would make a word."""
PARTS, PART = 3, 4
PURPOSE = "recovery"


def first_codes(user_id: UUID) -> tuple[str, ...]:
    """Make codes where the account has none at all; returns them, else none."""
    return () if RecoveryCode.objects.filter(user_id=user_id).exists() else new_codes(user_id)


def new_codes(user_id: UUID) -> tuple[str, ...]:
    """Put new codes in place of all earlier ones, used or not; returns them, of which only digests are kept."""
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = tuple(_code() for _ in range(signing.load().recovery_codes))
    RecoveryCode.objects.bulk_create([RecoveryCode(user_id=user_id, digest=digest(code)) for code in codes])
    return codes


def drop_if_alone(user_id: UUID) -> None:
    """Forget the codes of an account that has nothing left they would stand in for."""
    if not queries.has_second(user_id):
        RecoveryCode.objects.filter(user_id=user_id).delete()


def forget_ways(user_id: UUID) -> int:
    """Forget every passkey, the app and the recovery codes of an account; returns how many ways that were.

    Whoever does so asks the right and tells why. Identities at providers stay: nobody loses those with a phone.
    """
    RecoveryCode.objects.filter(user_id=user_id).delete()
    WrongCodes.objects.filter(user_id=user_id).delete()
    return Passkey.objects.filter(user_id=user_id).delete()[0] + CodeSecret.objects.filter(user_id=user_id).delete()[0]


def digest(typed: str) -> str:
    """Return the digest of a code, however it was typed."""
    return sealing.digest(PURPOSE, rules.plain_code(typed))


def _code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(PART)) for _ in range(PARTS))
