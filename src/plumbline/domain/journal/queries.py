"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from plumbline.domain.journal import lists
from plumbline.domain.journal.models import Act
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows.listing.spec import Joined, ListSpec, Row


def acts_of(subject_id: UUID) -> tuple[ActFacts, ...]:
    """Return the acts on a subject in their order."""
    return tuple(facts(row) for row in Act.objects.filter(subject_id=subject_id).order_by("sequence"))


def acts_of_many(subject_ids: Iterable[UUID]) -> dict[UUID, tuple[ActFacts, ...]]:
    """Return the acts on several subjects, in order, in one query."""
    found: dict[UUID, list[ActFacts]] = {}
    for row in Act.objects.filter(subject_id__in=list(subject_ids)).order_by("subject_id", "sequence"):
        found.setdefault(row.subject_id, []).append(facts(row))
    return {key: tuple(acts) for key, acts in found.items()}


def act_by_request(request_id: UUID) -> ActFacts | None:
    """Return the act a request has already made, if any."""
    row = Act.objects.filter(pk=request_id).first()
    return facts(row) if row else None


def list_of_acts() -> ListSpec:
    """Return the list of acts; each row brings the act whole, as `fact`."""

    def whole(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = Act.objects.filter(pk__in=[row["id"] for row in rows])
        return {row.id: {"fact": facts(row)} for row in found}

    return lists.acts(Joined(("fact",), whole))


def facts(row: Act) -> ActFacts:
    """Return the value of a row."""
    return ActFacts(
        row.id, row.subject_id, row.sequence, row.name, row.person_id, row.person_name, row.role, row.organisation_id,
        row.at, row.data, row.behalf_id, row.behalf_name,
    )  # fmt: skip
