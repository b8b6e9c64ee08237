"""Reads of the ledger: statements with their place in the log, proofs, and how the log stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from plumbline.domain.ledger import keys
from plumbline.domain.ledger.models import Checkpoint, Entry, Statement
from plumbline.domain.ledger.types import LOG_ORGANISATION, LogState, SealFacts, StatementFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError, say
from plumbline.evidence.bundle import LoggedStatement, TrustedKey, make_trust
from plumbline.evidence.canonical import Json, decode_base64
from plumbline.evidence.log.proof import format_proof
from plumbline.evidence.log.store import TileStore
from plumbline.evidence.statement import read_payload

_PROVED = Coalesce(Subquery(Checkpoint.objects.order_by("-size").values("size")[:1]), Value(0))
"""How many entries the newest signed checkpoint covers, as part of a query."""
LAST_TAKEN = """
    select q.era, q.xid::text, q.id from ledger_entry e join ledger_queueitem q on q.id = e.queue_item_id
    order by e.index desc limit 1
"""
"""Where the sequencer stands in the queue: the place, in commit order, of the leaf it took last."""
BEFORE_ALL = (0, "0", 0)
"""Where it stands while it has taken nothing."""


def store() -> TileStore:
    """Return the tiles in the data folder."""
    return TileStore(Path(settings.PLUMBLINE_DATA) / "log")


def statement(statement_id: UUID) -> StatementFacts:
    """Return a statement with its place in the log, if it has one yet."""
    return statements([statement_id])[statement_id]


def statements(statement_ids: Iterable[UUID]) -> dict[UUID, StatementFacts]:
    """Return several statements by id, in one query whatever their number."""
    place = Entry.objects.filter(statement_id=OuterRef("id")).values("index")[:1]
    rows = Statement.objects.filter(id__in=list(statement_ids)).annotate(place=Subquery(place), proved=_PROVED)
    return {row.id: _facts(row) for row in rows}


def proved_index(statement_id: UUID) -> int:
    """Return the log index of a statement that a signed checkpoint covers. Raises: StateError if it has none yet."""
    return proved_indices([statement_id])[statement_id]


def proved_indices(statement_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the log indices of statements that a signed checkpoint covers, in one query.

    Raises: StateError naming the first that has none yet.
    """
    wanted = list(statement_ids)
    covered = Entry.objects.filter(statement_id__in=wanted, index__lt=_PROVED)
    places = dict(covered.values_list("statement_id", "index"))
    for statement_id in wanted:
        if statement_id not in places:
            raise StateError(
                say("依据的事实还没有写进公开日志"),
                where=say("陈述 {id}", id=statement_id),
                remedy=say("日志通常在一秒内写入；稍候再办，超过一分钟请告知管理员"),
            )
    return places


def index_of(statement_id: UUID) -> int | None:
    """Return the log index of a statement, or None while it is not in the log."""
    return Entry.objects.filter(statement_id=statement_id).values_list("index", flat=True).first()


