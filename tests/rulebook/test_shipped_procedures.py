"""The procedures shipped as files alone: what each promises, and how a file that breaks a promise is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import Protocol

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import procedures, roles, sources
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Procedure
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.provenance import Provenance
from plumbline.rulebook.reading import RULEBOOK, parse_table

FOLDER = RULEBOOK / "procedures"
SHIPPED = [
    "c_mark_declaration",
    "calibration_order",
    "capability_declaration",
    "cma_accreditation",
    "cma_commitment",
    "complaint",
    "decision_review",
    "enterprise_standard",
    "equipment_booking",
    "expert_admission",
    "institute_examination",
    "integrity_pledge",
    "local_standard",
    "metrologist_registration",
    "offence_report",
    "operator_licence",
    "parallel_approval",
    "product_recall",
    "public_consultation",
    "quality_laboratory",
    "result_objection",
    "standard_examination",
    "subsidy",
    "type_approval",
]
EVERY = [each for each in procedures.all_editions() if each.id in SHIPPED]
CMA = (FOLDER / "cma_accreditation.toml").read_text(encoding="utf-8")
CHINESE = re.compile("[\u4e00-\u9fff]")


def each_procedure() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("procedure", EVERY, ids=[f"{each.id}-{each.edition}" for each in EVERY])


def provenances(procedure: Procedure) -> tuple[Provenance, ...]:
    said = (procedure.fee, procedure.retention)
    return (
        procedure.provenance,
        *(each.provenance for each in procedure.basis),
        *(each.provenance for each in said if each is not None),
        *(clock.provenance for clock in procedure.clocks.values() if clock.provenance is not None),
    )


def every_field(procedure: Procedure) -> Iterator[Field]:
    fields = [field for act in procedure.acts.values() for field in act.form]
    return chain(fields, (inner for field in fields for inner in field.fields))


class Named(Protocol):
    """What has a name in both languages."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def names(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Return (Chinese, English) of everything a page shows of the procedure."""
    acts, fields = procedure.acts.values(), list(every_field(procedure))
    tells = [word.about for act in acts for word in act.effects if word.name == "tell"]
    named: list[Named] = [procedure, *procedure.steps.values(), *procedure.states.values(), *acts, *fields]
    named += [*procedure.clocks.values(), *procedure.basis]
    named += [each for field in fields for each in field.choices]
    named += [each for act in acts for each in act.sections]
    yield from ((each.zh, each.en) for each in named)
    yield (procedure.about_zh, procedure.about_en)
    yield from ((field.help_zh, field.help_en) for field in fields if field.help_zh)
    yield from ((str(about["zh"]), str(about["en"])) for about in tells)


def answers(procedure: Procedure) -> Iterator[dict[str, object]]:
    """Return every combination of the choices of the application that decide which acts a case has."""
    asked = {field.key: field for act in procedure.opening_acts for field in act.form}
    keys = sorted({key for act in procedure.acts.values() for key in act.when})
    for values in product(*([choice.value for choice in asked[key].choices] for key in keys)):
        yield dict(zip(keys, values, strict=True))


def stuck(procedure: Procedure, details: Mapping[str, object]) -> set[str]:
    """Return the states a case with these answers can come to and from which it can reach no end."""
    ways = {
        name: {target for act in procedure.acts_from(name, details) for target in act.targets}
        for name in procedure.states
    }
    for track in procedure.tracks.values():
        ways[track.during] |= {track.begins, *(join.to for join in procedure.joins if join.during == track.during)}
    start = {target for act in procedure.opening_acts for target in act.targets}
    ends = {name for name, state in procedure.states.items() if state.is_end}
    return {name for name in reached(start, ways) if ends.isdisjoint(reached({name}, ways))}


