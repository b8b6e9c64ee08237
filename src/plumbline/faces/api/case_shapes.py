"""A case as the API says it: where it stands, its instruments, its story, and the acts the asker may do now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import JsonValue

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import queries as registers
from plumbline.faces.api.shapes import Name, either, named
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act, Procedure


class Party(Schema):
    """An organisation of a case."""

    id: UUID
    name: Name


class CasePerson(Schema):
    """A person with a duty in a case."""

    duty: str
    id: UUID
    name: Name


class CaseJob(Schema):
    """One instrument of a case: its record and its document, null while there is none."""

    position: int
    instrument: str
    category: str
    name: Name
    serial: str
    place: str
    record: str | None
    verdict: str | None
    certificate: str | None


class CaseAct(Schema):
    """One act that was done."""

    sequence: int
    act: str
    name: Name
    at: datetime
    person: str
    role: str
    state: str


class Choice(Schema):
    """One answer that is offered."""

    value: str
    name: Name


class FormField(Schema):
    """One field of an act's form: a text, or a list of texts where there may be `many`."""

    name: str
    type: str
    many: bool
    is_required: bool
    title: Name
    choices: list[Choice]


class PossibleAct(Schema):
    """An act the asker may do now. per_job: done for each instrument, by an operation of its own."""

    act: str
    name: Name
    per_job: bool
    form: list[FormField]


class CaseDetail(Schema):
    """A case. `sequence` is what an act sends back as `seen`."""

    id: UUID
    number: str
    procedure: str
    edition: str
    title: str
    state: str
    state_name: Name
    sequence: int
    owner: Party
    body: Party
    region: str
    details: dict[str, JsonValue]
    opened_at: datetime
    due_on: date | None
    ended_at: datetime | None
    people: list[CasePerson]
    jobs: list[CaseJob]
    acts: list[PossibleAct]
    story: list[CaseAct]


def detail_of(actor: Actor, found: CaseFacts, *, on: date) -> CaseDetail:
    """Return a case as somebody may see it."""
    procedure = cases.procedure_of(found)
    return CaseDetail(
        id=found.id,
        number=found.number,
        procedure=found.procedure,
        edition=found.edition,
        title=found.title,
        state=found.state,
        state_name=named(procedure.states[found.state]),
        sequence=found.sequence,
        owner=Party(id=found.owner_id, name=either(found.owner_name, found.owner_name_en)),
        body=Party(id=found.body_id, name=either(found.body_name, found.body_name_en)),
        region=found.region_code,
        details=_json(found.details),
        opened_at=found.opened_at,
        due_on=found.due_on,
        ended_at=found.ended_at,
        people=_people(found),
        jobs=_jobs(found, on),
        acts=[_possible(each.act, found, on=on) for each in cases.possible_acts(found, actor)],
        story=[_done(act, procedure) for act in cases.story(found.id)],
    )


def _json(details: Mapping[str, object]) -> dict[str, JsonValue]:
    return {key: [str(each) for each in value] if isinstance(value, list) else str(value)
            for key, value in details.items()}  # fmt: skip


def _people(found: CaseFacts) -> list[CasePerson]:
    known = directory.people(found.people.values())
    return [
        CasePerson(duty=duty, id=key, name=either(known[key].name_zh, known[key].name_en))
        for duty, key in found.people.items()
        if key in known
    ]


def _jobs(found: CaseFacts, on: date) -> list[CaseJob]:
    jobs = laboratory.jobs_of(found.id)
    instruments = {each.id: each for each in registers.instruments_by_id([job.instrument_id for job in jobs])}
    records = laboratory.records([job.record_id for job in jobs if job.record_id])
    documents = certificates.certificates([job.certificate_id for job in jobs if job.certificate_id], on=on)
    said = []
    for job in jobs:
        instrument = instruments.get(job.instrument_id)
        record = records.get(job.record_id) if job.record_id else None
        document = documents.get(job.certificate_id) if job.certificate_id else None
        said.append(
            CaseJob(
                position=job.position,
                instrument=instrument.identity if instrument else "",
                category=instrument.category if instrument else "",
                name=either(instrument.name_zh, instrument.name_en) if instrument else either("", ""),
                serial=instrument.serial if instrument else "",
                place=instrument.place if instrument else "",
                record=record.number if record else None,
                verdict=laboratory.evaluation_of(record).verdict if record else None,
                certificate=document.number if document else None,
            )
        )
    return said


def _possible(act: Act, found: CaseFacts, *, on: date) -> PossibleAct:
    form = [_field(each, found, on=on) for each in act.form]
    return PossibleAct(act=act.name, name=named(act), per_job=act.per_job, form=form)


def _field(field: Field, found: CaseFacts, *, on: date) -> FormField:
    choices = [Choice(value=each.value, name=named(each)) for each in field.choices]
    if field.type == "person":
        people = accounts.people_with_role(found.body_id, field.role, on=on)
        choices = [Choice(value=str(key), name=either(name, "")) for key, name in people]
    return FormField(
        name=field.key,
        type=field.type,
        many=field.many,
        is_required=field.is_required,
        title=named(field),
        choices=choices,
    )


def _done(act: ActFacts, procedure: Procedure) -> CaseAct:
    definition = procedure.act_done(act.name)
    return CaseAct(
        sequence=act.sequence,
        act=act.name,
        name=named(definition),
        at=act.at,
        person=act.person_name,
        role=act.role,
        state=str(act.data["to"]),
    )
