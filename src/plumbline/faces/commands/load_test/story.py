"""The cases of a load test with their acts, jobs and load-test rows; the fold of the acts gives the row of a case.

Which act leads where, and which starts and stops the clock, is asked of the procedure's definition and of its limit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from plumbline.domain.cases.actions import DEFINITION, number_of
from plumbline.domain.cases.types import CaseRow, ClockRow
from plumbline.domain.certificates.types import LoadTestRow
from plumbline.domain.journal.types import ActRow
from plumbline.domain.laboratory.types import JobRow
from plumbline.faces.commands.load_test.holdings import NOBODY, Holdings, person_name, site_name
from plumbline.faces.commands.load_test.plan import A_SITE, AN_OWNER, has_certificates
from plumbline.rulebook.deadlines import Deadline
from plumbline.rulebook.procedures import Procedure

CASE, ACT, JOB, CERTIFICATE, ORIGIN, CLOCK = range(6, 12)
"""Kinds of rows, as their keys tell them apart."""
COURSE = ("submit", "accept", "assign", "go_on_site", "record", "review", "approve", "issue", "deliver")
ASIDE = {"withdrawn": ("submit", "withdraw"), "returned": ("submit", "return")}
MOMENTS = {
    "submit": (0, "09:30"), "accept": (1, "10:00"), "assign": (1, "11:00"), "withdraw": (1, "11:00"),
    "return": (1, "11:00"), "go_on_site": (2, "09:00"), "record": (2, "14:00"), "review": (3, "10:00"),
    "approve": (3, "11:00"), "issue": (3, "15:00"), "deliver": (4, "15:00"),
}  # fmt: skip
"""When an act is done: days after the application, time of the day."""
DUTY_OF = {
    "accept": "reception", "assign": "reception", "return": "reception", "deliver": "reception",
    "go_on_site": "verifier", "record": "verifier", "review": "checker", "approve": "approver", "issue": "approver",
}  # fmt: skip
ROLE_OF = {"reception": "institute_reception"}
FORMS = {"return": '{"reason": "示例：铭牌照片看不清"}', "deliver": '{"way": "online"}'}
FAILING = 33
"""One load-test row in so many stands for an instrument that failed."""
OPEN_JOBS = 2
ACTS_MOST = 64


@dataclass(frozen=True)
class Body:
    """An institute and who does what there: duty to (person, name, login); all keys as the database reads them."""

    id: str
    name: str
    people: Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True)
class Written:
    """The rows of one case, in the order in which they can be taken in."""

    case: CaseRow
    clocks: Sequence[ClockRow]
    certificates: Sequence[LoadTestRow]
    jobs: Sequence[JobRow]
    acts: Sequence[ActRow]


def numbered(row: CaseRow, serial: int) -> CaseRow:
    """Return the row of a case with its serial and its number."""
    return row._replace(serial=serial, number=number_of(serial, date.fromisoformat(row.opened_at[:10])))


@dataclass(frozen=True)
class _Step:
    """An act of a course: who does it and when, and what its data say, as JSON with a place for the job's key."""

    name: str
    duty: str | None
    role: str
    after: int
    time: str
    per_job: bool
    once: str
    more: str
    last: str
    is_left_undone: bool


def _course(procedure: Procedure, state: str) -> tuple[_Step, ...]:
    """Return the acts that lead to a state; those on jobs are done on the first alone where that state is their own."""
    steps: list[_Step] = []
    for name in ASIDE.get(state, COURSE):
        act = procedure.act(name)
        is_left_undone = act.per_job and state == "in_work"
        duty, (after, time) = DUTY_OF.get(name), MOMENTS[name]
        once, more, last = "", "", ""
        if act.per_job:
            more, last = (_outcome(act.target(outcome), outcome) for outcome in ("more", "all"))
        else:
            extra = {DEFINITION: procedure.digest} if act.opens else {}
            once = json.dumps({"form": {}, "to": act.target(), **extra})
        role = ROLE_OF.get(duty, duty) if duty else "enterprise"
        steps.append(_Step(name, duty, role, after, time, act.per_job, once, more, last, is_left_undone))
        if is_left_undone or (state in act.targets and state != "in_work"):
            break
    return tuple(steps)


