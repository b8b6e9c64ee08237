"""Pure decisions about certificates: their number, and what they are worth on a day."""

from __future__ import annotations

from datetime import date

from plumbline.domain.certificates.types import ENDED
from plumbline.domain.rows.codes import check_character

STANDING = ("valid", "due", "failed")
NEVER_ISSUED = "load_test"
"""What a load-test row is worth on any day: nothing, it was never issued."""
LOAD_TEST_PREFIX = "LT-"


def number_of(institution_code: str, kind: str, *, year: int, serial: int) -> str:
    """Return the number: institution, kind, year, serial of six digits, check character (ISO/IEC 7064 MOD 37,36)."""
    bare = f"{institution_code}-{kind}-{year}-{serial:06d}"
    return f"{bare}-{check_character(''.join(c for c in bare if c.isalnum()))}"


def status_on(day: date, *, kind: str, valid_until: date | None, events: list[str]) -> str:
    """Return what a document is worth on a day: revoked, superseded, failed, due (validity over) or valid."""
    for status in ENDED:
        if status in events:
            return status
    if kind == "T" or valid_until is None:
        return "failed"
    return "due" if day > valid_until else "valid"


def outcome_status(day: date, *, valid_until: date | None, events: list[str]) -> str:
    """Return what an outcome document is worth on a day. events: what happened to it, in order."""
    for ending in ENDED:
        if ending in events:
            return ending
    if is_suspended(events):
        return "suspended"
    return "due" if valid_until is not None and day > valid_until else "valid"


def is_suspended(events: list[str]) -> bool:
    """Tell whether a document that has not ended is suspended after what happened to it, in order."""
    return bool(events) and events[-1] == "suspended"


def is_change(kind: str, events: list[str]) -> bool:
    """Tell whether a document that has not ended is another after an event of a kind."""
    return {"suspended": not is_suspended(events), "reinstated": is_suspended(events)}.get(kind, True)