def indices_of(statement_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the log indices of those statements that are in the log, in one query."""
    rows = Entry.objects.filter(statement_id__in=list(statement_ids))
    return dict(rows.values_list("statement_id", "index"))


def published_leaf(index: int) -> bytes:
    """Return the leaf at a log index as the published tiles have it. Raises: ProofError if they cannot be read."""
    head = Checkpoint.objects.latest("size")
    return store().entry(index, head.size)


def is_demo() -> bool:
    """Tell whether this log is a demo's."""
    return bool(settings.PLUMBLINE_DEMO)


def statements_at(indices: Iterable[int]) -> list[UUID]:
    """Return the statements at some log indices, in the order asked."""
    wanted = list(indices)
    found = dict(Entry.objects.filter(index__in=wanted).values_list("index", "statement_id"))
    return [found[index] for index in wanted]


def statements_of_type(*types: str) -> list[UUID]:
    """Return the statements of some types, oldest first."""
    return list(Statement.objects.filter(type__in=types).order_by("at", "id").values_list("id", flat=True))


def key_statements(organisation_ids: Iterable[UUID]) -> list[UUID]:
    """Return the announcements of the seals of some bodies, and of the log's own key, that a signed head covers."""
    rows = Statement.objects.filter(type="key.added", organisation_id__in=[LOG_ORGANISATION, *organisation_ids])
    rows = rows.filter(id__in=Entry.objects.filter(index__lt=_PROVED).values("statement_id"))
    return list(rows.order_by("at", "id").values_list("id", flat=True))


def seals_of(organisation_id: UUID) -> list[SealFacts]:
    """Return the announcements of the seal of a body, the newest first. They are public, as all keys in the log."""
    with scoped(EVERYTHING):
        rows = Statement.objects.filter(type="key.added", organisation_id=organisation_id).order_by("-at", "-id")
        payloads = list(rows.values_list("payload", flat=True))
    return [
        SealFacts(
            key_id=str(key["id"]),
            valid_from=date.fromisoformat(str(key["valid_from"])),
            valid_to=date.fromisoformat(str(key["valid_until"])),
        )
        for payload in payloads
        if isinstance(key := read_payload(bytes(payload))["key"], dict) and key["usage"] == "seal"
    ]


def has_seal(issuer: str, organisation_id: UUID, *, on: date) -> bool:
    """Tell whether the seal that an issuer has now was announced for a day."""
    key_id = keys.signer_of(issuer).key_id
    return any(each.key_id == key_id and each.valid_from <= on <= each.valid_to for each in seals_of(organisation_id))


def speakers(indices: Iterable[int]) -> set[UUID]:
    """Return in whose names the statements at some log indices were said."""
    ids = Entry.objects.filter(index__in=list(indices)).values_list("statement_id", flat=True)
    return set(Statement.objects.filter(id__in=list(ids)).values_list("organisation_id", flat=True))


def proof(statement_id: UUID) -> str:
    """Return the inclusion proof of a statement as text (C2SP tlog-proof). Raises: StateError if not yet logged."""
    return format_proof_at(proved_index(statement_id))


def format_proof_at(index: int) -> str:
    """Return the proof text of a log index under the newest published checkpoint."""
    head = Checkpoint.objects.latest("size")
    return format_proof(index, store().inclusion_proof(index, head.size), note=head.note)


def logged(statement_ids: Iterable[UUID]) -> list[LoggedStatement]:
    """Return the envelopes of statements with their proofs under one checkpoint, in the order asked, as bundles do.

    Raises: StateError if one is not yet logged.
    """
    wanted = list(statement_ids)
    places, said = proved_indices(wanted), statements(wanted)
    head, tiles = Checkpoint.objects.latest("size"), store()
    return [
        LoggedStatement(
            said[each].envelope,
            format_proof(places[each], tiles.inclusion_proof(places[each], head.size), note=head.note),
        )
        for each in wanted
    ]


def published_size() -> int:
    """Return how many entries the newest signed checkpoint covers."""
    return Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0


def trust_root() -> bytes:
    """Return trust.json: the keys of the log and of the bodies, as they were announced in the log.

    Not yet signed by root keys: whoever relies on it takes it from another place than the bundle.
    """
    with scoped(EVERYTHING):
        rows = Statement.objects.filter(type="key.added").order_by("at", "id")
        said = [read_payload(bytes(payload)) for payload in rows.values_list("payload", flat=True)]
    return make_trust([keys.log_vkey()], list(dict.fromkeys(_trusted(each) for each in said)))


def _trusted(payload: Mapping[str, Json]) -> TrustedKey:
    """Return the key a `key.added` announces, as its owner's: the log, who speaks, does not own it."""
    key = cast("dict[str, str]", payload["key"])  # the members of a statement this room wrote itself
    demo = payload.get("demo") is True
    return TrustedKey(key["owner"], decode_base64(key["public"]), demo=demo, usage=key["usage"])


def log_vkey() -> str:
    """Return the verifier key of the log as text."""
    return keys.log_vkey()


def log_state() -> LogState:
    """Return how the log stands."""
    head = Checkpoint.objects.order_by("-size").first()
    with connection.cursor() as cursor:
        cursor.execute(LAST_TAKEN)
        last = cursor.fetchone() or BEFORE_ALL
        cursor.execute("select count(*) from ledger_queueitem where (era, xid, id) > (%s, %s::xid8, %s)", last)
        (waiting,) = cursor.fetchone() or (0,)
    return LogState(keys.log_origin(), head.size if head else 0, waiting, head.note if head else "")


def _facts(row: Statement) -> StatementFacts:
    index, proved = row.place, row.proved  # type: ignore[attr-defined]  # annotated by `statements`
    return StatementFacts(
        row.id, row.type, row.issuer, bytes(row.payload), bytes(row.envelope), bytes(row.leaf), index,
        is_proved=index is not None and index < proved,
    )  # fmt: skip
