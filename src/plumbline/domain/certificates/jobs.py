"""Long and timed work of the certificates: outside calibrations taken in piece by piece, ends reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import outside
from plumbline.domain.certificates.reminders import remind, remind_of_instruments
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.intake import actions as intake

__all__ = ["import_calibrations", "remind", "remind_of_instruments"]


def import_calibrations(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take outside calibrations of one owner's instruments in. asked: owner."""
    at = timezone.now()
    yield from intake.work(errand, outside.calibrations_taking(actor, UUID(str(errand.asked["owner"])), at=at), at=at)
