"""Long and timed work of procedures: applications taken in from a file; the catalogue told to who wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.intake import actions as intake
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Happening
from plumbline.domain.procedures import bringing, queries
from plumbline.domain.procedures.bringing import SENTENCES, cases_taking, choices, template
from plumbline.rulebook import procedures as rulebook

__all__ = ["SENTENCES", "cases_taking", "choices", "import_cases", "publish_catalogue", "template"]


def import_cases(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Take applications under one procedure in. asked: procedure."""
    at = timezone.now()
    found = queries.procedure(str(errand.asked["procedure"]))
    yield from intake.work(errand, bringing.cases_taking(actor, found, at=at), at=at)


def publish_catalogue(at: datetime) -> int:
    """Tell every subscription of the catalogue once what it is now; return how many were told. Due again and again."""
    digest = rulebook.catalogue_digest()
    said = {"digest": digest, "procedures": [dict(each) for each in rulebook.catalogue()]}
    return notices.publish(Happening("procedures.published", (), said), digest=digest, at=at)
