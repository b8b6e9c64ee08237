"""The sweep of clocks, each hour: tells of last days that are near, raises those that are past to the house above.

Each is told once: a near end by `notices.first_reminders`, a missed one by its row in `Raised`. A batch is one
transaction, so that stopped in between the next run goes on from there, and memory is that of a batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.cases import clocks, queries, rules
from plumbline.domain.directory import queries as directory
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Due, Telling
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, Term, Text, say
from plumbline.rulebook import calendar, procedures, roles
from plumbline.rulebook import notices as rulebook
from plumbline.rulebook.procedures import Procedure, days_between

BATCH = 2_000
REMINDER = "clock"
OFFICE, OWN = "/cases/", "/my/cases/"
# Read along the index of running clocks: a day, and a key within it, from which to go on.
_RUNNING = """
    select k.id, k.case_id, k.name, k.due_on, k.owner_id, k.body_id, k.region_code, c.number, c.procedure, c.edition,
           c.state, coalesce(c.details->>'place', ''), c.tracks
      from cases_caseclock k join cases_case c on c.id = k.case_id
     where k.due_on between %(first)s and %(last)s and (k.due_on, k.id) > (%(day)s, %(key)s)
       and {not_told}
     order by k.due_on, k.id limit %(most)s
"""
_NEAR = _RUNNING.format(
    not_told="not exists (select from notices_reminder r where r.kind = 'clock' and r.subject_id = k.id"
    " and r.last_day = k.due_on and r.lead_days = %(lead)s)"
)
_PAST = _RUNNING.format(
    not_told="not exists (select from cases_raised r where r.clock_id = k.id and r.limit_on = k.due_on)"
)
_RAISE = """
    insert into cases_raised (id, clock_id, case_id, name, owner_id, body_id, region_code, limit_on, days_over,
                              raised_on, raised_to_id, at)
    select id, clock_id, case_id, name, owner_id, body_id, region_code, limit_on, days_over, %s, raised_to, %s
      from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::date[],
                  %s::int[], %s::uuid[])
        as t (id, clock_id, case_id, name, owner_id, body_id, region_code, limit_on, days_over, raised_to)
    on conflict do nothing returning clock_id
