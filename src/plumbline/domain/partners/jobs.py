"""Long work of partners: their answers taken in piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.intake import actions as intake
from plumbline.domain.partners import actions


def import_answers(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take the answers of a partner in. asked: partner."""
    yield from intake.work(errand, actions.answers_taking(actor, str(errand.asked["partner"])), at=timezone.now())
