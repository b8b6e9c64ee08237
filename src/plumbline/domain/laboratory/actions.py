"""Writes of the laboratory: open jobs, save what is typed, commit a raw record to the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.laboratory import queries, rules
from plumbline.domain.laboratory.models import Draft, Job, RawRecord
from plumbline.domain.laboratory.record import Basis, record_bytes
from plumbline.domain.laboratory.types import DraftFacts, JobFacts, JobRow, Measurement, RecordFacts
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger.types import NewStatement
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.domain.rows import bulk, locks
from plumbline.domain.rows.printing import require_printable
from plumbline.errors import Hidden, InputError, InputErrors, StateError, Term, say
from plumbline.rulebook import catalogue
from plumbline.rulebook.calendar import legal_day
from plumbline.science.metrology.evaluation import Evaluation

DRAFT_MOST_BYTES = 100_000
RECORD = "record"
"""The act for which a draft is typed."""


def open_jobs(case: CaseFacts, instruments: Sequence[InstrumentFacts]) -> None:
    """Open one job for each instrument of a new case, in their order."""
    Job.objects.bulk_create(
        Job(
            case_id=case.id,
            instrument_id=instrument.id,
            position=place,
            owner_id=case.owner_id,
            body_id=case.body_id,
            region_code=case.region_code,
        )
        for place, instrument in enumerate(instruments, start=1)
    )


def change_jobs(case: CaseFacts, instruments: Sequence[InstrumentFacts]) -> None:
    """Open the jobs of a case anew, for the instruments of an amended application: nothing has been measured yet."""
    Job.objects.filter(case_id=case.id).delete()
    open_jobs(case, instruments)


def take_in_jobs(rows: Iterable[JobRow]) -> int:
    """Take the jobs of a load test in, none of which has a record. Raises: StateError outside a demo."""
    return bulk.take_in("laboratory_job", JobRow, rows=rows)


@transaction.atomic
def save_draft(actor: Actor, job_id: UUID, *, content: Mapping[str, object], seen: int, at: datetime) -> DraftFacts:
    """Keep what is being typed; returns it with its new version.

    seen: the version the typing began from. The same content again changes nothing.
    Raises: AccessError if the record of the job is not this actor's to make; StateError if it is not made now, or the
    draft was saved since, by whomever and in whichever window: nothing is overwritten then.
    """
    job = queries.job(job_id)
    if job.body_id != actor.organisation_id:
        raise Hidden(say("没有这项检定，或者您无权查看"), remedy=say("从业务页重新打开"))
    engine.require_turn(actor, cases.case(job.case_id), act_name=RECORD)
    if len(repr(content)) > DRAFT_MOST_BYTES:
        raise InputError(say("草稿太大，不能保存"), remedy=say("去掉多余的行"))
    locks.hold(locks.Kind.DRAFT, job_id)  # there may be no row to lock yet
    row = Draft.objects.filter(pk=job_id).first()
    if row is not None and row.content == dict(content):
        return DraftFacts(row.content, row.version, row.saved_at)  # the answer to the last saving was lost on the way
    if row is not None and row.version != seen:
        raise StateError(
            say("这份草稿 {moment} 在另一个窗口或由别人保存过", moment=row.saved_at.isoformat(timespec="minutes")),
            remedy=say("先看保存的内容，再决定以哪一份为准；您填的内容还在本页"),
        )
    saved, _ = Draft.objects.update_or_create(
        job_id=job_id,
        defaults={
            "body_id": job.body_id,
            "content": dict(content),
            "version": (row.version if row else 0) + 1,
            "saved_by": actor.user_id,
            "saved_at": at,
        },
    )
    return DraftFacts(saved.content, saved.version, saved.saved_at)


@transaction.atomic
def commit_record(
    actor: Actor, case: CaseFacts, *, job_id: UUID, measurement: Measurement, at: datetime
) -> RecordFacts:
    """Write the raw record of a job and queue its hash for the log, before any certificate can cite it.

    The edition in force on the day performed is used. Raises: RuleError for scope, qualification or standard;
    InputErrors naming what is missing or implausible.
    """
    require_printable({"place": measurement.place})
    job = queries.job(job_id)
    basis = _basis(actor, job, measurement=measurement, at=at)
    evaluation = queries.evaluate(basis.regulation, measurement.observations, parameters=basis.standards[0].parameters)
    if not rules.is_ended_by_a_check(evaluation, measurement.observations):
        _require_complete(evaluation)
    earlier = RawRecord.objects.filter(job_id=job_id).order_by("-version").first()
    version = earlier.version + 1 if earlier else 1
    number = f"{case.number}-{job.position:02d}-{version}"
    content = record_bytes(basis, measurement, evaluation=evaluation, number=number)
    body = directory.organisation(job.body_id)
    said = NewStatement(
        "measurement.committed",
        body.institution_code,
        {
            "record_sha256": hashlib.sha256(content).hexdigest(),
            "instrument": basis.instrument.identity,
            "standards": [each.code for each in basis.standards],
            "performed_on": measurement.performed_on.isoformat(),
        },
        job.body_id,
        body.is_demo,
    )
    statement = ledger.submit(said, at=at)
    row = RawRecord.objects.create(
        number=number,
        job_id=job_id,
        body_id=job.body_id,
        owner_id=job.owner_id,
        region_code=job.region_code,
        version=version,
        regulation=basis.regulation.id,
        performed_on=measurement.performed_on,
        place=measurement.place,
        verifier_id=actor.person_id,
        standard_ids=[str(each.id) for each in basis.standards],
        observations=dict(measurement.observations),
        content=content,
        statement_id=statement.id,
        replaces=earlier,
        at=at,
    )
    Job.objects.filter(pk=job_id).update(record_id=row.id)
    Draft.objects.filter(pk=job_id).delete()
    return queries.record(row.id)


def reopen(actor: Actor, job_ids: Sequence[UUID], *, at: datetime) -> None:
    """Take the records of these jobs out of force: each waits for a new one, which will name the old."""
    for row in Job.objects.filter(pk__in=list(job_ids), record__isnull=False).select_related("record"):
        old = row.record
        if old is None:
            continue
        Draft.objects.update_or_create(
            job_id=row.id,
            defaults={
                "body_id": row.body_id,
                "content": {
                    "observations": old.observations,
                    "standards": old.standard_ids,
                    "performed_on": old.performed_on.isoformat(),
                    "place": old.place,
                },
                "version": 1,
                "saved_by": actor.user_id,
                "saved_at": at,
            },
        )
    Job.objects.filter(pk__in=list(job_ids)).update(record=None)


def attach_certificate(job_id: UUID, certificate_id: UUID) -> None:
    """Note which document a job ended in."""
    Job.objects.filter(pk=job_id).update(certificate_id=certificate_id)


def _basis(actor: Actor, job: JobFacts, *, measurement: Measurement, at: datetime) -> Basis:
    instrument = registers.instrument(job.instrument_id)
    on = measurement.performed_on
    if on > legal_day(at):
        raise InputError(say("检定日期 {day} 还没有到", day=on), remedy=say("填实际检定的日期"), field="performed_on")
    regulation = queries.regulation_for(instrument, on)
    standards = [registers.standard(each, on=on) for each in measurement.standard_ids]
    rules.require_one_standard(regulation.standard, standards)
    category = catalogue.by_code(instrument.category)
    qualification, _ = rules.require_authority(
        Term(category.zh, category.en),
        on,
        qualifications=directory.qualifications(actor.person_id, instrument.category, institution_id=job.body_id),
        scope=registers.scope_for(job.body_id, instrument.category, region_code=job.region_code, on=on),
        standards=standards,
    )
    return Basis(instrument, regulation, tuple(standards), qualification)


def _require_complete(evaluation: Evaluation) -> None:
    if evaluation.missing:
        raise InputErrors(
            [InputError(each.text, remedy=say("补齐后再提交"), field=each.field) for each in evaluation.missing]
        )
