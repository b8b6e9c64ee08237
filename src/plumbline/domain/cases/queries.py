"""Reads of cases: one case, its story, work lists by keyset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.cases import lists, loads, raising, rules, searching
from plumbline.domain.cases.models import Case
from plumbline.domain.cases.types import CaseFacts, ClockDays, Folded
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import queries as journal
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows.listing.spec import Joined, ListSpec, Row
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.taking import Found
from plumbline.domain.rows.types import Scope
from plumbline.errors import AccessError, Hidden, say
from plumbline.rulebook import deadlines, procedures, roles
from plumbline.rulebook.deadlines import Deadline
from plumbline.rulebook.procedures import MOVE, Act, Possible, Procedure

PAGE = 50
ALL = lists.ALL
raised = raising.raised
SEARCHED = searching.KINDS
DUTIES = ("verifier", "checker", "approver")
open_loads = loads.open_loads


def case(case_id: UUID) -> CaseFacts:
    """Return a case. Raises: Hidden when it does not exist or is not visible to the scope (the same answer)."""
    row = Case.objects.select_related("owner", "body").filter(pk=case_id).first()
    if row is None:
        raise no_such_case()
    return facts(row)


def case_by_number(number: str) -> CaseFacts:
    """Return a case by its number. Raises: Hidden as `case`."""
    row = Case.objects.select_related("owner", "body").filter(number=number).first()
    if row is None:
        raise no_such_case()
    return facts(row)


def no_such_case() -> Hidden:
    """Return the one answer for a case that does not exist and for one that is not yours to see."""
    return Hidden(say("没有这个业务，或者您无权查看"), remedy=say("核对业务号，或换用有权的账号"))


def procedure_of(found: CaseFacts) -> Procedure:
    """Return the definition a case runs on: the edition it was opened under."""
    return procedures.load(found.procedure, found.edition)


def story(case_id: UUID) -> tuple[ActFacts, ...]:
    """Return the acts of a case in order; who sees a case that was handed to them sees also what was done before."""
    acts = journal.acts_of(case_id)
    is_whole = bool(acts) and len(acts) == acts[-1].sequence
    if is_whole or not Case.objects.filter(pk=case_id).exists():
        return acts
    with scoped(EVERYTHING):
        return journal.acts_of(case_id)


def folded(found: CaseFacts, acts: Sequence[ActFacts] | None = None) -> Folded:
    """Return what the acts of a case add up to: those given, else all of the journal."""
    limit = limit_of(found)
    done = story(found.id) if acts is None else acts
    return rules.fold(procedure_of(found), done, clock_acts=limit.starts_with if limit else ())


def clock_days(found: CaseFacts, now: Folded) -> ClockDays:
    """Return the days of the clock a case is listed by: its legal limit, or the clock of its file that presses most."""
    if clock := now.clock:
        return ClockDays(clock.started_on, clock.due_on, clock.limit_on, clock.met_on, is_running=clock.is_running)
    limit = limit_of(found)
    limit_on = limit.last_day(now.clock_from) if limit and now.clock_from else None
    due_on = None if now.clock_stopped_on else limit_on
    return ClockDays(now.clock_from, due_on, limit_on, now.clock_met_on, is_running=now.clock_stopped_on is None)


def subject_of(found: CaseFacts, act: Act, *, actor: Actor) -> Subject:
    """Return what the policy is asked about for an act: of a procedure that its file alone runs, an act is of the side
    of who applied, of who decides or of either, so that an institute may apply as any other house does."""
    if not procedure_of(found).is_general:
        return Subject(found.owner_id, found.body_id, found.region_code)
    is_applicant = act.is_applicants or (act.is_eithers and actor.organisation_id == found.owner_id)
    side = found.owner_id if is_applicant else found.body_id
    return Subject(side, side, found.region_code)


def limit_of(found: CaseFacts) -> Deadline | None:
    """Return the time limit of a case, if a region above it sets one."""
    return time_limit(found.procedure, str(found.details.get("place", "")), region_code=found.region_code)


def time_limit(procedure_id: str, place: str, *, region_code: str) -> Deadline | None:
    """Return the limit that holds for a place and region, if any region sets one."""
    path = [region.code for region in directory.path(region_code)]
    return deadlines.limit(procedure_id, place=place, region_codes=path) if place else None


@dataclass(frozen=True)
class Wanted:
    """Which cases a list shows. Empty fields do not narrow."""

    states: tuple[str, ...] = ()
    owner_id: UUID | None = None
    body_id: UUID | None = None
    person_id: UUID | None = None
    due_before: date | None = None
    is_open: bool | None = None


def listed(wanted: Wanted, *, most: int = PAGE) -> tuple[CaseFacts, ...]:
    """Return the first cases, the earliest time limit first, those without one last; the whole list is a `ListSpec`."""
    rows = _narrowed(wanted).order_by(F("due_on").asc(nulls_last=True), "opened_at", "id")
    return tuple(facts(row) for row in rows[:most])


def _narrowed(wanted: Wanted) -> QuerySet[Case]:
    rows = Case.objects.select_related("owner", "body")
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.owner_id:
        rows = rows.filter(owner_id=wanted.owner_id)
    if wanted.body_id:
        rows = rows.filter(body_id=wanted.body_id)
    if wanted.person_id:
        rows = rows.filter(
            Q(verifier_id=wanted.person_id) | Q(checker_id=wanted.person_id) | Q(approver_id=wanted.person_id)
        )
    if wanted.due_before:
        rows = rows.filter(due_on__lt=wanted.due_before)
    if wanted.is_open is not None:
        rows = rows.filter(ended_at__isnull=wanted.is_open)
    return rows


def search_cases(query: Query, *, scope: Scope) -> Found[CaseFacts]:
    """Return the cases a scope sees that are meant by what was typed."""
    found = searching.found(query, scope=scope)
    held = cases(found.hits) if found.hits else {}
    return found.of([held[key] for key in found.hits if key in held])


def list_of_cases() -> ListSpec:
    """Return the list of cases; each row brings the case whole, as `case`."""

    def whole(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        return {key: {"case": found} for key, found in cases([row["id"] for row in rows]).items()}

    return lists.cases(Joined(("case",), whole))


def counts_by_state(*, owner_id: UUID | None = None, body_id: UUID | None = None) -> dict[str, int]:
    """Return how many open cases are in each state, among those visible and narrowed so."""
    rows = _narrowed(Wanted(owner_id=owner_id, body_id=body_id, is_open=True))
    return dict(rows.order_by().values_list("state").annotate(count=Count("id")))


def waiting_for(actor: Actor, *, most: int = 200) -> tuple[CaseFacts, ...]:
    """Return the open cases that wait for an act of this actor: by role, and by person where one is assigned."""
    # Sorted by an expression, which no index is in the order of: read along that order, all open cases would be looked
    # at to find the few that wait.
    due = Coalesce("due_on", Value(date.max))
    return tuple(facts(row) for row in _awaiting(actor).order_by(due, "opened_at", "id")[:most])


def waiting_count(actor: Actor) -> int:
    """Return how many open cases wait for an act of this actor."""
    return _awaiting(actor).count()


def _awaiting(actor: Actor) -> QuerySet[Case]:
    """Return the rows that wait for the actor, asked of the database alone: nothing is left out after counting.

    Each procedure is an arm of its own, which the index of open cases by procedure and state serves: one without open
    cases costs nothing. A side is said once for all its arms.
    """
    plain: dict[str, dict[tuple[str, str], set[str]]] = {}
    waits: list[Q] = []
    for procedure, state, act in _acts_of(actor):
        side = _side(procedure, act)
        track = procedure.states[state].track
        if act.when or act.person.get(state) or track:
            here = Q(procedure=procedure.id, edition=procedure.edition) & _standing(procedure, state)
            waits.append(here & _bound(act, state, actor=actor) & _of_side(side, actor))
        else:
            plain.setdefault(side, {}).setdefault((procedure.id, procedure.edition), set()).add(state)
    for side, arms in plain.items():
        each = [Q(procedure=name, edition=edition, state__in=sorted(of)) for (name, edition), of in arms.items()]
        waits.append(_of_side(side, actor) & Q(*each, _connector=Q.OR))
    return _narrowed(Wanted(is_open=True)).filter(Q(*waits, _connector=Q.OR) if waits else Q(pk__in=[]))


def _acts_of(actor: Actor) -> Iterator[tuple[Procedure, str, Act]]:
    """Yield the acts of all editions that are waited for and the actor's by role, with the state."""
    for procedure in procedures.all_editions():
        for state in procedure.states:
            for act in procedure.acts_from(state):
                if state not in act.aside_from and accounts.has_right(actor, f"{procedure.id}.{act.name}"):
                    yield procedure, state, act