def reached(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    found, new = set(start), set(start)
    while new:
        new = {target for name in new for target in ways[name]} - found
        found |= new
    return found


def test_every_file_beside_verification_is_listed_here() -> None:
    assert set(procedures.all_procedures()) == {*SHIPPED, "verification"}


@each_procedure()
def test_a_file_alone_runs_its_cases(procedure: Procedure) -> None:
    assert procedure.is_general


@each_procedure()
def test_every_source_that_is_named_exists(procedure: Procedure) -> None:
    cited = {each for provenance in provenances(procedure) for each in provenance.sources}
    assert [each for each in cited if not sources.exists(each)] == []


@each_procedure()
def test_a_number_of_days_has_a_source_or_says_that_it_is_not_verified(procedure: Procedure) -> None:
    unsure = {"from memory", "assumption", "pattern"}
    rests_on = [clock.provenance for clock in procedure.clocks.values()]
    assert all(each is not None and (each.sources or each.status in unsure) for each in rests_on)


@each_procedure()
def test_every_text_is_chinese_and_english_each_in_its_place(procedure: Procedure) -> None:
    assert [pair for pair in names(procedure) if not pair[0] or not pair[1] or CHINESE.search(pair[1])] == []


@each_procedure()
def test_no_choice_of_the_application_leads_where_no_act_is_possible(procedure: Procedure) -> None:
    assert [stuck(procedure, details) for details in answers(procedure) if stuck(procedure, details)] == []


@each_procedure()
def test_a_returned_case_waits_for_who_applied_and_asks_the_same_form(procedure: Procedure) -> None:
    (opening,) = procedure.opening_acts
    (again,) = (act for act in procedure.acts_from("returned") if act.amends)
    assert (again.roles, again.form, again.guards) == (opening.roles, opening.form, opening.guards)
    assert set(procedure.states["returned"].waits_for) == set(opening.roles)


@each_procedure()
def test_what_names_a_person_is_never_public(procedure: Procedure) -> None:
    assert [field.key for field in every_field(procedure) if field.is_personal and field.is_public] == []


@each_procedure()
def test_the_title_of_a_case_names_no_person_and_is_always_asked(procedure: Procedure) -> None:
    title = [procedure.fields[key] for key in procedure.title]
    assert all(field.is_required and not field.is_personal and not field.when for field in title)


@each_procedure()
def test_whoever_applied_is_told_when_somebody_else_ends_the_case(procedure: Procedure) -> None:
    applicants = {role for act in procedure.opening_acts for role in act.roles}
    ends = {state.name for state in procedure.states.values() if state.is_end and not state.track}
    ending = [act for act in procedure.acts.values() if ends.intersection(act.targets)]
    of_others = [act for act in ending if not applicants.issuperset(act.roles)]
    assert [act.name for act in of_others if "tell" not in {word.name for word in act.effects}] == []


def broken(old: str, new: str) -> InputError:
    assert old in CMA
    with pytest.raises(InputError) as caught:
        read_procedure(parse_table(CMA.replace(old, new, 1), file="probe.toml"))
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('step = "decide", end = true', 'step = "decide"', "states.cma_denied"),
        ('to = "correcting"', 'to = "in_review"', "states.correcting"),
        (
            'zh = "{number} 已受理", en = "{number}: accepted"',
            'zh = "{number} 已受理"',
            "acts.accept.effects[0].en",
        ),
        ('about_en = "For laboratories', 'about_fr = "For laboratories', "about_fr"),
        ('[body]\nrole = "province_metrology"', '[body]\nrole = "king"', "body.role"),
        ('owner = "inspection_body"', 'owner = "king"', "clocks.correct.owner"),
        ('field = "assessors"', 'field = "assesors"', "acts.appoint_assessors.guards"),
        ('than = ["finish_review"', 'than = ["finish"', "acts.grant_cma.guards"),
        ('cma_until = "cma_until" }', 'cma_until = "until" }', "acts.issue_cma.effects"),
        ('uscc = "applicant.uscc", ', "", "acts.issue_cma.effects"),
        ('starts_with = ["grant_cma"]', 'starts_with = ["grant"]', "clocks.issue.starts_with"),
        ('title = ["body_name"]', 'title = ["name"]', "title"),
    ],
)
def test_an_unsound_file_is_refused_at_the_line_that_is_wrong(old: str, new: str, field: str) -> None:
    error = broken(old, new)
    assert error.field == field
    assert re.search("probe.toml 第 [0-9]+ 行", str(error.where))
    assert error.remedy is not None


def test_who_may_act_on_a_case_may_read_it() -> None:
    acting = {role for each in procedures.all_procedures().values() for act in each.acts.values() for role in act.roles}
    assert [role for role in sorted(acting) if "case.read" not in roles.by_code(role).may] == []
