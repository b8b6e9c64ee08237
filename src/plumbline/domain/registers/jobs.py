"""Long and timed work of the registers: files taken in piece by piece, ends reminded of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.intake import actions as intake
from plumbline.domain.registers import actions
from plumbline.domain.registers.reminders import remind
from plumbline.domain.registers.types import IntakeTarget

__all__ = ["import_entries", "import_instruments", "import_organisations", "remind", "target_of"]


def import_entries(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take entries of a simple register in. asked: register, since."""
    at, asked = timezone.now(), errand.asked
    since = date.fromisoformat(str(asked["since"]))
    yield from intake.work(errand, actions.entries_taking(actor, str(asked["register"]), since=since, at=at), at=at)


def import_instruments(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take instruments of one owner in. asked: owner, region, site ("" for none), category."""
    at = timezone.now()
    yield from intake.work(errand, actions.instruments_taking(actor, target_of(errand), at=at), at=at)


def import_organisations(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take organisations in, in the name of the office of an area. asked: region."""
    yield from intake.work(errand, actions.organisations_taking(actor, str(errand.asked["region"])), at=timezone.now())


def target_of(errand: ErrandFacts) -> IntakeTarget:
    """Return where the instruments of an errand go."""
    asked = errand.asked
    site_id = UUID(str(asked["site"])) if asked["site"] else None
    return IntakeTarget(UUID(str(asked["owner"])), str(asked["region"]), site_id, str(asked["category"]))
