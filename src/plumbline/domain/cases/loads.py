"""How much people have in hand: the open cases they are assigned to, by whatever duty, among those visible."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_OPEN = """
    select held.person, count(distinct c.id) from cases_case c cross join lateral (
        select unnest(array[c.verifier_id, c.checker_id, c.approver_id]) as person
        union all select value::uuid from jsonb_each_text(c.assigned)
    ) held where c.ended_at is null and held.person = any(%s) group by held.person
"""


def open_loads(people: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many open cases each of some people is assigned to; one query, whatever their number."""
    wanted = list(people)
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [wanted])
        held = dict(cursor.fetchall())
    return {person: held.get(person, 0) for person in wanted}