def _standing(procedure: Procedure, state: str) -> Q:
    """Return the condition of being in a state; one of a track is had while the case is where the track goes on."""
    track = procedure.states[state].track
    if not track:
        return Q(state=state)
    return Q(state=procedure.tracks[track].during, **{f"tracks__{track}": state})


def _bound(act: Act, state: str, *, actor: Actor) -> Q:
    """Return what else must hold of a case for an act to be this actor's: what was answered, who was assigned."""
    where = Q(**{f"details__{name}__in": list(values) for name, values in act.when.items()})
    duty = act.person.get(state)
    if not duty:
        return where
    if duty in DUTIES:
        return where & Q(**{f"{duty}_id": actor.duty_of})
    return where & Q(**{f"assigned__{duty}": str(actor.duty_of)})


def _side(procedure: Procedure, act: Act) -> str:
    """Return whose an act is: of a party, of who applied, of who decides."""
    if not procedure.is_general or act.is_eithers:
        return "party"
    return "applicant" if act.is_applicants else "body"


def _of_side(side: str, actor: Actor) -> Q:
    """Return the condition of being on a side; who looks after an area decides in all of it, as the policy has it."""
    house = actor.organisation_id
    if side == "body" and roles.by_code(actor.role).reach == "region":
        return Q(region_code__in=actor.regions)
    owner, body = Q(owner_id=house), Q(body_id=house)
    return {"party": owner | body, "applicant": owner, "body": body}[side]