"""


@dataclass(frozen=True)
class Running:
    """A clock that runs, with its case. place: where the case says its limit is looked up, "" for none;
    tracks: what goes on in it side by side, as JSON."""

    id: UUID
    case_id: UUID
    name: str
    due_on: date
    owner_id: UUID
    body_id: UUID
    region_code: str
    number: str
    procedure: str
    edition: str
    state: str
    place: str
    tracks: str

    @property
    def is_known(self) -> bool:
        """Tell whether the edition of the case is there and has the clock; what is not is said on the page of the case
        and must not keep the others from being told."""
        try:
            return self.name in self.definition.clocks and self.state in self.definition.states
        except InputError:
            return False

    @property
    def definition(self) -> Procedure:
        """The edition the case runs on."""
        return procedures.load(self.procedure, self.edition)

    @property
    def called(self) -> Term:
        """The name of the clock."""
        clock = self.definition.clocks[self.name]
        return Term(clock.zh, clock.en)

    @property
    def is_owners(self) -> bool:
        """Tell whether who applied answers for the clock."""
        return rules.answering_side(self.definition, self.name) == "owner"

    @property
    def answers(self) -> UUID:
        """The house that answers for the clock."""
        return self.owner_id if self.is_owners else self.body_id

    @property
    def link(self) -> str:
        """The address of the case for the house that answers."""
        return f"{OWN if self.is_owners else OFFICE}{self.number}"


@dataclass(frozen=True)
class _Late:
    """A clock past its last day: how many days of its kind, and the house above it is raised to."""

    clock: Running
    days: int
    kind: str
    above: UUID | None


@dataclass
class _Known:
    """What a run has asked already: the kind of days of a legal limit, and the house above another."""

    on: date
    kinds: dict[tuple[str, str, str], str] = field(default_factory=dict)
    above: dict[UUID, UUID | None] = field(default_factory=dict)

    def late(self, each: Running) -> _Late:
        """Return how late a clock is; in days of the calendar where its working days are not known."""
        kind = self.kind(each)
        days = days_between(kind, each.due_on, end=self.on)
        if days is None:
            kind, days = "calendar", (self.on - each.due_on).days
        return _Late(each, days, kind, self.house_above(each))

    def kind(self, each: Running) -> str:
        """Return the kind of days a clock counts in."""
        clock = each.definition.clocks[each.name]
        if clock.days:
            return clock.kind
        asked = (each.procedure, each.place, each.region_code)
        if asked not in self.kinds:
            limit = queries.time_limit(each.procedure, each.place, region_code=each.region_code)
            self.kinds[asked] = limit.kind if limit else "calendar"
        return self.kinds[asked]

    def house_above(self, each: Running) -> UUID | None:
        """Return whom a missed limit is raised to: of who applied, who decides; else the house above that."""
        if each.is_owners:
            return each.body_id
        if each.body_id not in self.above:
            self.above[each.body_id] = house_above(each.body_id, on=self.on)
        return self.above[each.body_id]


def sweep(at: datetime) -> int:
    """Tell of every last day that has come near or passed since the last run; returns how many clocks."""
    last: UUID | None = UUID(int=0)
    while last is not None:
        with scoped(EVERYTHING):
            last = clocks.keep_missing(last, most=BATCH)
    return remind_of_near(at) + raise_past(at)


def remind_of_near(at: datetime) -> int:
    """Tell whoever answers for a clock that its last day is near, each once; returns of how many clocks."""
    today, lead = calendar.legal_day(at), rulebook.near_working_days()
    last = calendar.add_working_days(today, lead)
    if last is None:  # the calendar of that year is not known yet: nothing is guessed
        return 0

    def tell(batch: Sequence[Running]) -> int:
        dues = [Due(each.id, each.due_on, lead, each.answers) for each in batch]
        new = {due.subject_id for due in notices.first_reminders(REMINDER, dues, at=at)}
        near = [each for each in batch if each.id in new]
        tellings = [_near_telling(house, theirs) for house, theirs in _by_house(near).items()]
        notices.tell_all(tellings, at=at, kind=notices.REMINDER)
        return len(near)

    return _in_batches(_NEAR, tell, asked={"first": today, "last": last, "lead": lead})


def raise_past(at: datetime) -> int:
    """Raise every clock that is past its last day to the house above, and tell all sides, each once; returns how many.

    Told are who answers for it and the house above, in one sentence for all their clocks of a batch, and who applied,
    case by case, with how late it is and to whom it was raised.
    """
    today = calendar.legal_day(at)
    known = _Known(today)

    def tell(batch: Sequence[Running]) -> int:
        late = [each for each in map(known.late, batch) if each.days > 0]  # a holiday after the last day is no day late
        new = _raise(late, at=at) if late else set()
        past = [each for each in late if each.clock.id in new]
        notices.tell_all(_past_tellings(past, on=today), at=at, kind=notices.REMINDER)
        return len(past)

    return _in_batches(_PAST, tell, asked={"first": date.min, "last": today - timedelta(days=1)})


def house_above(house_id: UUID, *, on: date) -> UUID | None:
    """Return the house that sees that another keeps its limits: the nearest on the way up that does so in its region
    and is not that house itself; None where none is known."""
    house = directory.organisation(house_id)
    for region in directory.path(house.region_code) if house.region_code else ():
        role = roles.supervising(region.level)
        found = accounts.houses_with_role(role, [region.code], on=on) if role else []
        if found and house_id not in found:
            return found[0]
    return None


def _in_batches(statement: str, tell: Callable[[Sequence[Running]], int], *, asked: Mapping[str, date | int]) -> int:
    """Have batches of running clocks told of, each in one transaction with its reading; returns how many were."""
    day, key, count = date.min, UUID(int=0), 0
    while True:
        with scoped(EVERYTHING):
            with connection.cursor() as cursor:
                cursor.execute(statement, {**asked, "most": BATCH, "day": day, "key": key})
                batch = [Running(*row) for row in cursor.fetchall()]
            known = [each for each in batch if each.is_known]
            count += tell(known) if known else 0
        if len(batch) < BATCH:
            return count
        day, key = batch[-1].due_on, batch[-1].id


def _raise(late: Sequence[_Late], *, at: datetime) -> set[UUID]:
    """Write what is raised; returns the clocks that were not raised before for this last day."""
    rows = [
        (new_id(), each.clock.id, each.clock.case_id, each.clock.name, each.clock.owner_id, each.clock.body_id,
         each.clock.region_code, each.clock.due_on, each.days, each.above)
        for each in late
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [calendar.legal_day(at), at, *map(list, zip(*rows, strict=True))])
        return {clock_id for (clock_id,) in cursor.fetchall()}


def _by_house(running: Sequence[Running]) -> dict[UUID, list[Running]]:
    found: dict[UUID, list[Running]] = defaultdict(list)
    for each in running:
        found[each.answers].append(each)
    return found


def _near_telling(house: UUID, theirs: Sequence[Running]) -> Telling:
    first = theirs[0]
    if len(theirs) == 1:
        told = say("业务 {number} 的“{clock}”到 {day} 为止，现在等{role}", number=first.number, clock=first.called,
                   day=first.due_on, role=_waits(first))  # fmt: skip
        return Telling(house, told, first.link)
    told = say("{n} 件业务的时限快到了，最早的到 {day} 为止", n=len(theirs), day=first.due_on)
    return Telling(house, told, f"{OWN if first.is_owners else OFFICE}?due_on.to={theirs[-1].due_on}")


def _waits(each: Running) -> Term:
    """Return the roles a case waits for."""
    found = [
        accounts.role_name(code)
        for code in each.definition.waits_for((each.state, *json.loads(each.tracks).values()), {})
    ]
    return Term("、".join(role.zh for role in found), ", ".join(role.en for role in found))


def _past_tellings(past: Sequence[_Late], *, on: date) -> Iterator[Telling]:
    """Yield what is told: to who decides and to those above, once for all their clocks; to who applied, each."""
    names = directory.organisations({each.above for each in past if each.above})
    houses: dict[UUID, list[_Late]] = defaultdict(list)
    for each in past:
        for house in {each.clock.body_id, each.above or each.clock.body_id}:
            houses[house].append(each)
    for house, theirs in houses.items():
        link = theirs[0].clock.number if len(theirs) == 1 else f"?due_on.to={on - timedelta(days=1)}"
        yield Telling(house, _to_houses(theirs), f"{OFFICE}{link}")
    for each in past:
        above = names[each.above] if each.above else None
        called = Term(above.name_zh, above.name_en or above.name_zh) if above else None
        yield Telling(each.clock.owner_id, _to_who_applied(each, called, on=on), f"{OWN}{each.clock.number}")


def _to_houses(theirs: Sequence[_Late]) -> Text:
    late, clock = theirs[0], theirs[0].clock
    if len(theirs) > 1:
        return say("{n} 件业务逾期，提请督办", n=len(theirs))
    given = {"number": clock.number, "clock": clock.called, "day": clock.due_on, "n": late.days}
    if late.kind == "working":
        return say("业务 {number} 的“{clock}”到 {day} 为止，逾期 {n} 个工作日，提请督办", **given)
    return say("业务 {number} 的“{clock}”到 {day} 为止，逾期 {n} 天，提请督办", **given)


def _to_who_applied(late: _Late, above: Term | None, *, on: date) -> Text:
    clock, is_working = late.clock, late.kind == "working"
    given = {"number": clock.number, "clock": clock.called, "n": late.days, "day": on}
    if above is None:
        if is_working:
            return say("业务 {number} 的“{clock}”逾期 {n} 个工作日，没有登记可以督办的上级", **given)
        return say("业务 {number} 的“{clock}”逾期 {n} 天，没有登记可以督办的上级", **given)
    if is_working:
        return say("业务 {number} 的“{clock}”逾期 {n} 个工作日，已于 {day} 提请{above}督办", above=above, **given)
    return say("业务 {number} 的“{clock}”逾期 {n} 天，已于 {day} 提请{above}督办", above=above, **given)
