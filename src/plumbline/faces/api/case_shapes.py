"""A case as the API says it: where it stands, its instruments, its story, and the acts the asker may do now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import JsonValue

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Bearer
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts, ClockReading
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.procedures import queries as opening
from plumbline.domain.registers import queries as registers
from plumbline.faces.api.form_shapes import Choice, FormField, form_field, own_choices, plain
from plumbline.faces.api.shapes import Name, either, named
from plumbline.faces.kit.answers import said_in
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
    """One act that was done. said: what a later act handed in, as far as its reader may know it."""

    sequence: int
    act: str
    name: Name
    at: datetime
    person: str
    role: str
    state: str
    said: dict[str, JsonValue]


class CaseClock(Schema):
    """A clock of the case that has started. limit_on: its last day, null beyond the known calendar."""

    clock: str
    name: Name
    owner: str
    days: int
    kind: str
    started_on: date
    limit_on: date | None
    is_running: bool
    stopped_on: date | None
    met_on: date | None


class PossibleAct(Schema):
    """An act the asker may do now. per_job: done for each instrument, by an operation of its own."""

    act: str
    name: Name
    per_job: bool
    form: list[FormField]


class CaseTrack(Schema):
    """What goes on beside others in a case, and how it stands."""

    track: str
    name: Name
    state: str
    state_name: Name


class CaseDetail(Schema):
    """A case. `sequence` is what an act sends back as `seen`."""

    id: UUID
    number: str
    procedure: str
    edition: str
    title: str
    state: str
    state_name: Name
    tracks: list[CaseTrack]
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
    clocks: list[CaseClock]
    acts: list[PossibleAct]
    story: list[CaseAct]


def detail_of(bearer: Bearer, found: CaseFacts, *, on: date) -> CaseDetail:
    """Return a case as somebody may see it."""
    procedure, done = cases.procedure_of(found), cases.story(found.id)
    return CaseDetail(
        id=found.id,
        number=found.number,
        procedure=found.procedure,
        edition=found.edition,
        title=found.title,
        state=found.state,
        state_name=named(procedure.states[found.state]),
        tracks=[
            CaseTrack(
                track=name, name=named(procedure.tracks[name]), state=now, state_name=named(procedure.states[now])
            )
            for name, now in found.tracks.items()
        ],
        sequence=found.sequence,
        owner=Party(id=found.owner_id, name=either(found.owner_name, found.owner_name_en)),
        body=Party(id=found.body_id, name=either(found.body_name, found.body_name_en)),
        region=found.region_code,
        details={key: plain(value) for key, value in found.details.items()},
        opened_at=found.opened_at,
        due_on=found.due_on,
        ended_at=found.ended_at,
        people=_people(found),
        jobs=_jobs(found, on),
        clocks=[_clock(each, procedure) for each in cases.folded(found, done).clocks],
        acts=[
            _possible(each.act, bearer, found=found, on=on)
            for each in cases.possible_acts(found, bearer.actor)
            if is_opened_to(bearer, each.act, found=found)
        ],
        story=[_done(act, bearer.actor, found=found) for act in done],
    )


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


def is_opened_to(bearer: Bearer, act: Act, *, found: CaseFacts) -> bool:
    """Tell whether a token's scopes open an act that either side may do: for who decides, a person answers for it."""
    is_applicant = bearer.actor.organisation_id == found.owner_id
    return not act.is_eithers or (accounts.APPLY if is_applicant else accounts.ACT) in bearer.token.scopes


def _possible(act: Act, bearer: Bearer, *, found: CaseFacts, on: date) -> PossibleAct:
    def choices_of(field: Field) -> list[Choice]:
        if field.choices_from == opening.BODIES:
            bodies = opening.other_bodies(found, at=timezone.now())
            return [Choice(value=str(each.id), name=either(each.name_zh, each.name_en)) for each in bodies]
        if field.type != "person":
            return own_choices(field)
        people = _assignable(field, bearer, found=found, on=on)
        return [Choice(value=str(key), name=either(name, "")) for key, name in people]

    form = [form_field(each, choices_of=choices_of) for each in act.form]
    return PossibleAct(act=act.name, name=named(act), per_job=act.per_job, form=form)


def _assignable(field: Field, bearer: Bearer, *, found: CaseFacts, on: date) -> Sequence[tuple[UUID, str]]:
    """Return whom an act may assign: by a file alone whoever has the role in the area, else people of the house."""
    if not cases.procedure_of(found).is_general:
        return accounts.people_with_role(bearer.actor.organisation_id, field.role, on=on)
    able = [each.person_id for each in opening.assignable(field.role, found, at=timezone.now())]
    known = directory.people(able)
    return [(key, known[key].name_zh) for key in able]


def _clock(reading: ClockReading, procedure: Procedure) -> CaseClock:
    clock = procedure.clocks[reading.name]
    return CaseClock(
        clock=clock.name, name=named(clock), owner=clock.owner, days=reading.days, kind=clock.kind,
        started_on=reading.started_on, limit_on=reading.limit_on, is_running=reading.is_running,
        stopped_on=reading.stopped_on, met_on=reading.met_on,
    )  # fmt: skip


def _done(act: ActFacts, reader: Actor, *, found: CaseFacts) -> CaseAct:
    definition = cases.procedure_of(found).act_done(act.name)
    return CaseAct(
        sequence=act.sequence,
        act=act.name,
        name=named(definition),
        at=act.at,
        person=act.person_name,
        role=act.role,
        state=str(act.data["to"]),
        said=_handed_in(act, reader, found=found),
    )


def _handed_in(act: ActFacts, reader: Actor, *, found: CaseFacts) -> dict[str, JsonValue]:
    """Return what a later act of a procedure of a file alone said: what was applied for stands in the details, and
    which of its people an office assigned is not told to who applied."""
    procedure = cases.procedure_of(found)
    definition = procedure.act_done(act.name)
    if not procedure.is_general or definition.opens or definition.amends:
        return {}
    said = said_in(found, act, reader=reader)
    is_outside = reader.organisation_id == found.owner_id != act.organisation_id
    people = {each.key for each in definition.form if each.type == "person"} if is_outside else set()
    return {key: plain(value) for key, value in said.items() if key not in people}
