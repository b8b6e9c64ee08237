"""One-time codes of an authenticator app. Source: RFC 6238 with the values every app knows: SHA-1, 30 s, six digits."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS, STEP_S = 6, 30
DRIFT_STEPS = 1
"""How many steps a clock may be off, either way. Source: RFC 6238, 5.2."""
SECRET_BYTES = 20


def new_secret() -> bytes:
    """Return a new shared secret: as long as the hash. Source: RFC 4226, 4 (R6)."""
    return secrets.token_bytes(SECRET_BYTES)


def typed_secret(secret: bytes) -> str:
    """Return the secret as it is typed into an app: base 32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, *, account: str, issuer: str) -> str:
    """Return the `otpauth:` address an app reads from a QR code."""
    return _codes(secret).get_provisioning_uri(account, issuer)


def step_of(secret: bytes, code: str, *, at: datetime) -> int | None:
    """Return the time step whose code this is, near `at`; None if it is none's."""
    codes = _codes(secret)
    now = int(at.timestamp()) // STEP_S
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(codes.generate(step * STEP_S), code.encode()):
            return step
    return None


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303  # HMAC-SHA-1, as RFC 6238 has it and every app expects