def _outcome(to: str, outcome: str) -> str:
    return json.dumps({"form": {}, "to": to, "outcome": outcome, "facts": {"job": "%s"}})


def _said(key: str) -> str:
    """Return a key as texts have it, with hyphens."""
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


class Teller:
    """Tells the cases of a plan. bodies: by the code of the prefecture; limit: of the province, None if it has none."""

    def __init__(
        self, holdings: Holdings, procedure: Procedure, *, bodies: Mapping[str, Body], limit: Deadline | None
    ) -> None:
        self.holdings, self.plan, self.procedure = holdings, holdings.plan, procedure
        self.bodies, self.limit = bodies, limit
        self.courses = {state: _course(procedure, state) for state in procedure.states}

    def cases(self, first: int, last: int) -> Iterator[Written]:
        """Return the cases from a number to before another, without the serials that only their writing gives them."""
        closed = self.plan.closed_before(first)
        for case in range(first, last):
            yield self._case(case, closed=closed)
            closed += has_certificates(self.plan.state_of(case))

    def _case(self, case: int, *, closed: int) -> Written:
        state, day = self.plan.state_of(case), self.plan.opened_on(case)
        certificates = range(0)
        if has_certificates(state):
            certificates = range(self.plan.certificates_before(closed), self.plan.certificates_before(closed + 1))
        count = len(certificates) if has_certificates(state) else OPEN_JOBS
        told = _Told(
            self,
            case,
            day=day,
            instruments=self.plan.instruments_of_case(case, min(max(count, 1), self.plan.site_size)),
        )
        rows = [told.certificate(number, place) for place, number in enumerate(certificates)]
        acts = told.acts(state)
        row = told.row(state, acts=acts)
        return Written(row, told.clocks(row), rows, told.jobs([each.id for each in rows]), acts)

    @lru_cache(maxsize=1024)  # noqa: B019  # a teller lives as long as the command
    def due_on(self, day: date) -> str | None:
        """Return the last day of the limit of a case applied for on a day."""
        last = self.limit.last_day(day) if self.limit and "submit" in self.limit.starts_with else None
        return last.isoformat() if last else None


