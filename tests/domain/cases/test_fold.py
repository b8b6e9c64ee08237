"""What the acts of a case add up to: its state, its people, its clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.domain.cases import rules
from plumbline.domain.cases.types import Folded
from plumbline.domain.journal.types import ActFacts
from plumbline.errors import StateError
from plumbline.rulebook.procedures import Act
from tests.domain.cases.stories import PROCEDURE, START, act, folded
from tests.world import moment

FIRST, SECOND = UUID(int=11), UUID(int=12)
DAY = timedelta(days=1)


def assigned(verifier: UUID) -> ActFacts:
    """Return the act of assigning a verifier."""
    return act("assign", form={"verifier": str(verifier), "checker": str(SECOND), "approver": str(SECOND)})


@st.composite
def walks(draw: st.DrawFn) -> list[ActFacts]:
    """Draw a course of a case that the procedure allows."""
    state, acts = "submitted", [act("submit", form={"place": "on_site"})]
    for hour in range(draw(st.integers(0, 12))):
        possible = PROCEDURE.acts_from(state, {"place": "on_site"})
        chosen: Act | None = draw(st.sampled_from(possible)) if possible else None
        if chosen is None:
            break
        outcome = draw(st.sampled_from(sorted(chosen.outcomes))) if chosen.outcomes else None
        state = chosen.target(outcome)
        acts.append(act(chosen.name, at=moment(START) + timedelta(hours=hour), outcome=outcome))
    return acts


def test_an_opened_case_waits_for_acceptance_with_the_values_of_its_form() -> None:
    found = folded(act("submit", form={"place": "on_site", "contact_name": "示例"}))
    assert (found.state, found.sequence, found.details) == (
        "submitted", 1, {"place": "on_site", "contact_name": "示例"},
    )  # fmt: skip


def test_the_last_assignment_counts() -> None:
    found = folded(act("submit"), act("accept"), assigned(FIRST), assigned(SECOND))
    assert found.people["verifier"] == SECOND


def test_an_act_with_two_outcomes_leads_where_its_outcome_says() -> None:
    begun = [act("submit"), act("accept"), assigned(FIRST), act("go_on_site")]
    states = [folded(*begun, act("record", outcome=outcome)).state for outcome in ("more", "all")]
    assert states == ["in_work", "measured"]


def test_a_withdrawn_case_has_ended_when_it_was_withdrawn() -> None:
    found = folded(act("submit"), act("withdraw", at=moment(START + DAY)))
    assert (found.state, found.ended_at) == ("withdrawn", moment(START + DAY))


def test_a_case_that_was_sent_back_goes_on() -> None:
    begun = [act("submit"), act("accept"), assigned(FIRST), act("go_on_site"), act("record", outcome="all")]
    assert (folded(*begun, act("send_back")).state, folded(*begun).ended_at) == ("in_work", None)


# ---- the clock -----------------------------------------------------------------------------------------------------


def test_the_clock_runs_from_the_application() -> None:
    assert folded(act("submit"), act("accept", at=moment(START + DAY))).clock_from == START


def test_the_day_of_the_clock_is_the_legal_day_not_that_of_greenwich() -> None:
    late = datetime(2026, 9, 27, 17, 30, tzinfo=UTC)
    assert folded(act("submit", at=late)).clock_from == date(2026, 9, 28)


def test_a_returned_case_stops_its_clock_on_that_day() -> None:
    assert folded(act("submit"), act("return", at=moment(START + DAY))).clock_stopped_on == START + DAY


def test_a_resubmitted_case_starts_its_clock_again() -> None:
    found = folded(act("submit"), act("return", at=moment(START + DAY)), act("resubmit", at=moment(START + 3 * DAY)))
    assert (found.clock_from, found.clock_stopped_on) == (START + 3 * DAY, None)


def test_the_clock_stops_when_all_is_issued_and_stays_so_on_delivery() -> None:
    found = folded(
        act("submit"), act("accept"), assigned(FIRST), act("go_on_site"), act("record", outcome="all"), act("review"),
        act("approve"), act("issue", outcome="all", at=moment(START + 4 * DAY)),
    )  # fmt: skip
    assert found.clock_stopped_on == START + 4 * DAY


def test_the_clock_does_not_stop_with_the_first_of_several_certificates() -> None:
    found = folded(
        act("submit"), act("accept"), assigned(FIRST), act("go_on_site"), act("record", outcome="all"), act("review"),
        act("approve"), act("issue", outcome="more"),
    )  # fmt: skip
    assert found.clock_stopped_on is None


def test_a_case_whose_limit_starts_with_the_receipt_has_no_clock_before_it() -> None:
    found = rules.fold(PROCEDURE, (act("submit"),), clock_acts=("receive",))
    assert found.clock_from is None


# ---- any course ----------------------------------------------------------------------------------------------------


@given(acts=walks())
def test_any_course_ends_in_the_target_of_its_last_act(acts: list[ActFacts]) -> None:
    found = folded(*acts)
    assert (found.state, found.sequence) == (acts[-1].data["to"], len(acts))


@given(acts=walks())
def test_any_course_has_ended_exactly_in_an_end_state(acts: list[ActFacts]) -> None:
    found = folded(*acts)
    assert (found.ended_at is not None) == PROCEDURE.states[found.state].is_end


@given(acts=walks())
def test_in_any_course_only_the_possible_acts_pass(acts: list[ActFacts]) -> None:
    found = folded(*acts)
    possible = {each.name for each in PROCEDURE.acts_from(found.state, found.details)}
    refused = {each.name for each in PROCEDURE.acts.values() if is_refused(found, each)}
    assert refused == set(PROCEDURE.acts) - possible


def is_refused(found: Folded, wanted: Act) -> bool:
    """Tell whether an act is refused in the state of a case."""
    try:
        rules.require_possible(PROCEDURE, wanted, folded=found)
    except StateError:
        return True
    return False


def test_the_refusal_names_the_state_and_those_that_would_do() -> None:
    with pytest.raises(StateError) as refused:
        rules.require_possible(PROCEDURE, PROCEDURE.act("send_back"), folded=folded(act("submit")))
    assert str(refused.value) == "现在是“待受理”，不能“退回检定员” | 要到“待核验”或“待批准”时才可以"


def test_receiving_is_no_act_of_a_case_on_site() -> None:
    found = folded(act("submit", form={"place": "on_site"}), act("accept"), assigned(FIRST))
    assert is_refused(found, PROCEDURE.act("receive"))
