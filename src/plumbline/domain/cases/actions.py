"""Writes of the engine: open a case, append an act. Guards and effects of a procedure are its own file's matter.

An act is written once for a request (`request_id`), at the place in the story its author saw (`seen`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.cases import clocks, queries, rules
from plumbline.domain.cases.models import Case
from plumbline.domain.cases.types import ActRequest, CaseFacts, CaseRow, ClockRow, Folded
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal import queries as acts
from plumbline.domain.journal.types import ActFacts, NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices.types import Happening
from plumbline.domain.rows import bulk
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, InputErrors, StateError, Term, say
from plumbline.rulebook import procedures
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.procedures import MOVE, Act, Procedure

DEFINITION = "definition"
"""Where the opening act keeps the hash of the edition it was done under."""


@dataclass(frozen=True)
class Opening:
    """What a new case is about."""

    procedure: str
    owner_id: UUID
    body_id: UUID
    region_code: str
    title: str
    parent_id: UUID | None = None


@dataclass(frozen=True)
class Turn:
    """A case locked for one act: its acts so far and what they add up to, and the act with its cleaned form."""

    case: CaseFacts
    story: tuple[ActFacts, ...]
    folded: Folded
    procedure: Procedure
    act: Act
    form: Mapping[str, object]

    @property
    def said(self) -> Mapping[str, object]:
        """What the case has been told before this act, by field: the newest answer of each, those on people too."""
        said: dict[str, object] = {}
        for done in self.story:
            form = done.data.get("form")
            said |= dict(form) if isinstance(form, Mapping) else {}
            said |= dict(self.case.told.get(str(done.sequence), {}))
        return {**said, **self.folded.details, **self.case.details}

    def moved(self, outcome: str | None) -> tuple[str, Mapping[str, str]]:
        """Return where the case and its tracks stand after the act."""
        return self.procedure.moved(self.folded.state, self.folded.tracks, act=self.act, outcome=outcome)


def asking(request: ActRequest, *, about: UUID, said: object = None) -> ActRequest:
    """Return the request with the digest of what it asks: its act, about what, with its form or what else was said."""
    asked = journal.asked(request.request_id, request.act, about, dict(request.form) if said is None else said)
    return replace(request, digest=asked.digest)


def already_done(actor: Actor, request: ActRequest) -> ActFacts | None:
    """Return the act this request has already made (a double click).

    Raises: InputError if it was not theirs; StateError if the same key asked for something else.
    """
    return journal.already_done(actor, request.asked)


@transaction.atomic
def open_case(actor: Actor, opening: Opening, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case with its opening act; returns it. Raises: AccessError, InputErrors, StateError."""
    form = examine(actor, opening, act_name=request.act, form=request.form)
    return _opened(actor, opening, form=form, request=request, at=at)


