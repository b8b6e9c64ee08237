"""The procedure of verification, and the proofs the loader makes of any procedure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import deadlines, procedures, roles
from plumbline.rulebook.procedures import Procedure
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import RULEBOOK, parse_table

VERIFICATION = procedures.load("verification")
TEXT = (RULEBOOK / "procedures" / "verification.toml").read_text(encoding="utf-8")


def changed(old: str, new: str) -> InputError:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        read_procedure(parse_table(TEXT.replace(old, new, 1), file="probe.toml"))
    return caught.value


def test_the_states_are_those_of_the_contract() -> None:
    names = "submitted withdrawn returned accepted assigned in_work measured checked approved issued delivered"
    assert list(VERIFICATION.states) == names.split()
    assert [state.name for state in VERIFICATION.states.values() if state.is_end] == ["withdrawn", "delivered"]


def edition(number: str, *, old: str = "", new: str = "") -> Procedure:
    """Return an edition of the procedure, with one change."""
    text = TEXT.replace('edition = "1"', f'edition = "{number}"')
    return read_procedure(parse_table(text.replace(old, new, 1) if old else text, file="probe.toml"))


def test_each_edition_is_found_by_its_number() -> None:
    found = (edition("1"), edition("2"))
    assert procedures.edition_of(found, "verification", edition="1").edition == "1"


def test_an_edition_that_is_gone_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="没有程序 verification 的第 7 版"):
        procedures.load("verification", "7")


def test_two_files_of_one_edition_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    with pytest.raises(InputError, match="有两个文件"):
        procedures.read_editions(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ('zh = "撤回申请"', 'zh = "撤回"', True),
        ('from = ["submitted", "returned", "accepted", "assigned"]', 'from = ["submitted", "returned"]', False),
        ('roles = ["institute_reception", "approver"]', 'roles = ["institute_reception"]', False),
    ],
)
def test_the_digest_follows_what_steers_a_case_not_its_wording(old: str, new: str, *, is_same: bool) -> None:
    aside = 'aside_from = ["submitted", "returned", "accepted", "assigned"]\n'
    plain = edition("1", old=aside, new="")
    changed_one = read_procedure(parse_table(TEXT.replace(aside, "", 1).replace(old, new, 1), file="probe.toml"))
    assert (changed_one.digest == plain.digest) is is_same


def test_an_act_that_amends_has_the_form_of_the_application() -> None:
    assert changed(
        "amends = true\nform = [\n", 'amends = true\nform = [{ name = "more", type = "text", zh = "x", en = "x" },\n'
    )


def test_only_submitting_opens_a_case() -> None:
    assert [act.name for act in VERIFICATION.opening_acts] == ["submit"]


@pytest.mark.parametrize(
    ("act", "outcome", "state"),
    [
        ("submit", None, "submitted"),
        ("return", None, "returned"),
        ("resubmit", None, "submitted"),
        ("assign", None, "assigned"),
        ("record", "more", "in_work"),
        ("record", "all", "measured"),
        ("send_back", None, "in_work"),
        ("issue", "more", "approved"),
        ("issue", "all", "issued"),
        ("deliver", None, "delivered"),
    ],
)
def test_an_act_leads_to_its_state(act: str, outcome: str | None, state: str) -> None:
    assert VERIFICATION.act(act).target(outcome) == state


@pytest.mark.parametrize("outcome", [None, "some"])
def test_an_outcome_that_is_not_known_is_refused(outcome: str | None) -> None:
    with pytest.raises(InputError):
        VERIFICATION.act("issue").target(outcome)


def test_an_unknown_act_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        VERIFICATION.act("forge")
    assert "submit" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("state", "waits_for"),
    [
        ("submitted", ("institute_reception",)),
        ("returned", ("enterprise", "meter_company")),
        ("measured", ("checker",)),
        ("checked", ("approver",)),
        ("approved", ("approver",)),
        ("delivered", ()),
        ("withdrawn", ()),
    ],
)
def test_a_state_waits_for_whoever_acts_next(state: str, waits_for: tuple[str, ...]) -> None:
    assert VERIFICATION.states[state].waits_for == waits_for


@pytest.mark.parametrize(("place", "role"), [("on_site", "verifier"), ("sent_in", "institute_reception")])
def test_who_begins_the_work_depends_on_the_place(place: str, role: str) -> None:
    assert VERIFICATION.waits_for(("assigned",), {"place": place}) == (role,)


@pytest.mark.parametrize(
    ("act", "state", "person"),
    [
        ("go_on_site", "assigned", "verifier"),
        ("record", "in_work", "verifier"),
        ("review", "measured", "checker"),
        ("send_back", "measured", "checker"),
        ("send_back", "checked", "approver"),
        ("approve", "checked", "approver"),
        ("issue", "approved", "approver"),
    ],
)
def test_the_assigned_person_alone_may_act(act: str, state: str, person: str) -> None:
    assert VERIFICATION.act(act).person[state] == person


@pytest.mark.parametrize("act", ["return", "send_back"])
def test_sending_back_needs_a_reason(act: str) -> None:
    assert VERIFICATION.act(act).needs_reason
    assert VERIFICATION.act(act).field("reason").is_required


@pytest.mark.parametrize("act", ["receive", "submit", "resubmit"])
def test_the_acts_that_may_start_the_clock(act: str) -> None:
    assert act in deadlines.starting_acts(VERIFICATION.clocks["finish"].limit)


@pytest.mark.parametrize("act", ["return", "withdraw", "issue"])
def test_the_acts_that_may_stop_the_clock(act: str) -> None:
    assert set(VERIFICATION.act(act).targets) & set(VERIFICATION.clocks["finish"].stops_in)


def test_the_stepper_counts_from_one() -> None:
    assert VERIFICATION.step_numbers("submitted") == (2, 8)
    assert VERIFICATION.step_numbers("delivered") == (8, 8)


def test_every_name_is_there_in_both_languages() -> None:
    fields = [field for act in VERIFICATION.acts.values() for field in act.form]
    assert all(step.zh and step.en for step in VERIFICATION.steps.values())
    assert all(state.zh and state.en for state in VERIFICATION.states.values())
    assert all(act.zh and act.en for act in VERIFICATION.acts.values())
    assert all(field.zh and field.en for field in fields)


def test_every_role_of_an_act_exists() -> None:
    assert all(roles.exists(role) for act in VERIFICATION.acts.values() for role in act.roles)


def test_an_unknown_procedure_is_refused() -> None:
    with pytest.raises(InputError):
        procedures.load("divination")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('to = "accepted"', 'to = "acepted"', "acts.accept.to"),
        ('from = ["returned"]', 'from = ["returnd"]', "acts.resubmit.from"),
        ('roles = ["checker"]', 'roles = ["chekcer"]', "acts.review.roles"),
        ("needs_reason = true", "needs_reasons = true", "acts.return.needs_reasons"),
        ('zh = "受理"\nen = "Accept"', 'zh = "受理"', "acts.accept.en"),
        ('zh = "待受理", en = "Waiting for acceptance"', 'zh = "待受理"', "states.submitted.en"),
        ('to = "returned"', 'to = "accepted"', "states.returned"),
        ('from = ["issued"]\n', 'from = ["approved"]\n', "states.issued"),
        ('to = "withdrawn"', 'to = "submitted"', "states.withdrawn"),
        ('step = "deliver", end = true', 'step = "deliver"', "states.in_work"),
        ("opens = true\n", "", "acts.submit.from"),
        ('aside_from = ["assigned"]', 'aside_from = ["issued"]', "acts.assign.aside_from"),
        ('person = { in_work = "verifier" }', 'person = { in_work = "site" }', "acts.record.person"),
        ('person = { in_work = "verifier" }', 'person = { issued = "verifier" }', "acts.record.person"),
        ('when = { place = ["sent_in"] }', 'when = { palce = ["sent_in"] }', "acts.receive.when"),
        ('place_field = "place"', 'place_field = "site2"', "clocks.finish.place_field"),
        ('source = ["S1", "S4", "S12", "S56", "S57"]', 'source = ["S0"]', "source"),
        ('help_zh = "写清缺什么、怎样补正", ', "", "acts.return.form[0].help_zh"),
        ('type = "date"', 'type = "day"', "acts.submit.form[3].type"),
        ('choices_from = "own_sites", ', "", "acts.submit.form[0].choices"),
    ],
)  # fmt: skip
def test_an_unsound_procedure_is_refused_at_the_key_that_is_wrong(old: str, new: str, field: str) -> None:
    error = changed(old, new)
    assert error.field == field
    assert "probe.toml" in str(error)
    assert re.search("第 [0-9]+ 行", str(error.where))
    assert error.remedy is not None


def test_an_act_that_needs_a_reason_must_ask_for_it() -> None:
    assert (
        changed(
            '{ name = "reason", type = "long_text", required = true, zh = "退回原因"',
            '{ name = "reason", type = "long_text", zh = "退回原因"',
        ).field
        == "acts.return.form"
    )
