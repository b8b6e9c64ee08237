"""Reads of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from plumbline.domain.journal.models import Act
from plumbline.domain.journal.types import ActFacts


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


def latest(*, kind: str = "", before: tuple[datetime, UUID] | None = None, most: int = 50) -> tuple[ActFacts, ...]:
    """Return the newest acts visible to the scope, newest first; `before`: (moment, id) of the last one seen.

    kind: only acts on this kind of subject (case, certificate, instrument, ...).
    """
    rows = Act.objects.order_by("-at", "-id")
    rows = rows.filter(subject_kind=kind) if kind else rows
    if before is not None:
        moment, key = before
        rows = rows.filter(Q(at__lt=moment) | Q(at=moment, id__lt=key))
    return tuple(facts(row) for row in rows[:most])


def facts(row: Act) -> ActFacts:
    """Return the value of a row."""
    return ActFacts(
        row.id, row.subject_id, row.sequence, row.name, row.person_id, row.person_name, row.role, row.organisation_id,
        row.at, row.data, row.behalf_id, row.behalf_name,
    )  # fmt: skip
