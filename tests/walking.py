"""A case of any procedure, taken from act to act by whoever may do it; people and answers are made when asked for."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as logins
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Grant
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import actions as directory
from plumbline.domain.files import actions as files
from plumbline.domain.ledger.queries import trust_root
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.evidence import offline
from plumbline.evidence.draw.ceremony import commitment
from plumbline.rulebook import roles
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act, Procedure, Word
from plumbline.rulebook.procedures.drawing import (
    EXCLUDED_FIELD,
    FREEZE,
    NONCE_FIELD,
    OPEN,
    PERSON_FIELD,
    SEAL,
    SEAL_FIELD,
    drawing_act,
    party_of,
    step_of,
)
from tests.world import CITY, FROM, PASSWORD, TODAY, World, moment, sequence, uscc

PROVINCE = "330000"
CONTENT = {"pdf": b"%PDF-1.7", "image": b"\x89PNG\r\n\x1a\n", "text": b"x", "table": b"PK", "package": b"PK"}
ROWS = 3


@dataclass
class Walk:
    """A procedure under way: who there is for each role on each side, what day it is, which acts were done."""

    world: World
    procedure: Procedure
    day: date = TODAY
    done: set[str] = field(default_factory=set)
    people: dict[tuple[str, str, int], Actor] = field(default_factory=dict)
    by: dict[str, UUID] = field(default_factory=dict)

    def actor(self, role: str, house: str, *, number: int = 0) -> Actor:
        """Return a person of a role and a house; made when first asked for."""
        key = (role, house, number)
        if key not in self.people:
            self.people[key] = self._made(role, self.world.organisations[house])
        return self.people[key]

    def _made(self, role: str, house: UUID) -> Actor:
        username = f"walk{uuid4().hex[:12]}"
        with scoped(EVERYTHING):
            person = directory.register_person(house, name_zh=f"测试{username}", at=moment(FROM))
            user_id = accounts.open_account(SYSTEM, person, username=username, password=PASSWORD)
            region = PROVINCE if role.startswith("province") else CITY
            region = region if roles.by_code(role).reach == "region" else ""
            accounts.give_role(SYSTEM, user_id, grant=Grant(house, role, FROM, region))
            return logins.actor_of(username, on=TODAY)

    def of(self, act: Act, *, number: int = 0, body: UUID | None = None) -> Actor:
        """Return who does an act: the applicant's people theirs, the deciding house's people all others."""
        house = next((key for key, house in self.world.organisations.items() if house == body), "bureau")
        role = act.roles[0]
        if act.is_applicants or act.is_eithers:
            return self.actor(self.applicant, "company", number=number)
        wanted = self.procedure.body.role if self.procedure.body else ""
        if party_of(act) and wanted not in act.roles:
            return self.actor(role, "institute", number=number)  # the parties of a draw are of houses apart
        return self.actor(wanted if wanted in act.roles else role, house, number=number)

    @property
    def applicant(self) -> str:
        """The role of whoever applies."""
        able = self.procedure.opening_acts[0].roles
        return "enterprise" if "enterprise" in able else able[0]


def deciding(act: Act, case: CaseFacts) -> UUID | None:
    """Return the very house that must do an act, where one must."""
    return case.body_id if any(word.name == "deciding_house" for word in act.guards) else None


def ended_case(world: World) -> str:
    """Return the number of a case of the company that has ended."""
    walk = Walk(world, queries.procedure("standard_examination"))
    case = opened(walk, {"kind": "new"})
    return step(walk, case, act=walk.procedure.acts["withdraw"], said={}).number


def settle(walk: Walk, case: CaseFacts) -> None:
    """Take the cases that a case has opened to what they were opened for."""
    with scoped(EVERYTHING):
        opened_by_it = cases.sub_cases(case.id)
    for each in opened_by_it:
        theirs = Walk(walk.world, queries.procedure(each.procedure), day=walk.day, people=walk.people)
        now = each
        for act in to_good_end(theirs.procedure, each):
            now = step(theirs, now, act=act, said={})
        walk.day = theirs.day


def to_good_end(procedure: Procedure, case: CaseFacts) -> list[Act]:
    """Return the shortest way of a case to an end by which what was applied for is had."""
    queue: deque[tuple[str, list[Act]]] = deque([(case.state, [])])
    seen = {case.state}
    while queue:
        state, before = queue.popleft()
        if procedure.states[state].is_good:
            return before
        for act in procedure.acts_from(state, case.details):
            if act.target() not in seen:
                seen.add(act.target())
                queue.append((act.target(), [*before, act]))
    return []


def withdrawn(walk: Walk, case: CaseFacts) -> CaseFacts:
    """Have the case that a case has opened withdrawn by who applied."""
    applicant = walk.actor(walk.applicant, "company")
    with scoped(applicant.scope):
        (found,) = cases.sub_cases(case.id)
        request = ActRequest("withdraw", {}, seen=found.sequence, request_id=uuid4())
        return actions.perform(applicant, found.id, request=request, at=moment(walk.day))


def value_of(each: Field, world: World) -> object:
    """Return a value that a field takes."""
    least = each.least if each.least is not None else 1
    simple: dict[str, object] = {
        "date": TODAY.isoformat(), "integer": str(max(int(least), ROWS)), "decimal": str(least), "yes_no": "是",
        "code": each.example, "organisation": uscc(2), "region": CITY, "url": "https://example.org/",
        "phone": "0577-1", "instrument": world.nozzles()[0].identity, "mail": "a@example.org",
    }  # fmt: skip
    if each.type == "case":
        return ended_case(world)
    if each.choices_from == "bodies":
        return str(world.organisations["other"])
    if each.type == "choice":
        return [each.choices[0].value] if each.many else each.choices[0].value
    if each.type == "group":
        return [{one.key: value_of(one, world) for one in each.fields} for _ in range(ROWS)]
    if each.type == "file":
        kind = each.accepts[0]
        (sha256,) = files.keep([(CONTENT[kind], "application/octet-stream")])
        return [{"sha256": sha256, "name": "文件", "size": 1, "kind": kind}]
    return simple.get(each.type, f"测试{each.key}"[:60])


def form_of(walk: Walk, act: Act, *, said: Mapping[str, str]) -> dict[str, object]:
    """Return a form that an act takes: what its guards ask for, and for an application the answers of the variant."""
    if walk.procedure.body and any(each.choices_from == "bodies" for each in act.form):
        walk.actor(walk.procedure.body.role, "other")
    with scoped(EVERYTHING):
        form = {each.key: value_of(each, walk.world) for each in act.form}
    asked = {str(word.about["field"]): word for word in act.guards if word.name == "at_least"}
    form |= {key: str(asked[key].about["amount"]) for key in asked if isinstance(form.get(key), str)}
    return {**form, **(said if act.opens or act.amends else {})}


def named_by(word: Word) -> tuple[str, ...]:
    """Return the acts a guard speaks of."""
    than = word.about["than"]
    return than if isinstance(than, tuple) else ()


def opened(walk: Walk, said: Mapping[str, str]) -> CaseFacts:
    act = walk.procedure.opening_acts[0]
    actor = walk.of(act)
    for role in {walk.procedure.body.role} if walk.procedure.body else set():
        walk.actor(role, "bureau")
    form = form_of(walk, act, said=said) | {queries.BODY: str(walk.world.organisations["bureau"])}
    request = ActRequest("", form, seen=0, request_id=uuid4())
    walk.done.add(act.name)
    with scoped(actor.scope):
        return actions.apply(actor, walk.procedure, request=request, at=moment(walk.day))


def step(walk: Walk, case: CaseFacts, *, act: Act, said: Mapping[str, str]) -> CaseFacts:
    waits = [int(str(word.about["days"])) for word in act.guards if word.name == "not_before"]
    walk.day += timedelta(days=2 * max(waits) + 10) if waits else timedelta()
    others = {walk.by.get(name) for word in act.guards if word.name == "other_person" for name in named_by(word)}
    actor = bound(walk, case, act=act) or next(
        each
        for number in range(len(others) + 1)
        if (each := walk.of(act, number=number, body=deciding(act, case))).person_id not in others
    )
    if any(word.name == "sub_cases_ended" for word in act.guards):
        settle(walk, case)
    form = form_of(walk, act, said=said) | draw_form(walk, case, act=act)
    form |= {asked.key: case.details[asked.key] for asked in act.form if asked.type == "case" and act.amends}
    form |= {asked.key: str(walk.actor(asked.role, "bureau").person_id) for asked in act.form if asked.type == "person"}
    request = ActRequest(act.name, form, seen=case.sequence, request_id=uuid4())
    walk.done.add(act.name)
    walk.by[act.name] = actor.person_id
    with scoped(actor.scope):
        now = actions.perform(actor, case.id, request=request, at=moment(walk.day))
        assert_people_stand_apart(now, act=act)
    if any(word.name == "issue" for word in act.effects):
        sequence()
        assert_documents_hold(walk, now)
    return now


def bound(walk: Walk, case: CaseFacts, *, act: Act) -> Actor | None:
    """Return the one person an act is bound to, if it is."""
    duties = [act.person[state] for state in case.states if state in act.person]
    wanted = {case.people.get(duty) for duty in duties}
    return next((each for each in walk.people.values() if each.person_id in wanted), None)


def draw_form(walk: Walk, case: CaseFacts, *, act: Act) -> dict[str, object]:
    """Return what the step of a draw is answered: whom to leave out of those there are; a nonce of the party."""
    if step_of(act) == FREEZE:
        drawing = drawing_act(walk.procedure)
        role = next(each.role for each in drawing.form if each.is_drawn) if drawing else ""
        people = [walk.actor(role, "other", number=number).person_id for number in range(ROWS + 1)]
        return {EXCLUDED_FIELD: [{PERSON_FIELD: str(people[0]), "reason": "测试"}]}
    if step_of(act):
        sequence()  # a draw ends on what stands in the log
    with scoped(EVERYTHING):
        now = queries.draw_of(walk.procedure, cases.story(case.id))
    party = party_of(act)
    nonce = hashlib.sha256(f"{now.manifest.draw_id if now else ''} {party}".encode()).digest()
    forms = {SEAL: {SEAL_FIELD: commitment(party, nonce)}, OPEN: {NONCE_FIELD: nonce.hex()}}
    return dict(forms.get(step_of(act), {}))


def assert_documents_hold(walk: Walk, case: CaseFacts) -> None:
    """Pass if a stranger can prove the newest document of a case with nothing but its bundle and the public keys."""
    with scoped(EVERYTHING):
        document = certificates.outcomes_of_case(case.id, on=walk.day)[-1]
        bundle = certificates.outcome_bundle(document.id, on=walk.day)
    report = offline.check_bundle(bundle, trust_root(), at=moment(walk.day))
    assert (report["code"], report["certificate"]["doc_no"]) == ("OK", document.number)


def assert_people_stand_apart(case: CaseFacts, *, act: Act) -> None:
    """Pass if what an act says of people is kept beside the case and in no act."""
    said = case.details
    asked = [each for each in act.form if all(said.get(key) in values for key, values in each.when.items())]
    of_people = {each.key for each in asked if each.is_personal}
    kept = case.details if act.amends else case.told.get(str(case.sequence), {})
    done = cases.story(case.id)[-1].data["form"]
    assert isinstance(done, Mapping)
    assert (of_people - set(kept), of_people & set(done)) == (set(), set())
