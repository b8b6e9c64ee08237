"""Writes of the ledger: sign a statement and queue it for the log, in the transaction of its business rows."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from plumbline.domain.ledger import audit as auditing
from plumbline.domain.ledger import keys, sequencer
from plumbline.domain.ledger.audit import AuditReport
from plumbline.domain.ledger.models import QueueItem, Statement
from plumbline.domain.ledger.types import LOG_ISSUER, LOG_ORGANISATION, NewStatement, StatementFacts
from plumbline.errors import StateError, say
from plumbline.evidence import statement
from plumbline.evidence.seal.dsse import seal

SALT_BYTES = 16


def submit(said: NewStatement, *, at: datetime) -> StatementFacts:
    """Sign what an issuer says and queue it for the log; returns the statement.

    The statement, its queue row and the caller's rows commit together or not at all.
    Raises: StateError outside a transaction; InputError for wrong fields.
    """
    if not connection.in_atomic_block:
        raise StateError(say("陈述必须和业务数据在同一个事务里写入"), remedy=say("在事务内调用"))
    salt = secrets.token_bytes(SALT_BYTES)
    payload = statement.make_payload(said.kind, said.issuer, fields=said.fields, salt=salt, demo=said.demo)
    envelope = seal(payload, [keys.signer_of(said.issuer)])
    leaf = statement.leaf_bytes(payload, envelope)
    reference = said.fields.get("ref")
    row = Statement.objects.create(
        type=said.kind,
        issuer=said.issuer,
        organisation_id=said.organisation_id,
        payload=payload,
        envelope=envelope,
        leaf=leaf,
        ref=reference if isinstance(reference, int) else None,
        at=at,
    )
    QueueItem.objects.create(statement=row, leaf=leaf)
    return StatementFacts(row.id, said.kind, said.issuer, payload, envelope, leaf)


def announce_log_key(*, span: tuple[date, date], demo: bool, at: datetime) -> StatementFacts:
    """Log the log's own key, with which it also speaks about the keys of bodies and about revocation."""
    fields = statement.key_fields(keys.log_signer(), LOG_ISSUER, usage="log", span=span, vkey=keys.log_vkey())
    return submit(NewStatement("key.added", LOG_ISSUER, fields, LOG_ORGANISATION, demo), at=at)


def announce_key(
    issuer: str, *, organisation_id: UUID, span: tuple[date, date], demo: bool, at: datetime
) -> StatementFacts:
    """Log the seal of a body before its first use, said by the log: who trusts the log's key then knows the body's."""
    fields = statement.key_fields(keys.signer_of(issuer), issuer, usage="seal", span=span)
    return submit(NewStatement("key.added", LOG_ISSUER, fields, organisation_id, demo), at=at)


def sequence(*, at: datetime) -> int:
    """Take what waits in the queue into the log and sign its head; returns the size of the signed tree.

    Raises: ProofError if the log may not be signed, see `sequencer`.
    """
    return sequencer.run_once(at=at)


def sequence_until(*, should_stop: Callable[[], bool], after_turn: Callable[[], None]) -> None:
    """Sequence until told to stop. after_turn: called when the log has grown."""
    sequencer.run_forever(should_stop=should_stop, after_turn=after_turn)


def audit() -> AuditReport:
    """Recompute statements, leaves and the whole tree from what is stored, and compare with the signed head."""
    return auditing.audit()
