"""Issues certificates for a bench that reads them, and says how they are asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # what is asked is JSON

from django.conf import settings
from django.utils import timezone
from drills.stand.clerk import Clerk

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.commands.demo.acting import key, sequence
from plumbline.faces.commands.log import follow_up


def issue(asked: dict[str, Any]) -> dict[str, Any]:
    """Issue the approved jobs and log everything; asked: {"jobs": [...]}.

    Returns their codes, and the names of two files in the data folder: the bundle of the first, and a trust file.
    """
    at = datetime.now(UTC)
    clerk = Clerk(at, 60)
    numbers = [str(clerk.insist({**job, "request": str(key(job["job"]))})["number"]) for job in asked["jobs"]]
    sequence(at)
    follow_up()
    sequence(at)
    today, folder = timezone.localdate(), Path(settings.PLUMBLINE_DATA)
    with scoped(EVERYTHING):
        found = [certificates.certificate_by_number(number, on=today) for number in numbers]
        (folder / "first.bundle").write_bytes(certificates.bundle(found[0].id, on=today))
        (folder / "trust.json").write_bytes(ledger.trust_root())
    return {"codes": [each.code for each in found], "bundle": "first.bundle", "trust": "trust.json"}
