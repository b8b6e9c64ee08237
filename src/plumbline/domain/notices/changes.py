"""The feed of changes: where each case stands now, in the order in which others may follow it.

A change is written with the act it tells of, without a place. One numbering at a time gives places afterwards, to what
has been committed: so whoever has read up to a place misses nothing, whichever transaction was slow. A case that moves
again leaves its place and gets a later one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from plumbline.domain.notices.models import Change
from plumbline.domain.notices.types import ChangeFacts, Happening
from plumbline.domain.rows import locks
from plumbline.domain.rows.scope import EVERYTHING, scoped

MOVED = "case.moved"
BATCH, MOST = 5_000, 500
_NUMBERING = locks.named("notices.number_changes")
_GIVE_PLACES = """
    update notices_change c set place = nextval('notices_change_places')
      from (select id from notices_change where place is null order by at, id limit %s for update skip locked) w
     where c.id = w.id"""


def note(happening: Happening, *, at: datetime) -> None:
    """Write where a case stands now, in the transaction of its act; runs under a scope that sees every row."""
    owner_id, body_id = happening.organisations
    row = Change(
        case=str(happening.data["case"]), owner_id=owner_id, body_id=body_id, region_code=happening.region_code,
        data=_plain(happening.data), at=at, place=None,
    )  # fmt: skip
    Change.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["owner_id", "body_id", "region_code", "data", "at", "place"],
    )


def number_changes(_at: datetime) -> int:
    """Give places to the changes that have none; return how many. Due again and again."""
    given = BATCH
    while given == BATCH:
        with transaction.atomic():
            locks.hold(locks.Kind.PERIODIC, _NUMBERING)
            with scoped(EVERYTHING), connection.cursor() as cursor:
                cursor.execute(_GIVE_PLACES, [BATCH])
                given = int(cursor.rowcount)
    return given


def changes_after(place: int, *, most: int) -> Sequence[ChangeFacts]:
    """Return what the scope may see of the changes after a place, in order."""
    rows = Change.objects.filter(place__gt=place).order_by("place")[: min(most, MOST)]
    return [ChangeFacts(row.place or 0, row.case, row.data, row.at) for row in rows]


def _plain(data: Mapping[str, object]) -> dict[str, object]:
    return {key: value if isinstance(value, int) else str(value) for key, value in data.items()}
