"""Takes the demo's cases along their course, by the actions that clicks call.

Every step has a key made from its name, so a second telling changes nothing and an interrupted one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.types import JobFacts, Measurement
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import verification
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, InstrumentFilter
from plumbline.faces.commands.demo import plan
from plumbline.faces.commands.demo.acting import Cast, moment, request, sequence, weekday

COURSE = ("submit", "accept", "assign", "go_on_site", "record", "review", "approve", "issue", "deliver")
FAILING_DRIFT = 0.42


@dataclass(frozen=True)
class Visit:
    """One case: some nozzles of a station, applied for on a day, taken as far as `until` of COURSE.

    failing, broken: keys of nozzles that fail by their error, or by a broken seal. recorded: how many records are made
    when the visit stops at "record" (None: all).
    """

    key: str
    station: plan.Station
    applied_on: date
    nozzles: tuple[plan.Nozzle, ...]
    until: str = "deliver"
    failing: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    recorded: int | None = None

    def reaches(self, act: str) -> bool:
        """Tell whether the visit gets to an act."""
        return COURSE.index(act) <= COURSE.index(self.until)

    def day(self, after: int) -> date:
        """Return the working day some days after the application."""
        return weekday(self.applied_on + timedelta(days=after))


class Storyteller:
    """Tells visits as the people of the demo."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.cast = Cast(today)
        self._instruments: dict[str, InstrumentFacts] = {}

    def tell(self, visits: Sequence[Visit], progress: Callable[[Visit], None]) -> None:
        """Tell some visits together: all records before any certificate, so that the log is waited for only once."""
        for visit in visits:
            self.work(visit)
            progress(visit)
        sequence(moment(self.today, 8))
        for visit in visits:
            self.issue(visit)
            progress(visit)
        sequence(moment(self.today, 8, minute=1))
        for visit in visits:
            if visit.reaches("deliver"):
                self.act(visit, "reception/deliver", form={"way": "online"}, at=(4, 15))

    def apply(self, visit: Visit) -> CaseFacts:
        """Apply for a visit; asked again, return its case as it stands."""
        chosen = [self._instrument(visit.station, nozzle.key) for nozzle in visit.nozzles]
        form = {
            "site": str(chosen[0].site_id),
            "instruments": [str(each.id) for each in chosen],
            "place": "on_site",
            "contact_name": "示例联系人",
            "contact_phone": "000-00000000",
        }
        asked = request(f"{visit.key}/submit", "submit", form=form)
        at = moment(visit.applied_on, 9, minute=30)
        return self.cast.do(clerk_of(visit.station), partial(verification.apply, request=asked, at=at))

    def act(
        self, visit: Visit, what: str, *, form: Mapping[str, object] | None = None, at: tuple[int, int]
    ) -> CaseFacts:
        """Do an act on the case of a visit. what: account and act, as "reception/accept"; at: days after, hour."""
        username, act = what.split("/")
        case = self.apply(visit)
        asked = request(f"{visit.key}/{act}", act, form=form, seen=case.sequence)
        when = moment(visit.day(at[0]), at[1])
        return self.cast.do(username, partial(procedures.perform, case_id=case.id, request=asked, at=when))

    def jobs(self, visit: Visit) -> tuple[JobFacts, ...]:
        """Return the jobs of the case of a visit."""
        case = self.apply(visit)
        return self.cast.do("verifier", lambda _: jobs.jobs_of(case.id))

    def measurement(self, visit: Visit, nozzle: plan.Nozzle) -> Measurement:
        """Return what the verifier of the demo reads at a nozzle."""
        drift = FAILING_DRIFT if nozzle.bias_percent >= 0 else -FAILING_DRIFT
        readings = plan.observations(
            nozzle, visit.key, drift_percent=drift if nozzle.key in visit.failing else 0.0,
            seals="fail" if nozzle.key in visit.broken else "ok",
        )  # fmt: skip
        day = visit.day(3)
        valid = self.cast.do(
            "verifier", lambda actor: registers.standards_valid(actor.organisation_id, plan.CATEGORY, on=day)
        )
        return Measurement(readings, (valid[0].id,), day, visit.station.name_zh)

    def work(self, visit: Visit) -> None:
        """Take a visit as far as its approval, or as far as it goes."""
        self.apply(visit)
        if visit.reaches("accept"):
            self.act(visit, "reception/accept", at=(1, 9))
        if visit.reaches("assign"):
            self.act(visit, "reception/assign", form=self._people(), at=(1, 10))
        if visit.reaches("go_on_site"):
            self.act(visit, "verifier/go_on_site", at=(3, 9))
        if visit.reaches("record"):
            self._record(visit)
        if visit.reaches("review"):
            self.act(visit, "checker/review", at=(3, 16))
        if visit.reaches("approve"):
            self.act(visit, "approver/approve", at=(4, 9))

    def _record(self, visit: Visit) -> None:
        pairs = list(zip(self.jobs(visit), visit.nozzles, strict=True))
        for job, nozzle in pairs[: visit.recorded]:
            case = self.apply(visit)
            asked = request(f"{visit.key}/record/{job.position}", "record", seen=case.sequence)
            at = moment(visit.day(3), 10 + job.position // 10, minute=job.position % 10 * 5)
            measured = self.measurement(visit, nozzle)
            step = partial(verification.record, job_id=job.id, measurement=measured, request=asked, at=at)
            self.cast.do("verifier", step)

    def issue(self, visit: Visit) -> None:
        """Issue the certificates of a visit that gets there; the log has taken its records."""
        if not visit.reaches("issue"):
            return
        for job in self.jobs(visit):
            case = self.apply(visit)
            asked = request(f"{visit.key}/issue/{job.position}", "issue", seen=case.sequence)
            at = moment(visit.day(4), 10, minute=job.position)
            self.cast.do("approver", partial(verification.issue, job_id=job.id, request=asked, at=at))

    def _people(self) -> dict[str, object]:
        return {duty: str(self.cast.actor(duty).person_id) for duty in ("verifier", "checker", "approver")}

    def _instrument(self, station: plan.Station, key: str) -> InstrumentFacts:
        if key not in self._instruments:
            page = self.cast.do(
                clerk_of(station),
                lambda actor: registers.instruments(InstrumentFilter(owner_id=actor.organisation_id), limit=500),
            )
            self._instruments |= {each.external_id: each for each in page.instruments}
        return self._instruments[key]


def clerk_of(station: plan.Station) -> str:
    """Return the account that acts for a station's company."""
    return station.company.replace("company", "station")
