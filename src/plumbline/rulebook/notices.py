"""The kinds of notices and how they reach a reader; when an end is near, and how long before it one is reminded.

Leaves who reads what to `domain.notices`, and what ends when to the rooms that hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType

from plumbline.errors import InputError, Term, say
from plumbline.rulebook import calendar
from plumbline.rulebook.provenance import Provenance, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, read_table

IMMEDIATE, DAILY, NEVER = "immediate", "daily", "never"
FREQUENCIES = (IMMEDIATE, DAILY, NEVER)


@dataclass(frozen=True)
class Kind:
    """One kind of notice. mail: how it is sent until the reader chooses; at_night: also in the quiet hours."""

    code: str
    name: Term
    mail: str
    at_night: bool = False


@dataclass(frozen=True)
class Reminder:
    """What one is reminded of. lead_days: how many days before its last day, the longest first."""

    code: str
    name: Term
    lead_days: tuple[int, ...]

    def lead(self, *, last_day: date, on: date) -> int | None:
        """Return the lead that a day lies in, the shortest that does; None where it is too early or over."""
        left = (last_day - on).days
        return min((each for each in self.lead_days if 0 <= left <= each), default=None)


@dataclass(frozen=True)
class Notices:
    """The whole file."""

    soon_days: int
    digest_hour: int
    near_working_days: int
    quiet_from: int
    kinds: Mapping[str, Kind]
    reminders: Mapping[str, Reminder]
    provenance: Provenance


@cache
def load() -> Notices:
    """Return notices.toml. Raises InputError naming file, key and remedy."""
    return read_notices(read_table(RULEBOOK / "notices.toml"))


def read_notices(table: Table) -> Notices:
    """Return the notices of a table laid out as notices.toml."""
    provenance = take_provenance(table)
    soon_days, digest_hour = table.positive("soon_days"), table.positive("digest_hour")
    near_working_days, quiet_from = table.positive("near_working_days"), table.positive("quiet_from")
    kinds = {code: _kind(code, row) for code, row in table.tables("kinds").items()}
    reminders = {code: _reminder(code, row) for code, row in table.tables("reminders").items()}
    table.finish()
    return Notices(
        soon_days=soon_days,
        digest_hour=digest_hour,
        near_working_days=near_working_days,
        quiet_from=quiet_from,
        kinds=MappingProxyType(kinds),
        reminders=MappingProxyType(reminders),
        provenance=provenance,
    )


def kind(code: str) -> Kind:
    """Return one kind of notice. Raises InputError when there is none of that code."""
    if code not in load().kinds:
        raise InputError(
            say("没有代码为 {code} 的通知", code=code), remedy=say("查看 notices.toml 中的种类"), field="kind"
        )
    return load().kinds[code]


def reminder(code: str) -> Reminder:
    """Return one reminder. Raises KeyError when there is none of that code: codes are written by the rooms."""
    return load().reminders[code]


def soon_days() -> int:
    """Return how many days before its last day an end is called near."""
    return load().soon_days


def soon(on: date) -> date:
    """Return the last day that is called near on a day."""
    return on + timedelta(days=soon_days())


def near_working_days() -> int:
    """Return how many working days before the last day of a clock whoever answers for it is told."""
    return load().near_working_days


def due_at(code: str, at: datetime) -> datetime:
    """Return when a letter of a kind may go out: at once, or when the quiet hours it fell into are over. at: aware."""
    rule, local = load(), at.astimezone(calendar.LEGAL_ZONE)
    if kind(code).at_night or rule.digest_hour <= local.hour < rule.quiet_from:
        return at
    morning = local.replace(hour=rule.digest_hour, minute=0, second=0, microsecond=0)
    return morning if local.hour < rule.digest_hour else morning + timedelta(days=1)


def _kind(code: str, row: Table) -> Kind:
    found = Kind(code, Term(row.text("zh"), row.text("en")), row.choice("mail", FREQUENCIES), row.flag("at_night"))
    row.finish()
    return found


def _reminder(code: str, row: Table) -> Reminder:
    days = row.wholes("lead_days")
    if not days or min(days) < 1 or list(days) != sorted(set(days), reverse=True):
        what = say("规则文件 {file} 的 {key} 要从多到少，每个至少 1 天", file=row.file, key=row.path("lead_days"))
        raise row.fault(what, "lead_days", remedy=say("例如 [30, 7]"))
    found = Reminder(code, Term(row.text("zh"), row.text("en")), days)
    row.finish()
    return found
