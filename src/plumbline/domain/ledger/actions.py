"""Writes of the ledger: sign a statement and queue it for the log, in the transaction of its business rows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from plumbline.domain.ledger import keys
from plumbline.domain.ledger.models import QueueItem, Statement
from plumbline.domain.ledger.types import StatementFacts
from plumbline.errors import StateError, say
from plumbline.evidence import statement
from plumbline.evidence.canonical import Json
from plumbline.evidence.seal.dsse import seal

SALT_BYTES = 16


def submit(
    kind: str, issuer: str, fields: Mapping[str, Json], *, organisation_id: UUID, demo: bool, at: datetime
) -> StatementFacts:  # fmt: skip
    """Sign what an issuer says and queue it for the log; returns the statement.

    kind: one of evidence.statement.TYPES; issuer: institution code, whose seal signs. The statement, its queue row and
    the caller's rows commit together or not at all.
    Raises: StateError outside a transaction; InputError for wrong fields.
    """
    if not connection.in_atomic_block:
        raise StateError(say("陈述必须和业务数据在同一个事务里写入"), remedy=say("在事务内调用"))
    payload = statement.make_payload(kind, issuer, fields, salt=secrets.token_bytes(SALT_BYTES), demo=demo)
    envelope = seal(payload, [keys.signer_of(issuer)])
    leaf = statement.leaf_bytes(payload, envelope)
    reference = fields.get("ref")
    row = Statement.objects.create(
        type=kind,
        issuer=issuer,
        organisation_id=organisation_id,
        payload=payload,
        envelope=envelope,
        leaf=leaf,
        ref=reference if isinstance(reference, int) else None,
        at=at,
    )
    QueueItem.objects.create(statement=row, leaf=leaf)
    return StatementFacts(row.id, kind, issuer, payload, envelope, leaf)


def announce_key(
    issuer: str, *, organisation_id: UUID, valid_from: date, valid_until: date, demo: bool, at: datetime
) -> StatementFacts:  # fmt: skip
    """Log the key of an issuer before its first use. issuer: an institution code, or keys.LOG_ISSUER for the log."""
    is_log = issuer == keys.LOG_ISSUER
    fields = statement.key_fields(
        keys.signer_of(issuer),
        usage="log" if is_log else "seal",
        owner=issuer,
        valid_from=valid_from,
        valid_until=valid_until,
        vkey=keys.log_vkey() if is_log else None,
    )
    return submit("key.added", issuer, fields, organisation_id=organisation_id, demo=demo, at=at)