def possible_acts(found: CaseFacts, actor: Actor) -> list[Possible]:
    """Return the acts this actor may do on a case now, those waited for first; those on single jobs among them."""
    procedure = procedure_of(found)
    able = [
        each
        for each in procedure.possible(found.states, found.details)
        if accounts.may(actor, f"{procedure.id}.{each.act.name}", subject=subject_of(found, each.act, actor=actor))
        and _is_holder(each, found, actor=actor)
    ]
    return [*able, *_moves(found, actor)]


def _moves(found: CaseFacts, actor: Actor) -> list[Possible]:
    """Return the act by which a case goes on under a newer edition, where there is one and the actor decides in it."""
    is_old = found.ended_at is None and procedures.replacing(procedure_of(found)) is not None
    if not is_old or not decides(actor, found):
        return []
    return [Possible(replace(MOVE, from_states=(found.state,), aside_from=(found.state,)), found.state)]


def decides(actor: Actor, found: CaseFacts) -> bool:
    """Tell whether the actor decides in a case: by the role that does, of another house than the one that applied."""
    procedure = procedure_of(found)
    role = procedure.body.role if procedure.body else ""
    if actor.role != role or actor.organisation_id == found.owner_id:
        return False
    acts = (act for act in procedure.acts.values() if role in act.roles and not (act.is_applicants or act.is_eithers))
    return any(
        accounts.may(actor, f"{found.procedure}.{act.name}", subject=subject_of(found, act, actor=actor))
        for act in acts
    )


def require_decides(actor: Actor, found: CaseFacts) -> None:
    """Pass if the actor decides in a case. Raises: AccessError."""
    if not decides(actor, found):
        raise AccessError(say("只有办理单位能把业务转到新版"), remedy=say("请办理这项业务的人办"))


def _is_holder(each: Possible, found: CaseFacts, *, actor: Actor) -> bool:
    duty = each.act.person.get(each.state)
    return duty is None or found.people.get(duty) == actor.duty_of


def waiting_states(role: str) -> tuple[str, ...]:
    """Return the states in which some act is awaited of a role, over all procedures."""
    return tuple(
        dict.fromkeys(
            state.name
            for procedure in procedures.all_editions()
            for state in procedure.states.values()
            if role in state.waits_for
        )
    )


def end_states() -> frozenset[str]:
    """Return the states in which a case has ended, over all procedures."""
    return frozenset(
        state.name for procedure in procedures.all_editions() for state in procedure.states.values() if state.is_end
    )


def sub_cases(case_id: UUID) -> tuple[CaseFacts, ...]:
    """Return the cases that were opened by a case or are about it, as far as the reader sees them, the oldest first."""
    # Sorted here: asked for the first few in an order, the planner may read along that order through all cases.
    rows = Case.objects.select_related("owner", "body").filter(parent_id=case_id)
    return tuple(sorted((facts(row) for row in rows), key=lambda each: (each.opened_at, each.number)))


def are_sub_cases_done(found: CaseFacts) -> bool:
    """Tell whether the cases that a case has opened have ended, one of each procedure as it was meant to; whoever may
    see them. Those that are about it count for nothing."""
    words = (word for act in procedure_of(found).acts.values() for word in act.effects if word.name == "open_case")
    opens = {str(word.about["procedure"]) for word in words}
    with scoped(EVERYTHING):
        rows = Case.objects.select_related("owner", "body").filter(parent_id=found.id, procedure__in=opens)
        theirs = [facts(row) for row in rows]
    done = {each.procedure for each in theirs if procedure_of(each).states[each.state].is_good}
    return done >= {each.procedure for each in theirs} and all(each.ended_at for each in theirs)


def cases(case_ids: Iterable[UUID]) -> dict[UUID, CaseFacts]:
    """Return several cases by id, in one query."""
    return {row.id: facts(row) for row in Case.objects.select_related("owner", "body").filter(id__in=list(case_ids))}


def facts(row: Case) -> CaseFacts:
    """Return the value of a row."""
    people = {duty: getattr(row, f"{duty}_id") for duty in DUTIES}
    people |= {duty: UUID(person) for duty, person in row.assigned.items()}
    return CaseFacts(
        id=row.id,
        number=row.number,
        procedure=row.procedure,
        edition=row.edition,
        owner_id=row.owner_id,
        body_id=row.body_id,
        region_code=row.region_code,
        title=row.title,
        details=row.details,
        opened_at=row.opened_at,
        state=row.state,
        sequence=row.sequence,
        clock_from=row.clock_from,
        due_on=row.due_on,
        ended_at=row.ended_at,
        people={duty: person for duty, person in people.items() if person},
        owner_name=row.owner.name_zh,
        body_name=row.body.name_zh,
        owner_name_en=row.owner.name_en,
        body_name_en=row.body.name_en,
        told=row.told,
        tracks=row.tracks,
        parent_id=row.parent_id,
    )
