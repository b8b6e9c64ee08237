"""The status list: what was revoked, superseded or suspended of all issued, published by the log for use off line.

Published within one turn of the sequencer after a revocation, and daily. Source: project trust design, section 7.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from plumbline.domain.certificates.models import OutcomeEvent, PublishedStatus, StatusEvent
from plumbline.domain.certificates.types import ENDED
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import LOG_ISSUER, LOG_ORGANISATION, NewStatement
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence.bundle import StatusList, status_list_bytes
from plumbline.evidence.canonical import Json

DAILY = timedelta(days=1)


def publish_if_due(*, at: datetime) -> bool:
    """Publish a new list if a logged event is not in the last one, or the last one is a day old; say whether it was."""
    with scoped(EVERYTHING):
        last = PublishedStatus.objects.order_by("-at", "-id").first()
        items = _items()
        content = status_list_bytes(items)
        if last is not None and bytes(last.content) == content and at - last.at < DAILY:
            return False
        fields: dict[str, Json] = {
            "as_of": at.isoformat(),
            "sha256": hashlib.sha256(content).hexdigest(),
            "count": len(items),
        }
        said = NewStatement("status.published", LOG_ISSUER, fields, LOG_ORGANISATION, log.is_demo())
        statement = ledger.submit(said, at=at)
        PublishedStatus.objects.create(content=content, count=len(items), statement_id=statement.id, at=at)
    return True


def newest() -> StatusList | None:
    """Return the newest list that is itself in the log, None while there is none."""
    for row in PublishedStatus.objects.order_by("-at", "-id")[:2]:
        index = log.index_of(row.statement_id)
        if index is not None and index < log.published_size():
            return StatusList(bytes(row.content), log.logged([row.statement_id])[0])
    return None


def _items() -> list[tuple[int, str, int]]:
    """Return (leaf of what was issued, code, leaf of the event) of every event that is in the log and that lasts."""
    rows = [*StatusEvent.objects.values_list("certificate__statement_id", "kind", "statement_id"), *_of_outcomes()]
    places = log.indices_of([each for first, _, last in rows for each in (first, last)])
    return sorted(
        (places[first], kind, places[last]) for first, kind, last in rows if first in places and last in places
    )


def _of_outcomes() -> list[tuple[UUID, str, UUID]]:
    """Return the events of outcome documents; a suspension only while no later event has taken it away."""
    rows = OutcomeEvent.objects.order_by("at", "id").values_list("outcome__statement_id", "kind", "statement_id")
    ends = [row for row in rows if row[1] in ENDED]
    last = {first: (first, kind, said) for first, kind, said in rows if kind not in ENDED}
    return [*ends, *(row for row in last.values() if row[1] == "suspended")]
