"""In which order facts arrived, and from when on a place in that order holds all that came before it.

Every row of a fact takes a number as it is written (migration 0002), and commits later: the rows below a number are a
settled set only when every transaction that was writing as the number was taken has ended. Such a transaction holds the
lock of a writer on one of the tables before its first row has a number, so that its end can be waited for; nobody is
kept from writing meanwhile. Clocks have no part in it, and the numbers go with the rows into a copy of the database.
"""

from __future__ import annotations

import time

from django.db import connection

from plumbline.errors import StateError, say

SEQUENCE = "indicators_arrival"
FACTS = (
    "cases_case",
    "certificates_certificate",
    "certificates_statusevent",
    "journal_act",
    "registers_instrument",
)
"""The tables whose rows are counted, or say how a counted one was on a day."""
EVERYTHING_SO_FAR = 2**63 - 1
PATIENCE_S = 120.0
PAUSE_S = 0.05

_WRITING = """
    select distinct virtualtransaction from pg_locks
     where locktype = 'relation' and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()
       and database = (select oid from pg_database where datname = current_database())
       and relation in (select to_regclass(name) from unnest(%s::text[]) name)
"""


def settled_place(*, patience_s: float = PATIENCE_S) -> int:
    """Return a place in the order of facts before which nothing will arrive any more.

    Raises: StateError while a transaction that began before it goes on writing, as a long import does.
    """
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s)", [SEQUENCE])
        (place,) = cursor.fetchone() or (0,)
    awaited, end = _writing(), time.monotonic() + patience_s
    while awaited:
        if time.monotonic() > end:
            raise StateError(say("有一批数据正在写入，还没有写完"), remedy=say("等它写完再冻结"))
        time.sleep(PAUSE_S)
        awaited &= _writing()
    return int(place)


def _writing() -> set[str]:
    """Return the transactions of others that are writing facts now."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITING, [list(FACTS)])
        return {str(each) for (each,) in cursor.fetchall()}