@transaction.atomic
def open_sub_case(actor: Actor, opening: Opening, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case that follows from an act on another, which has asked for the right to it. Raises: InputErrors."""
    form = rules.read_form(procedures.load(opening.procedure).act(request.act), request.form)
    return _opened(actor, opening, form=form, request=request, at=at)


def _opened(
    actor: Actor, opening: Opening, *, form: Mapping[str, object], request: ActRequest, at: datetime
) -> CaseFacts:
    procedure = procedures.load(opening.procedure)
    act = procedure.act(request.act)
    case_id = new_id()
    story = JournalSubject("case", case_id, opening.owner_id, opening.body_id, opening.region_code)
    (serial,) = next_serials(1)
    row = Case(
        id=case_id,
        serial=serial,
        number=number_of(serial, legal_day(at)),
        procedure=procedure.id,
        edition=procedure.edition,
        owner_id=opening.owner_id,
        body_id=opening.body_id,
        region_code=opening.region_code,
        title=opening.title,
        details=dict(form),
        parent_id=opening.parent_id,
        opened_at=at,
        state=act.target(request.outcome),
        sequence=0,
    )
    row.save(force_insert=True)
    personal = rules.personal(act, form)
    to = procedure.moved("", {}, act=act, outcome=request.outcome)
    data = _data(request, _lasting(form, personal), to=to) | {DEFINITION: procedure.digest}
    written = NewAct(act.name, data, 1, request.asked)
    done = journal.append(actor, story, act=written, at=at)
    return _announced(_refold(queries.facts(row), (done,), personal=personal), done)


def examine(actor: Actor, opening: Opening, *, act_name: str, form: Mapping[str, object]) -> dict[str, object]:
    """Return the form of an act that would open a case, cleaned; writes nothing. Raises: as `open_case`."""
    procedure = procedures.load(opening.procedure)
    act = procedure.act(act_name)
    if not act.opens:
        raise StateError(say("“{act}”不能新开业务", act=Term(act.zh, act.en)))
    side = opening.owner_id if procedure.is_general else opening.body_id
    subject = Subject(opening.owner_id, side, opening.region_code)
    accounts.require(actor, f"{procedure.id}.{act.name}", subject=subject)
    return rules.read_form(act, form)


def require_opening(actor: Actor, procedure: Procedure, *, act: Act) -> None:
    """Pass if the actor may open a case for their own house. Raises: AccessError."""
    own = actor.organisation_id
    region = directory.organisation(own).region_code
    accounts.require(actor, f"{procedure.id}.{act.name}", subject=Subject(own, own, region))


def first_turn(opening: Opening, *, act: Act, form: Mapping[str, object], at: datetime) -> Turn:
    """Return the turn an opening act would be, for its guards and effects: a case with nothing behind it yet."""
    procedure = procedures.load(opening.procedure)
    case = CaseFacts(
        id=new_id(), number="", procedure=procedure.id, edition=procedure.edition, owner_id=opening.owner_id,
        body_id=opening.body_id, region_code=opening.region_code, title=opening.title, details=form, opened_at=at,
        state=act.target(), sequence=0, clock_from=None, due_on=None, ended_at=None, people={},
        parent_id=opening.parent_id,
    )  # fmt: skip
    return Turn(case, (), rules.unopened(case), procedure, act, form)


def form_faults(procedure: str, act_name: str, *, form: Mapping[str, object]) -> list[InputError]:
    """Return everything wrong with the form of an act as it stands; writes nothing."""
    try:
        rules.read_form(procedures.load(procedure).act(act_name), form)
    except InputError as error:
        return list(error.errors) if isinstance(error, InputErrors) else [error]
    return []


def begin(actor: Actor, case_id: UUID, *, request: ActRequest) -> Turn:
    """Lock a case for one act and return what its guards need; must run in the transaction of the act.

    Raises: AccessError if the act is not this actor's; StateError if it is not possible now or the case has moved on.
    """
    case = _locked(case_id)
    procedure = queries.procedure_of(case)
    act = procedure.act(request.act)
    accounts.require(actor, f"{procedure.id}.{act.name}", subject=queries.subject_of(case, act, actor=actor))
    story = queries.story(case.id)
    if any(_bears_on(done, act, procedure=procedure) for done in story[request.seen :]) or request.seen > len(story):
        raise _moved_on(case)
    _require_same_definition(procedure, story)
    folded = queries.folded(case, story)
    rules.require_possible(procedure, act, folded=folded)
    _require_person(actor, act, folded=folded)
    return Turn(case, story, folded, procedure, act, rules.read_form(act, request.form))


def _locked(case_id: UUID) -> CaseFacts:
    """Return a case, locked for one act. Raises: Hidden."""
    row = Case.objects.select_for_update(of=("self",)).select_related("owner", "body").filter(pk=case_id).first()
    if row is None:
        raise queries.no_such_case()
    return queries.facts(row)


def move(actor: Actor, case_id: UUID, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Have a running case go on under the edition that replaces its own, which then reads its clocks; returns it.

    Raises: AccessError for who does not decide in it; StateError where nothing replaces it or the case has moved on.
    """
    case = _locked(case_id)
    old = queries.procedure_of(case)
    new = procedures.replacing(old)
    if new is None or case.ended_at is not None:
        raise StateError(say("没有新版程序可以转"), where=say("业务 {number}", number=case.number))
    queries.require_decides(actor, case)
    story = queries.story(case.id)
    if request.seen != case.sequence:
        raise _moved_on(case)
    _require_same_definition(old, story)
    form = rules.read_form(MOVE, request.form)
    opening = old.act_done(story[0].name)
    personal = rules.personal(opening, case.details)
    data = _data(request, form, to=new.moved_here(case.state, case.tracks))
    data |= {"edition": new.edition, "details": _lasting(case.details, personal), DEFINITION: new.digest}
    done = journal.append(
        actor, case.journal_subject, act=NewAct(MOVE.name, data, case.sequence + 1, request.asked), at=at
    )
    Case.objects.filter(pk=case.id).update(edition=new.edition)
    now = _refold(replace(case, edition=new.edition), (*story, done), personal=personal)
    clocks.let_go(now, queries.folded(now, (*story, done)))
    return _announced(now, done)


def hand_over(case: CaseFacts, *, body_id: UUID) -> None:
    """Give a case to another house to decide, and have its systems told. Who looks after the area sees it as before."""
    with scoped(EVERYTHING):
        Case.objects.filter(pk=case.id).update(body_id=body_id)
        clocks.hand_over(case.id, body_id=body_id)
        _announced(replace(case, body_id=body_id), queries.story(case.id)[-1])


def require_offered(act: Act, form: Mapping[str, object], *, offered: Mapping[str, Collection[str]]) -> None:
    """Pass if each answer is on the list the rooms offer for it. Raises: InputErrors."""
    rules.require_offered(act, form, offered=offered)


def require_turn(actor: Actor, case: CaseFacts, *, act_name: str) -> None:
    """Pass if an act is this actor's and possible now; writes nothing. Raises: AccessError, StateError."""
    procedure = queries.procedure_of(case)
    act = procedure.act(act_name)
    accounts.require(actor, f"{procedure.id}.{act.name}", subject=queries.subject_of(case, act, actor=actor))
    folded = queries.folded(case)
    rules.require_possible(procedure, act, folded=folded)
    _require_person(actor, act, folded=folded)


def complete(actor: Actor, turn: Turn, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Append the act of a turn and return the case as it then is."""
    said = rules.personal(turn.act, turn.form)
    data = _data(request, _lasting(turn.form, said), to=turn.moved(request.outcome))
    written = NewAct(turn.act.name, data, turn.case.sequence + 1, request.asked)
    done = journal.append(actor, turn.case.journal_subject, act=written, at=at)
    opening = turn.procedure.act_done(turn.story[0].name)
    personal = said if turn.act.amends else rules.personal(opening, turn.case.details)
    told = turn.case.told if turn.act.amends or not said else {**turn.case.told, str(done.sequence): said}
    return _announced(_refold(replace(turn.case, told=told), (*turn.story, done), personal=personal), done)


def _announced(case: CaseFacts, done: ActFacts) -> CaseFacts:
    """Have the parties' systems told that a case has moved; returns the case."""
    said = {
        "case": case.number, "procedure": case.procedure, "act": done.name, "state": case.state,
        "sequence": case.sequence,
    }  # fmt: skip
    notices.announce(Happening("case.moved", (case.owner_id, case.body_id), said, case.region_code), at=done.at)
    return case


def _lasting(form: Mapping[str, object], personal: Mapping[str, object]) -> dict[str, object]:
    """Return of a form what may stand in an act for good."""
    return {name: value for name, value in form.items() if name not in personal}


def _data(request: ActRequest, form: Mapping[str, object], *, to: tuple[str, Mapping[str, str]]) -> dict[str, object]:
    state, tracks = to
    data: dict[str, object] = {"form": dict(form), "to": state}
    data |= {"tracks": dict(tracks)} if tracks else {}
    data |= {"outcome": request.outcome} if request.outcome else {}
    data |= {"facts": dict(request.facts)} if request.facts else {}
    return data


def _refold(case: CaseFacts, story: Sequence[ActFacts], *, personal: Mapping[str, object]) -> CaseFacts:
    """Write what the acts now add up to beside the case, for lists, and return the case as it then is.

    personal: answers that are kept with the case alone.
    """
    case = replace(case, details={**rules.details_of(queries.procedure_of(case), story), **personal})
    folded = queries.folded(case, story)
    clock = queries.clock_days(case, folded)
    now = replace(
        case,
        state=folded.state,
        sequence=folded.sequence,
        ended_at=folded.ended_at,
        clock_from=clock.clock_from,
        due_on=clock.due_on,
        people=folded.people,
        tracks=folded.tracks,
    )
    Case.objects.filter(pk=case.id).update(
        **{
            name: getattr(now, name)
            for name in ("details", "told", "tracks", "state", "sequence", "ended_at", "clock_from", "due_on")
        },
        **{f"{duty}_id": now.people.get(duty) for duty in queries.DUTIES},
        assigned={duty: str(person) for duty, person in now.people.items() if duty not in queries.DUTIES},
        limit_on=clock.limit_on,
        met_on=clock.met_on,
    )
    clocks.keep(now, folded)
    return now


def _require_same_definition(procedure: Procedure, story: Sequence[ActFacts]) -> None:
    """Pass if the edition still says what it said when the case was opened under it, or moved to it."""
    began = next(act for act in reversed(story) if act.name == MOVE.name or act.sequence == 1)
    if began.data.get(DEFINITION, procedure.digest) != procedure.digest:
        raise StateError(
            say(
                "程序“{procedure}”第 {edition} 版在业务开办以后改动过",
                procedure=Term(procedure.zh, procedure.en),
                edition=procedure.edition,
            ),
            remedy=say("由管理员放回这一版原来的文件，改动另立新版"),
        )


def _require_person(actor: Actor, act: Act, *, folded: Folded) -> None:
    person = rules.awaited_person(act, folded)
    if act.person.get(rules.here(act, folded)) and person != actor.duty_of:
        raise AccessError(
            say("这一步指派给了别人，不能由您“{act}”", act=Term(act.zh, act.en)),
            remedy=say("请被指派的人办理，或由业务受理改派"),
        )


def _bears_on(done: ActFacts, act: Act, *, procedure: Procedure) -> bool:
    """Tell whether an act its author has not seen stands in the way of another: not if it went on in another track."""
    before = procedure.act_done(done.name)
    track, own = (procedure.state_had(each.targets[0]).track if each.targets else "" for each in (before, act))
    return not track or track == own or str(done.data["to"]) != procedure.tracks[track].during


def _moved_on(case: CaseFacts) -> StateError:
    last = acts.acts_of(case.id)[-1]
    act = queries.procedure_of(case).act_done(last.name)
    return StateError(
        say("您打开这一页以后，{who}已经“{act}”", who=last.person_name, act=Term(act.zh, act.en)),
        where=say("业务 {number}", number=case.number),
        remedy=say("看过最新的经过后再办；您填的内容还在"),
    )


def next_serials(count: int) -> list[int]:
    """Take some serials of cases, each once for good."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_case_serials') from generate_series(1, %s)", [count])
        return [int(serial) for (serial,) in cursor.fetchall()]


def number_of(serial: int, opened: date) -> str:
    """Return the number of a case: the year it was opened in, and its serial."""
    return f"{opened.year}-{serial:06d}"


def take_in_cases(rows: Iterable[CaseRow]) -> int:
    """Take the cases of a load test in; their acts are the journal's. Raises: StateError outside a demo."""
    return bulk.take_in("cases_case", CaseRow, rows=rows)


def take_in_clocks(rows: Iterable[ClockRow]) -> int:
    """Take in the clocks of the cases of a load test. Raises: StateError outside a demo."""
    return bulk.take_in("cases_caseclock", ClockRow, rows=rows)
