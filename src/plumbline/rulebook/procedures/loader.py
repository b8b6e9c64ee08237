"""Reads one procedure file and proves it: names known, every state reachable, an end reachable from every state, no
clock without an owner, and for a procedure that its file alone runs: a title, a basis, and who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from plumbline.errors import say
from plumbline.rulebook import deadlines, roles
from plumbline.rulebook.forms import ASKED_TYPES, Field, Section, read_field
from plumbline.rulebook.procedures.acts import Act, Moves
from plumbline.rulebook.procedures.documents import prove_documents, read_documents
from plumbline.rulebook.procedures.drawing import prove_draw, read_step
from plumbline.rulebook.procedures.model import AREAS, Basis, Body, Clock, Procedure, Said, State, Step
from plumbline.rulebook.procedures.remarking import REMARKS, with_remarks
from plumbline.rulebook.procedures.ways import prove_tracks, prove_ways, read_tracks
from plumbline.rulebook.procedures.words import CLOCK_KINDS, EFFECTS, GUARDS, Around, prove_words, read_words
from plumbline.rulebook.provenance import take_provenance
from plumbline.rulebook.reading import Table, known

Form = tuple[tuple[Section, ...], tuple[Field, ...]]
BASIS_KINDS = ("law", "policy")
LISTS = ("bodies",)
"""The lists a form may choose from that every procedure has: the houses that may decide."""


def read_procedure(table: Table) -> Procedure:
    """Return the procedure of a table laid out as verification.toml. Raises InputError naming file, key and remedy."""
    steps = {name: _step(name, row) for name, row in table.tables("steps").items()}
    states = {name: _state(name, row, steps=steps) for name, row in table.tables("states").items()}
    tracks, joins = read_tracks(table, states)
    clocks = {name: _clock(name, row, states=states) for name, row in table.tables("clocks").items()}
    forms = {name: _form(row) for name, row in table.tables("forms").items()}
    acts = {name: _act(name, row, states=states, forms=forms) for name, row in table.tables("acts").items()}
    acts = with_remarks(acts) if table.has("body") else acts
    states = {name: replace(state, waits_for=_waits_for(name, acts.values())) for name, state in states.items()}
    procedure = Procedure(
        id=table.text("id"),
        zh=table.text("zh"),
        en=table.text("en"),
        edition=table.text("edition"),
        valid_from=table.day("valid_from"),
        valid_to=table.day_or_none("valid_to"),
        steps=MappingProxyType(steps),
        states=MappingProxyType(states),
        acts=MappingProxyType(acts),
        clocks=MappingProxyType(clocks),
        about_zh=table.text_or("about_zh", ""),
        about_en=table.text_or("about_en", ""),
        area=table.choice("area", tuple(AREAS)) if table.has("area") else "metrology",
        title=table.texts("title"),
        body=_body(table),
        basis=tuple(_basis(row) for row in table.rows("basis")),
        fee=_said(table, "fee"),
        retention=_said(table, "retention"),
        is_public=table.flag("is_public"),
        is_review=table.flag("is_review"),
        moves=_moves(table),
        tracks=MappingProxyType(tracks),
        joins=joins,
        documents=read_documents(table),
        provenance=take_provenance(table),
    )
    table.finish()
    _prove(procedure, table)
    return procedure


def _body(table: Table) -> Body | None:
    if not table.has("body"):
        return None
    row = table.table("body")
    role = known((row.text("role"),), is_known=roles.exists, table=row, name="role", among=roles.all_roles())[0]
    body = Body(role, row.flag("chosen"), row.flag("of_parent"))
    row.finish()
    return body


def _moves(table: Table) -> Moves | None:
    if not table.has("moves"):
        return None
    row = table.table("moves")
    tracks = {}
    if row.has("tracks"):
        inner = row.table("tracks")
        tracks = {name: _names(inner, name) for name in inner.names()}
        inner.finish()
    moves = Moves(row.text("replaces"), _names(row, "states"), MappingProxyType(tracks))
    row.finish()
    return moves


def _basis(row: Table) -> Basis:
    basis = Basis(
        kind=row.choice("kind", BASIS_KINDS),
        zh=row.text("zh"),
        en=row.text("en"),
        edition=row.text("edition"),
        provenance=take_provenance(row),
    )
    row.finish()
    return basis


def _said(table: Table, name: str) -> Said | None:
    """Take what is said of the fee, of keeping: words in both languages, or none where the status is "unknown"."""
    if not table.has(name):
        return None
    row = table.table(name)
    said = Said(row.text_or("zh", ""), row.text_or("en", ""), take_provenance(row))
    if bool(said.zh) != bool(said.en) or bool(said.zh) == (said.provenance.status == "unknown"):
        what = say("规则文件 {file} 的 {key} 要么写明两种语言，要么状态是 unknown", file=row.file, key=row.key)
        raise row.fault(what, "status", remedy=say('写 zh 和 en，或只写 status = "unknown"'))
    row.finish()
    return said


def _form(row: Table) -> Form:
    """Take a form that stands by its name: its sections and its fields."""
    sections = []
    for each in row.rows("sections"):
        sections.append(Section(each.text("key"), each.text("zh"), each.text("en")))
        each.finish()
    fields = tuple(_field(each) for each in row.rows("fields"))
    keys = {each.key for each in sections}
    for field in fields:
        known((field.section,) if field.section else (), is_known=keys.__contains__, table=row, name="fields")
    row.finish()
    return tuple(sections), fields


def _step(name: str, row: Table) -> Step:
    step = Step(name, row.text("zh"), row.text("en"))
    row.finish()
    return step


def _state(name: str, row: Table, *, steps: Mapping[str, Step]) -> State:
    step = known((row.text("step"),), is_known=steps.__contains__, table=row, name="step")[0]
    state = State(
        name=name,
        zh=row.text("zh"),
        en=row.text("en"),
        step=step,
        is_end=row.flag("end"),
        waits_for=(),
        is_good=row.flag("good"),
        track=row.text_or("track", ""),
    )
    row.finish()
    return state


def _clock(name: str, row: Table, *, states: Mapping[str, State]) -> Clock:
    def state_names(key: str, *, among: Callable[[str], bool] = states.__contains__) -> tuple[str, ...]:
        return known(row.texts(key), is_known=among, table=row, name=key)

    stops_in = known(row.some_texts("stops_in"), is_known=states.__contains__, table=row, name="stops_in")
    has_days = row.has("days")
    clock = Clock(
        name=name,
        zh=row.text("zh"),
        en=row.text("en"),
        limit="" if has_days else row.text("limit"),
        place_field="" if has_days else row.text("place_field"),
        stops_in=stops_in,
        met_in=state_names("met_in", among=stops_in.__contains__),
        days=row.positive("days") if has_days else 0,
        kind=row.choice("kind", CLOCK_KINDS) if has_days else "",
        starts_with=row.some_texts("starts_with") if has_days else (),
        pauses_in=state_names("pauses_in") if has_days else (),
        owner=known((row.text("owner"),), is_known=roles.exists, table=row, name="owner", among=roles.all_roles())[0]
        if has_days
        else "",
        provenance=take_provenance(row) if has_days else None,
    )
    row.finish()
    return clock


def _act(name: str, row: Table, *, states: Mapping[str, State], forms: Mapping[str, Form]) -> Act:
    def state_names(key: str) -> tuple[str, ...]:
        return known(row.texts(key), is_known=states.__contains__, table=row, name=key)

    opens = row.flag("opens")
    to, outcomes = _targets(row, states)
    sections, fields = _form_of(row, forms)
    act = Act(
        name=name,
        zh=row.text("zh"),
        en=row.text("en"),
        opens=opens,
        from_states=state_names("from"),
        aside_from=state_names("aside_from"),
        to=to,
        outcomes=outcomes,
        roles=known(row.some_texts("roles"), is_known=roles.exists, table=row, name="roles", among=roles.all_roles()),
        form=fields,
        needs_reason=row.flag("needs_reason"),
        per_job=row.flag("per_job"),
        amends=row.flag("amends"),
        when=_lists(row, "when"),
        person=_names(row, "person"),
        is_applicants=row.flag("applicant") or opens,
        is_eithers=row.flag("either"),
        sections=sections,
        extends=_extends(row),
        guards=read_words(row.rows("guards"), GUARDS),
        effects=read_words(row.rows("effects"), EFFECTS),
        draw=read_step(row),
    )
    row.finish()
    return act


def _form_of(row: Table, forms: Mapping[str, Form]) -> Form:
    """Take the form of an act: fields that stand with it, or the name of a form that several acts share."""
    if row.is_text("form"):
        return forms[known((row.text("form"),), is_known=forms.__contains__, table=row, name="form")[0]]
    return (), tuple(_field(each) for each in row.rows("form"))


def _extends(row: Table) -> Mapping[str, int]:
    if not row.has("extends"):
        return MappingProxyType({})
    inner = row.table("extends")
    return MappingProxyType({name: inner.positive(name) for name in inner.names()})


def _targets(row: Table, states: Mapping[str, State]) -> tuple[str | None, Mapping[str, str]]:
    if row.is_text("to"):
        return known((row.text("to"),), is_known=states.__contains__, table=row, name="to")[0], MappingProxyType({})
    outcomes = _names(row, "to")
    known(tuple(outcomes.values()), is_known=states.__contains__, table=row, name="to")
    if not outcomes:
        raise row.fault(say("规则文件 {file} 的 {key} 没有去向", file=row.file, key=row.path("to")), "to")
    return None, outcomes


def _names(row: Table, key: str) -> Mapping[str, str]:
    if not row.has(key):
        return MappingProxyType({})
    inner = row.table(key)
    return MappingProxyType({name: inner.text(name) for name in inner.names()})


def _lists(row: Table, key: str) -> Mapping[str, tuple[str, ...]]:
    if not row.has(key):
        return MappingProxyType({})
    inner = row.table(key)
    return MappingProxyType({name: inner.some_texts(name) for name in inner.names()})


def _field(row: Table) -> Field:
    field = read_field(row.text("name"), row, types=ASKED_TYPES)
    if field.key == REMARKS:
        what = say("规则文件 {file} 的 {key} 用了程序自己的名字“{name}”", file=row.file, key=row.key, name=REMARKS)
        raise row.fault(what, "name", remedy=say("换一个名字"))
    return field


def _waits_for(state: str, acts: Iterable[Act]) -> tuple[str, ...]:
    awaited = (act for act in acts if state in act.from_states and state not in act.aside_from)
    return tuple(dict.fromkeys(role for act in awaited for role in act.roles))


def _prove(procedure: Procedure, table: Table) -> None:
    for act in procedure.acts.values():
        _prove_act(act, procedure, table=table)
    for clock in procedure.clocks.values():
        _prove_clock(clock, procedure, table=table)
    _prove_general(procedure, table)
    prove_documents(procedure.documents, procedure.fields, table=table)
    prove_draw(procedure, table)
    prove_tracks(procedure, table)
    prove_ways(procedure, table)


def _prove_act(act: Act, procedure: Procedure, *, table: Table) -> None:
    key = f"acts.{act.name}"
    if act.opens == bool(act.from_states):
        what = say("规则文件 {file} 的行为“{act}”要么开启业务，要么写出起始状态", file=table.file, act=act.zh)
        raise table.fault(what, f"{key}.from", remedy=say("写 opens = true 或 from，只写一个"))
    if not set(act.aside_from) <= set(act.from_states):
        what = say("规则文件 {file} 的行为“{act}”的 aside_from 不在 from 之内", file=table.file, act=act.zh)
        raise table.fault(what, f"{key}.aside_from", remedy=say("只列出 from 中的状态"))
    if act.needs_reason and "reason" not in {field.key for field in act.form if field.is_required}:
        what = say("规则文件 {file} 的行为“{act}”要求原因，表单却没有必填的 reason", file=table.file, act=act.zh)
        raise table.fault(what, f"{key}.form", remedy=say("在表单中加上必填的 reason"))
    opening = {(field.key, field.type) for other in procedure.opening_acts for field in other.form}
    if act.amends and {(field.key, field.type) for field in act.form} != opening:
        what = say("规则文件 {file} 的行为“{act}”要改申请，表单却和申请的不同", file=table.file, act=act.zh)
        raise table.fault(what, f"{key}.form", remedy=say("写上申请表单的全部各项，不多不少"))
    fields = {field.key: field for other in procedure.acts.values() for field in other.form}
    known(tuple(act.when), is_known=fields.__contains__, table=table, name=f"{key}.when")
    people = {name for name, field in fields.items() if field.type == "person"}
    known(tuple(act.person.values()), is_known=people.__contains__, table=table, name=f"{key}.person")
    known(tuple(act.person), is_known=act.from_states.__contains__, table=table, name=f"{key}.person")
    known(tuple(act.extends), is_known=procedure.clocks.__contains__, table=table, name=f"{key}.extends")
    around = Around(procedure.acts, fields, procedure.documents)
    prove_words(act.guards, table, key=f"{key}.guards", around=around)
    prove_words(act.effects, table, key=f"{key}.effects", around=around)
    for each in act.form:
        known(tuple(each.when), is_known={one.key for one in act.form}.__contains__, table=table, name=f"{key}.form")


def _prove_general(procedure: Procedure, table: Table) -> None:
    """Pass if a procedure that its file alone runs says all that code would say of another."""
    if not procedure.is_general:
        return
    fields = {each.key for act in procedure.opening_acts for each in act.form}
    known(procedure.title, is_known=fields.__contains__, table=table, name="title")
    is_policy = any(each.kind == "policy" for each in procedure.basis)
    lacking = [
        name
        for name, is_there in (
            ("about_zh", bool(procedure.about_zh and procedure.about_en)),
            ("title", bool(procedure.title)),
            ("basis", bool(procedure.basis)),
            ("fee", procedure.fee is not None),
            ("retention", procedure.retention is not None),
        )
        if not is_there
    ]
    if lacking:
        what = say("规则文件 {file} 缺少键 {key}", file=table.file, key="、".join(lacking))
        raise table.fault(what, lacking[0], remedy=say("补上这个键"))
    if is_policy and procedure.status != "pattern":
        what = say("规则文件 {file} 依据的是政策而不是法规，状态却不是 pattern", file=table.file)
        raise table.fault(what, "status", remedy=say('写成 status = "pattern"'))
    for act in procedure.acts.values():
        asked = tuple(each.choices_from for each in act.form if each.choices_from)
        known(asked, is_known=LISTS.__contains__, table=table, name=f"acts.{act.name}.form")
        if act.per_job or act.outcomes:
            what = say("规则文件 {file} 的行为“{act}”要由代码决定去向", file=table.file, act=act.zh)
            raise table.fault(what, f"acts.{act.name}.to", remedy=say("每种结果写成一个行为"))


def _prove_clock(clock: Clock, procedure: Procedure, *, table: Table) -> None:
    fields = {field.key for act in procedure.acts.values() for field in act.form}
    key = f"clocks.{clock.name}"
    if clock.kind == "months" and clock.pauses_in:
        what = say("规则文件 {file} 的时限“{clock}”按月算，不能停", file=table.file, clock=clock.zh)
        raise table.fault(what, f"{key}.pauses_in", remedy=say("去掉 pauses_in，或者按天算"))
    if clock.days:
        known(clock.starts_with, is_known=procedure.acts.__contains__, table=table, name=f"{key}.starts_with")
        return
    known((clock.place_field,), is_known=fields.__contains__, table=table, name=f"{key}.place_field")
    starting = tuple(sorted(deadlines.starting_acts(clock.limit)))
    known(starting, is_known=procedure.acts.__contains__, table=table, name=f"{key}.limit")
