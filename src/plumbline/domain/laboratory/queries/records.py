"""Jobs, drafts, raw records, and their evaluation, recomputed each time it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from plumbline.domain.laboratory.models import Draft, Job, RawRecord
from plumbline.domain.laboratory.types import DraftFacts, JobFacts, RecordFacts
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.errors import Hidden, say
from plumbline.evidence.canonical import parse_strict
from plumbline.rulebook import regulations
from plumbline.rulebook.regulations import Regulation, task
from plumbline.science.metrology.evaluation import Evaluation

RECORD_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Replay:
    """What a record's own bytes say once more: the judgement, and the certificates and the qualification it names.

    is_same_rule: whether the rulebook still holds the very file that judged; None where the record keeps no hash of it.
    """

    evaluation: Evaluation
    certificates_used: tuple[str, ...]
    qualification: str
    is_same_rule: bool | None


def job(job_id: UUID) -> JobFacts:
    """Return a job. Raises: Hidden when it does not exist or is not visible to the scope."""
    row = Job.objects.filter(pk=job_id).first()
    if row is None:
        raise Hidden(say("没有这项检定，或者您无权查看"), remedy=say("从业务页重新打开"))
    return _job(row)


def jobs_of(case_id: UUID) -> tuple[JobFacts, ...]:
    """Return the jobs of a case in their order."""
    return tuple(_job(row) for row in Job.objects.filter(case_id=case_id).order_by("position"))


def open_job_instruments(instrument_ids: Iterable[UUID], *, besides: UUID | None = None) -> set[UUID]:
    """Return which of these instruments are in a case that has not ended, other than the case `besides`."""
    rows = Job.objects.filter(instrument_id__in=list(instrument_ids), case__ended_at__isnull=True)
    rows = rows.exclude(case_id=besides) if besides else rows
    return set(rows.values_list("instrument_id", flat=True))


def draft(job_id: UUID) -> DraftFacts:
    """Return what is being typed for a job."""
    row = Draft.objects.filter(pk=job_id).first()
    return DraftFacts(row.content, row.version, row.saved_at) if row else DraftFacts()


def record(record_id: UUID) -> RecordFacts:
    """Return a raw record. Raises: Hidden when it is not visible."""
    found = records([record_id])
    if record_id not in found:
        raise Hidden(say("没有这份原始记录，或者您无权查看"), remedy=say("从业务页重新打开"))
    return found[record_id]


def records(record_ids: Iterable[UUID]) -> dict[UUID, RecordFacts]:
    """Return several raw records by id, in one query."""
    return {row.id: _record(row) for row in RawRecord.objects.filter(id__in=list(record_ids))}


def regulation_for(instrument: InstrumentFacts, on: date) -> Regulation:
    """Return the edition in force for an instrument on a day. Raises: RuleError if the rulebook has none."""
    return regulations.in_force(instrument.category, on)


def evaluate(
    regulation: Regulation, observations: Mapping[str, object], *, parameters: Mapping[str, object]
) -> Evaluation:
    """Return the judgement on observations under an edition, with the parameters of the measurement standard used.

    Raises: InputError with the path of the field for a reading that cannot be.
    """
    return task.evaluate(regulation, observations, standard=parameters)


def evaluation_of(found: RecordFacts) -> Evaluation:
    """Return the judgement of a raw record, replayed from its own bytes; see `replay` for the rule."""
    return replay(found).evaluation


def replay(found: RecordFacts) -> Replay:
    """Return the judgement of a raw record from its own bytes, by today's rule of the id it names, and whether that is
    still the file it was judged by; with the certificates of the standards used.
    """
    content = cast("dict[str, Any]", parse_strict(found.content, RECORD_MOST_BYTES))  # Any: JSON this room wrote itself
    standards = content["standards"]
    regulation = regulations.by_id(found.regulation)
    evaluation = evaluate(regulation, content["observations"], parameters=standards[0]["parameters"])
    used = tuple(str(each["certificate_no"]) for each in standards)
    kept = content["rule"].get("sha256")
    is_same_rule = None if kept is None else kept == regulations.digest(regulation.id)
    return Replay(evaluation, used, str(content["qualification"]), is_same_rule)


def _job(row: Job) -> JobFacts:
    return JobFacts(
        row.id, row.case_id, row.instrument_id, row.position, row.owner_id, row.body_id, row.region_code, row.record_id,
        row.certificate_id,
    )  # fmt: skip


def _record(row: RawRecord) -> RecordFacts:
    return RecordFacts(
        id=row.id,
        number=row.number,
        job_id=row.job_id,
        version=row.version,
        regulation=row.regulation,
        performed_on=row.performed_on,
        place=row.place,
        verifier_id=row.verifier_id,
        standard_ids=tuple(UUID(each) for each in row.standard_ids),
        observations=row.observations,
        content=bytes(row.content),
        statement_id=row.statement_id,
        at=row.at,
    )
