"""A procedure as the API says it: what an application asks, who decides, its acts and clocks, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ninja import Schema
from pydantic import JsonValue

from plumbline.faces.api.form_shapes import FormField, form_field, plain
from plumbline.faces.api.regulations import Origin, origin_of
from plumbline.faces.api.shapes import Name, named
from plumbline.rulebook import procedures as book
from plumbline.rulebook.procedures import Act, Basis, Clock, Procedure, Said, Word


class ProcedureLine(Schema):
    """A procedure in its newest edition. digest: of all it says, wording too; is_general: cases are opened below its
    own address, and not by an application of its own; is_public: strangers may follow a case by its number; may_apply:
    whether this token may open a case."""

    id: str
    name: Name
    about: Name
    area: str
    area_name: Name
    edition: str
    valid_from: date
    valid_to: date | None
    digest: str
    status: str
    is_general: bool
    is_public: bool
    applicants: list[str]
    body_role: str | None
    may_apply: bool


class Catalogue(Schema):
    """Every procedure. digest: changes when anything in the catalogue does."""

    digest: str
    items: list[ProcedureLine]


class ProcedureStep(Schema):
    """A step as people are shown it."""

    step: str
    name: Name


class ProcedureState(Schema):
    """A state. track: the track it is one of, null for the case as a whole; is_good: an end by which what was applied
    for was had; waits_for: the roles whose act is expected."""

    state: str
    name: Name
    step: str
    track: str | None
    is_end: bool
    is_good: bool
    waits_for: list[str]


class WordSaid(Schema):
    """A condition or an effect of an act: a word of a closed list with what it is about."""

    word: str
    about: dict[str, JsonValue]


class FormSection(Schema):
    """A part of a long form."""

    section: str
    name: Name


class ProcedureAct(Schema):
    """An act. side: whose it is: of the applicant, of the body that decides, or of either; scopes: any of them opens it
    to a token; to: the states it may lead to; when: answers that a case must have."""

    act: str
    name: Name
    side: str
    opens: bool
    from_states: list[str]
    to: list[str]
    roles: list[str]
    needs_reason: bool
    per_job: bool
    amends: bool
    when: dict[str, list[str]]
    extends: dict[str, int]
    guards: list[WordSaid]
    effects: list[WordSaid]
    sections: list[FormSection]
    form: list[FormField]


class ProcedureTrack(Schema):
    """A part of a case that goes on beside others while the case is in a state, from the state it begins in."""

    track: str
    name: Name
    during: str
    begins: str


class ProcedureJoin(Schema):
    """Where a case goes on once all tracks of a state have ended; the first that holds counts. when: ends by track."""

    during: str
    when: dict[str, list[str]]
    to: str


class ProcedureDocument(Schema):
    """A document that acts issue, halt or end, as their effects say. code: its letters in the number."""

    document: str
    name: Name
    code: str


class ProcedureClock(Schema):
    """A clock: so many days of a kind (working or calendar; for months, so many months) after the last of some acts;
    days null where a legal limit of a region says them."""

    clock: str
    name: Name
    days: int | None
    kind: str
    starts_with: list[str]
    stops_in: list[str]
    met_in: list[str]
    pauses_in: list[str]
    owner: str
    origin: Origin | None


class ProcedureBasis(Schema):
    """What a procedure rests on."""

    kind: str
    name: Name
    edition: str
    origin: Origin


class SaidOfIt(Schema):
    """A sentence with how sure it is; empty where it was not seen."""

    words: Name
    origin: Origin


class ProcedureDetail(ProcedureLine):
    """The whole definition. replaces: the edition whose running cases may be moved to this one."""

    title: list[str]
    steps: list[ProcedureStep]
    states: list[ProcedureState]
    tracks: list[ProcedureTrack]
    joins: list[ProcedureJoin]
    acts: list[ProcedureAct]
    documents: list[ProcedureDocument]
    replaces: str | None
    clocks: list[ProcedureClock]
    basis: list[ProcedureBasis]
    fee: SaidOfIt | None
    retention: SaidOfIt | None
    origin: Origin
    body_is_chosen: bool


def line_of(found: Procedure, *, may_apply: bool) -> dict[str, Any]:  # Any: values of the shape's own types
    """Return what a list says of a procedure."""
    return {
        "id": found.id,
        "name": named(found),
        "about": Name(zh=found.about_zh, en=found.about_en),
        "area": found.area,
        "area_name": Name(zh=book.AREAS[found.area].zh, en=book.AREAS[found.area].en),
        "edition": found.edition,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "digest": book.wording_digest(found),
        "status": found.status,
        "is_general": found.is_general,
        "is_public": found.is_public,
        "applicants": list(dict.fromkeys(role for act in found.opening_acts for role in act.roles)),
        "body_role": found.body.role if found.body else None,
        "may_apply": may_apply,
    }


def detail_of(found: Procedure, *, may_apply: bool) -> ProcedureDetail:
    """Return a whole definition."""
    return ProcedureDetail(
        **line_of(found, may_apply=may_apply),
        title=list(found.title),
        steps=[ProcedureStep(step=each.name, name=named(each)) for each in found.steps.values()],
        states=[
            ProcedureState(
                state=each.name, name=named(each), step=each.step, track=each.track or None, is_end=each.is_end,
                is_good=each.is_good, waits_for=list(each.waits_for),
            )
            for each in found.states.values()
        ],
        tracks=[
            ProcedureTrack(track=each.name, name=named(each), during=each.during, begins=each.begins)
            for each in found.tracks.values()
        ],
        joins=[
            ProcedureJoin(during=each.during, when={key: list(ends) for key, ends in each.when.items()}, to=each.to)
            for each in found.joins
        ],
        documents=[
            ProcedureDocument(document=each.name, name=named(each), code=each.code)
            for each in found.documents.values()
        ],
        replaces=found.moves.replaces if found.moves else None,
        acts=[_act(each) for each in found.acts.values()],
        clocks=[_clock(each) for each in found.clocks.values()],
        basis=[_basis(each) for each in found.basis],
        fee=_said(found.fee),
        retention=_said(found.retention),
        origin=origin_of(found.provenance),
        body_is_chosen=found.body is not None and found.body.is_chosen,
    )  # fmt: skip


def _act(act: Act) -> ProcedureAct:
    side = "either" if act.is_eithers else "applicant" if act.opens or act.is_applicants else "body"
    return ProcedureAct(
        act=act.name,
        name=named(act),
        side=side,
        opens=act.opens,
        from_states=list(act.from_states),
        to=list(act.targets),
        roles=list(act.roles),
        needs_reason=act.needs_reason,
        per_job=act.per_job,
        amends=act.amends,
        when={key: list(values) for key, values in act.when.items()},
        extends=dict(act.extends),
        guards=_words(act.guards),
        effects=_words(act.effects),
        sections=[FormSection(section=each.key, name=named(each)) for each in act.sections],
        form=[form_field(each) for each in act.form],
    )


def _words(words: Iterable[Word]) -> list[WordSaid]:
    return [WordSaid(word=each.name, about={key: plain(value) for key, value in each.about.items()}) for each in words]


def _clock(clock: Clock) -> ProcedureClock:
    return ProcedureClock(
        clock=clock.name, name=named(clock), days=clock.days or None, kind=clock.kind,
        starts_with=list(clock.starts_with), stops_in=list(clock.stops_in), met_in=list(clock.met_in),
        pauses_in=list(clock.pauses_in), owner=clock.owner,
        origin=origin_of(clock.provenance) if clock.provenance else None,
    )  # fmt: skip


def _basis(basis: Basis) -> ProcedureBasis:
    return ProcedureBasis(kind=basis.kind, name=named(basis), edition=basis.edition, origin=origin_of(basis.provenance))


def _said(said: Said | None) -> SaidOfIt | None:
    return None if said is None else SaidOfIt(words=named(said), origin=origin_of(said.provenance))