class _Told:
    """One case: its keys and its people, from which each of its rows is made."""

    def __init__(self, teller: Teller, case: int, *, day: date, instruments: Sequence[int]) -> None:
        plan, holdings = teller.plan, teller.holdings
        self.teller, self.plan, self.holdings, self.number, self.day = teller, plan, holdings, case, day
        self.instruments = instruments
        self.site = plan.site_of_case(case)
        self.owner = self.site // AN_OWNER
        self.region, prefecture = plan.county_of_owner(self.owner)
        self.body = teller.bodies[prefecture]
        self.key, self.owner_key = plan.row_key(CASE, day, number=case), holdings.owner_key(self.owner)
        self.days = [day + timedelta(days=after) for after in range(5)]
        self.instrument_keys = [holdings.instrument_key(each) for each in instruments]
        self.job_keys = [plan.row_key(JOB, day, number=case * A_SITE + place) for place in range(len(instruments))]
        self.jobs_said = [_said(each) for each in self.job_keys]
        self.applied = {
            "site": _said(holdings.site_key(self.site)),
            "instruments": [_said(each) for each in self.instrument_keys],
            "place": "on_site",
        }

    def row(self, state: str, *, acts: Sequence[ActRow]) -> CaseRow:
        """Return the row of the case with what its acts add up to."""
        procedure = self.teller.procedure
        is_end = procedure.states[state].is_end
        stands = is_end or any(state in clock.stops_in for clock in procedure.clocks.values())
        limit = self.teller.limit
        starts = limit is not None and "submit" in limit.starts_with
        people = self.body.people
        is_assigned = any(act.name == "assign" for act in acts)
        limit_on = self.teller.due_on(self.day)
        contact = {"contact_name": person_name(self.owner), "contact_phone": "000-00000000"}
        return CaseRow(
            self.key, 0, "", procedure.id, procedure.edition, self.owner_key,
            self.body.id, self.region, site_name(self.site), json.dumps({**self.applied, **contact}), acts[0].at, state,
            len(acts), self.day.isoformat() if starts else None, None if stands else limit_on,
            limit_on, self._met_on(state),
            acts[-1].at if is_end else None,
            *(people[duty][0] if is_assigned else None for duty in ("verifier", "checker", "approver")),
        )  # fmt: skip

    def clocks(self, row: CaseRow) -> list[ClockRow]:
        """Return the one clock of the case, once it has started."""
        name = next(iter(self.teller.procedure.clocks), "")
        if not name or row.clock_from is None:
            return []
        key = self.plan.row_key(CLOCK, self.day, number=self.number)
        return [
            ClockRow(key, row.id, name, row.procedure, row.owner_id, row.body_id, row.region_code, row.clock_from,
                     row.due_on, row.limit_on, row.met_on)
        ]  # fmt: skip

    def _met_on(self, state: str) -> str | None:
        """Return the day what the limit asks for was done, where the case has come so far."""
        procedure = self.teller.procedure
        met_in = {name for clock in procedure.clocks.values() for name in clock.met_in}
        is_met = has_certificates(state) and procedure.act("issue").target("all") in met_in
        return self.days[MOMENTS["issue"][0]].isoformat() if is_met else None

    def jobs(self, certificates: Sequence[str]) -> list[JobRow]:
        """Return the jobs of the case; certificates: the load-test row of each, none while there are none."""
        return [
            JobRow(
                key, self.key, self.instrument_keys[place], place + 1, self.owner_key, self.body.id, self.region,
                certificates[place] if place < len(certificates) else None,
            )
            for place, key in enumerate(self.job_keys)
        ]  # fmt: skip

    def certificate(self, number: int, place: int) -> LoadTestRow:
        """Return the load-test row of the job at a place."""
        instrument = self.instruments[place]
        is_failing = number % FAILING == FAILING - 1
        performed, issued = self.days[2], self.days[3]
        until = performed + timedelta(days=self.plan.kind_of(instrument).months * 365 // 12 - 1)
        facts = {
            "demo": True, "load_test": True, "result": "fail" if is_failing else "pass",
            "instrument": self.holdings.label(instrument), "body": {"zh": self.body.name, "en": ""},
        }  # fmt: skip
        return LoadTestRow(
            self.plan.row_key(CERTIFICATE, issued, number=number), self.plan.row_key(ORIGIN, issued, number=number),
            f"LT-{issued.year}-{number + 1:08d}", number + 1, issued.year, "T" if is_failing else "J",
            self.plan.lookup_code("certificate", number), self.instrument_keys[place],
            self.plan.lookup_code("instrument", instrument), self.key, self.owner_key, self.body.id, self.region,
            performed.isoformat(), None if is_failing else until.isoformat(), f"{issued} 15:00:00+08",
            json.dumps(facts, ensure_ascii=False), "", "", "", "t",
        )  # fmt: skip

    def acts(self, state: str) -> list[ActRow]:
        """Return the acts that lead to a state, in order; one that is done on each job has its outcome each time."""
        found: list[ActRow] = []
        last = len(self.instruments) - 1
        for step in self.teller.courses[state]:
            if not step.per_job:
                found.append(self._act(step, step.once, place=0, turn=len(found) + 1))
                continue
            for place in range(1 if step.is_left_undone else last + 1):
                said = step.last if place == last and not step.is_left_undone else step.more
                found.append(self._act(step, said % self.jobs_said[place], place=place, turn=len(found) + 1))
        return found

    def _act(self, step: _Step, said: str, *, place: int, turn: int) -> ActRow:
        form = self.forms.get(step.name)
        duty, day = step.duty, self.days[step.after]
        if duty is None:
            person, name, login = self.holdings.person_key(self.owner), person_name(self.owner), NOBODY
            organisation = self.owner_key
        else:
            person, name, login = self.body.people[duty]
            organisation = self.body.id
        return ActRow(
            self.plan.row_key(ACT, day, number=self.number * ACTS_MOST + turn), "case", self.key, turn, step.name,
            login, person, name, step.role, organisation, f"{day} {step.time}:{place:02d}+08",
            said.replace('"form": {}', f'"form": {form}') if form else said, self.owner_key, self.body.id, self.region,
        )  # fmt: skip

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """What was typed with those acts that ask for more than a remark, as JSON."""
        people = {duty: _said(self.body.people[duty][0]) for duty in ("verifier", "checker", "approver")}
        return {"submit": json.dumps(self.applied), "assign": json.dumps(people), **FORMS}
