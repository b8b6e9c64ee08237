"""All that the pages of one case need, read once: story, jobs with instrument, record, judgement and document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts, Folded
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.laboratory.types import JobFacts, RecordFacts
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, StandardFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import Names
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.doers import doer_words
from plumbline.faces.kit.evaluation import named
from plumbline.rulebook import regulations
from plumbline.rulebook.procedures import Procedure
from plumbline.rulebook.regulations import Regulation
from plumbline.science.metrology.evaluation import Evaluation


@dataclass(frozen=True)
class Job:
    """One instrument of a case: its job, and the record and document it has, if any."""

    facts: JobFacts
    instrument: InstrumentFacts
    record: RecordFacts | None = None
    evaluation: Evaluation | None = None
    certificate: CertificateFacts | None = None

    @property
    def position(self) -> int:
        """The place in the case, counted from 1."""
        return self.facts.position

    @property
    def label(self) -> str:
        """What the people on the spot call it: its place, else its serial number, else its position."""
        return self.instrument.place or self.instrument.serial or _("第 {n} 台").format(n=self.position)

    @property
    def regulation(self) -> Regulation | None:
        """The edition the record was judged by."""
        return regulations.by_id(self.record.regulation) if self.record else None


@dataclass(frozen=True)
class CaseData:
    """One case with everything around it."""

    case: CaseFacts
    procedure: Procedure
    story: tuple[ActFacts, ...]
    folded: Folded
    jobs: tuple[Job, ...]
    people: Mapping[UUID, str]
    on: date

    @property
    def names(self) -> Names:
        """Names for the story."""
        jobs = {str(job.facts.id): job.label for job in self.jobs}
        return Names(jobs, {str(person): name for person, name in self.people.items()})

    @cached_property
    def documents(self) -> tuple[CertificateFacts, ...]:
        """All documents of the case, those revoked and replaced too; nothing is asked before any was issued."""
        if all(job.certificate is None for job in self.jobs):
            return ()
        return certificates.of_case(self.case.id, on=self.on)

    @cached_property
    def sent_back(self) -> tuple[str, str, str] | None:
        """Who asked for something to be mended, by which act and why; None once the case has left that state."""
        for act in reversed(self.story):
            if act.data["to"] != self.case.state:
                return None
            definition = self.procedure.act_done(act.name)
            if definition.needs_reason:
                form = act.data.get("form")
                reason = form.get("reason", "") if isinstance(form, Mapping) else ""
                return doer_words(act, self.names.people), named(definition), str(reason)
        return None

    @cached_property
    def standards(self) -> tuple[tuple[StandardFacts, date], ...]:
        """The measurement standards used, each with a day it was used on."""
        used = {key: job.record.performed_on for job in self.jobs if job.record for key in job.record.standard_ids}
        return tuple((registers.standard(key, on=day), day) for key, day in used.items())

    def job_at(self, position: int) -> Job:
        """Return the job at a place. Raises: Hidden when the case has none there."""
        for job in self.jobs:
            if job.position == position:
                return job
        raise cases.no_such_case()


def load(number: str, *, on: date) -> CaseData:
    """Return a case by its number. Raises: Hidden when it is unknown or not visible to the actor."""
    found = titled([cases.case_by_number(number)])[0]
    story = cases.story(found.id)
    duties = set(found.people.values()) | {act.person_id for act in story}
    duties |= {act.behalf_id for act in story if act.behalf_id}
    return CaseData(
        case=found,
        procedure=cases.procedure_of(found),
        story=story,
        folded=cases.folded(found, story),
        jobs=_jobs(found, on),
        people={
            key: formats.either(person.name_zh, person.name_en) for key, person in directory.people(duties).items()
        },
        on=on,
    )


def _jobs(found: CaseFacts, on: date) -> tuple[Job, ...]:
    facts = laboratory.jobs_of(found.id)
    instruments = {each.id: each for each in registers.instruments_by_id([job.instrument_id for job in facts])}
    records = laboratory.records([job.record_id for job in facts if job.record_id])
    documents = certificates.certificates([job.certificate_id for job in facts if job.certificate_id], on=on)
    return tuple(
        _job(job, instruments[job.instrument_id], record=records.get(job.record_id or job.id), documents=documents)
        for job in facts
        if job.instrument_id in instruments
    )


def _job(
    job: JobFacts,
    instrument: InstrumentFacts,
    *,
    record: RecordFacts | None,
    documents: Mapping[UUID, CertificateFacts],
) -> Job:
    evaluation = laboratory.evaluation_of(record) if record else None
    certificate = documents.get(job.certificate_id) if job.certificate_id else None
    return Job(job, instrument, record, evaluation, certificate)
