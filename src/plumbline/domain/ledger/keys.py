"""Keys of the log and of the bodies: files in the data folder, never in the database.

A later key store (PKCS#11, remote) fits behind the same `Signer`. Source: project trust design, section 10.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from plumbline.domain.ledger.types import LOG_ISSUER
from plumbline.evidence.log.checkpoint import NoteKey, parse_vkey, vkey_of
from plumbline.evidence.seal.signer import Signer, SoftwareSigner


def log_signer() -> Signer:
    """Return the signer of checkpoints, made on first use."""
    return SoftwareSigner.load_or_create(_folder() / "log.key")


def signer_of(issuer: str) -> Signer:
    """Return the signer of an issuer's statements: the log's own key for the log, else the seal of the body.

    issuer: LOG_ISSUER or an institution code. A seal is made on first use.
    """
    if issuer == LOG_ISSUER:
        return log_signer()
    name = hashlib.sha256(issuer.encode()).hexdigest()[:32]
    return SoftwareSigner.load_or_create(_folder() / f"body-{name}.key")


def log_origin() -> str:
    """Return the name of the log, `<host>/nqi/<year of its shard>`: fixed with the address printed in codes."""
    return settings.PLUMBLINE_LOG_ORIGIN


def log_vkey() -> str:
    """Return the verifier key of the log as text."""
    return vkey_of(log_origin(), log_signer().public_key)


def log_key() -> NoteKey:
    """Return the verifier key of the log."""
    return parse_vkey(log_vkey())


def _folder() -> Path:
    folder = Path(settings.PLUMBLINE_DATA) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
