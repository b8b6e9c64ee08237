"""Stories of cases made by hand: acts in their order, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.cases import rules
from plumbline.domain.cases.types import Folded
from plumbline.domain.journal.types import ActFacts
from plumbline.rulebook import procedures
from tests.world import moment

PROCEDURE = procedures.load("verification")
CASE, PERSON = UUID(int=1), UUID(int=2)
START = date(2026, 9, 28)
ON_SITE = ("submit", "resubmit")


def act(
    name: str, *, at: datetime | None = None, form: Mapping[str, object] | None = None, outcome: str | None = None
) -> ActFacts:
    """Return one act, its place still to be set. Without `at` it is done on the first day."""
    to = PROCEDURE.act(name).target(outcome)
    data = {"form": dict(form or {}), "to": to}
    return ActFacts(UUID(int=3), CASE, 0, name, PERSON, "示例员", "verifier", PERSON, at or moment(START), data)


def told(*acts: ActFacts) -> tuple[ActFacts, ...]:
    """Return a story: the acts with their places."""
    return tuple(
        ActFacts(
            each.id, each.subject_id, place, each.name, each.person_id, each.person_name, each.role,
            each.organisation_id, each.at, each.data,
        )
        for place, each in enumerate(acts, start=1)
    )  # fmt: skip


def folded(*acts: ActFacts) -> Folded:
    """Return what a story adds up to, under the limit that starts with the application."""
    return rules.fold(PROCEDURE, told(*acts), clock_acts=ON_SITE)
