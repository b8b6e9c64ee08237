"""Reminds owners of instruments whose verification ends, and lets the registers remind of theirs.

Lead days are rulebook data; each reminder is left once. What was revoked or replaced, or whose instrument was verified
since or is not in use, reminds nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from plumbline.domain.certificates.models import Certificate, StatusEvent
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Due
from plumbline.domain.registers import jobs as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Term, say
from plumbline.rulebook import notices as rulebook
from plumbline.rulebook.calendar import legal_day

BATCH = 2_000
MINE, ONE = "/my/instruments/", "/my/instruments/{identity}/"


def remind(at: datetime) -> int:
    """Leave every reminder that has become due, of instruments and of the registers; returns how many ends."""
    return remind_of_instruments(at) + registers.remind(at)


def remind_of_instruments(at: datetime) -> int:
    """Leave the reminders of instruments, one notice an owner and last day; returns of how many instruments.

    A day of ends is one transaction, or several where there are very many: stopped in between, it goes on from there.
    """
    today, count = legal_day(at), 0
    rule = rulebook.reminder("instrument")
    for number in range(max(rule.lead_days) + 1):
        day = today + timedelta(days=number)
        lead = rule.lead(last_day=day, on=today)
        after = UUID(int=0)
        while lead is not None and (ends := _ends(day, after=after)):
            after = ends[-1].certificate_id
            with scoped(EVERYTHING):
                count += _remind(ends, lead, at=at)
    return count


@dataclass(frozen=True)
class _End:
    """The newest certificate of an instrument in use, with whose it is now and what it is called."""

    certificate_id: UUID
    owner_id: UUID
    last_day: date
    identity: str
    name: Term


def _ends(day: date, *, after: UUID) -> Sequence[_End]:
    later = Certificate.objects.filter(instrument_id=OuterRef("instrument_id"), superseded_by__isnull=True)
    later = later.filter(
        Q(performed_on__gt=OuterRef("performed_on")) | Q(performed_on=OuterRef("performed_on"), id__gt=OuterRef("id"))
    )
    revoked = StatusEvent.objects.filter(certificate_id=OuterRef("pk"))
    with scoped(EVERYTHING):
        rows = Certificate.objects.filter(
            ~Exists(later), ~Exists(revoked), kind="J", is_load_test=False, valid_until=day, id__gt=after,
            superseded_by__isnull=True, instrument__state="in_use",
        )  # fmt: skip
        found = rows.order_by("id").values_list(
            "id", "instrument__owner_id", "instrument__identity", "instrument__name_zh",
            "instrument__name_en",
        )[:BATCH]  # fmt: skip
        return [_End(key, owner, day, identity, Term(zh, en or zh)) for key, owner, identity, zh, en in found]


def _remind(ends: Sequence[_End], lead: int, *, at: datetime) -> int:
    dues = [Due(each.certificate_id, each.last_day, lead, each.owner_id) for each in ends]
    new = {each.subject_id for each in notices.first_reminders("instrument", dues, at=at)}
    owners: dict[UUID, list[_End]] = {}
    for each in ends:
        if each.certificate_id in new:
            owners.setdefault(each.owner_id, []).append(each)
    for owner_id, theirs in owners.items():
        _tell(owner_id, theirs, at=at)
    return len(new)


def _tell(owner_id: UUID, ends: Sequence[_End], *, at: datetime) -> None:
    first = ends[0]
    told = say("{name}（{identity}）的检定到 {day} 为止", name=first.name, identity=first.identity, day=first.last_day)
    link = ONE.format(identity=first.identity)
    if len(ends) > 1:
        told, link = say("{n} 台器具的检定到 {day} 为止", n=len(ends), day=first.last_day), MINE
    notices.tell(owner_id, told, link=link, at=at, kind=notices.REMINDER)
