"""Long work of procedures: applications taken in from a file, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.intake import actions as intake
from plumbline.domain.procedures import bringing, queries
from plumbline.domain.procedures.bringing import SENTENCES, cases_taking, choices, template

__all__ = ["SENTENCES", "cases_taking", "choices", "import_cases", "template"]


def import_cases(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take applications under one procedure in. asked: procedure."""
    at = timezone.now()
    found = queries.procedure(str(errand.asked["procedure"]))
    yield from intake.work(errand, bringing.cases_taking(actor, found, at=at), at=at)
