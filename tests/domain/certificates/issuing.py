"""Ways to certificates for tests: one nozzle each, replaced, revoked, and all of it in the log."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import actions, queries
from plumbline.domain.certificates.types import CertificateFacts, CheckFacts, Revocation
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence.canonical import parse_strict
from plumbline.faces.commands.log import follow_up
from tests.world import TODAY, World, moment, readings, sequence

MOST_BYTES = 20_000_000


@dataclass(kw_only=True)
class Certified(World):
    """The small world in which the first nozzle has a valid certificate that is in the log."""

    document: CertificateFacts


def approved_nozzle(world: World, number: int, *, at: datetime | None = None, error: float = 0.1) -> CaseFacts:
    """Take a case of the nozzle of that number, counted from 0, as far as approval."""
    at = at or moment()
    nozzle = world.nozzles()[number]
    form = {
        "site": str(nozzle.site_id), "instruments": [str(nozzle.id)], "place": "on_site", "contact_name": "测试",
        "contact_phone": "1",
    }  # fmt: skip
    request = ActRequest("submit", form, seen=0, request_id=uuid4())
    case = world.do("owner", partial(verification.apply, request=request, at=at))
    world.act("reception", case, "accept", at=at)
    world.act("reception", case, "assign", world.people(), at=at)
    world.act("verifier", case, "go_on_site", at=at)
    world.record(case, observations=readings(error), on=at.date(), at=at)
    world.act("checker", case, "review", at=at)
    case = world.act("approver", case, "approve", at=at)
    sequence()
    return case


def issued(world: World, *, number: int = 0, at: datetime | None = None, error: float = 0.1) -> CertificateFacts:
    """Issue the document of a nozzle; it is in the log."""
    found = world.issue(approved_nozzle(world, number, at=at, error=error), at=at)
    sequence()
    return found


def job_of(document: CertificateFacts) -> UUID:
    """Return the job a document came from."""
    with scoped(EVERYTHING):
        return jobs.jobs_of(document.case_id)[0].id


def case_of(document: CertificateFacts) -> CaseFacts:
    """Return the case a document belongs to."""
    with scoped(EVERYTHING):
        return cases.case(document.case_id)


def replaced(
    world: World, old: CertificateFacts, *, request_id: UUID | None = None, reason: str = "地址有误",
    username: str = "approver",
) -> CertificateFacts:  # fmt: skip
    """Replace a document; what is then to be logged is not logged yet."""
    form = {"reason": reason, "certificate": old.number}
    asked = ActRequest("certificate.supersede", form, seen=0, request_id=request_id or uuid4())
    return world.do(username, partial(verification.supersede, job_id=job_of(old), request=asked, at=moment()))


def revoked(
    world: World, document: CertificateFacts, *, username: str = "approver", code: str = "record_wrong",
    reason: str = "记录有误，请勿使用", request_id: UUID | None = None,
) -> CertificateFacts:  # fmt: skip
    """Revoke a document as an account."""
    why = Revocation(code, reason, request_id or uuid4())
    step = partial(actions.revoke, certificate_id=document.id, revocation=why, at=moment())
    return world.do(username, step)


def all_logged() -> None:
    """Let the log catch up with what follows from what it holds: supersessions, then the status list."""
    for _ in range(3):
        sequence()
        follow_up()
    sequence()


def checked(code: str, *, on: date = TODAY) -> CheckFacts:
    """Ask what a public code is worth on a day, as a stranger does."""
    return queries.check(code, on=on)


def bundle_of(document: CertificateFacts) -> bytes:
    """Return the file with which a stranger proves a document."""
    with scoped(EVERYTHING):
        return queries.bundle(document.id, on=TODAY)


def files_of(document: CertificateFacts) -> dict[str, bytes]:
    """Return the files in a document's bundle."""
    bundle = cast("dict[str, Any]", parse_strict(bundle_of(document), MOST_BYTES))  # Any: JSON of our own
    return {name: base64.b64decode(data) for name, data in bundle["files"].items()}
