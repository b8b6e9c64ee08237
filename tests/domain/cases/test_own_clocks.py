"""Clocks with days of their own: when they start, stand, go on, are over; what an extension gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from plumbline.domain.cases.rules import read_clock
from plumbline.domain.cases.types import ClockReading
from plumbline.domain.journal.types import ActFacts
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import parse_table

NOBODY = UUID(int=0)
PROCEDURE = read_procedure(
    parse_table(
        """
id = "asked"
zh = "询问"
en = "Asked"
edition = "1"
valid_from = 2026-01-01
status = "pattern"
[steps]
all = { zh = "全程", en = "All" }
[states]
open = { zh = "办理中", en = "Open", step = "all" }
paused = { zh = "补正中", en = "Paused", step = "all" }
done = { zh = "办结", en = "Done", step = "all", end = true }
[clocks.answer]
zh = "答复时限"
en = "Time to answer"
days = 5
kind = "working"
starts_with = ["ask"]
pauses_in = ["paused"]
stops_in = ["done"]
met_in = ["done"]
owner = "county_market"
status = "unknown"
[acts.ask]
zh = "提出"
en = "Ask"
opens = true
to = "open"
roles = ["enterprise"]
[acts.pause]
zh = "要求补正"
en = "Pause"
from = ["open"]
to = "paused"
roles = ["county_market"]
[acts.go_on]
zh = "补正完"
en = "Go on"
from = ["paused"]
to = "open"
roles = ["county_market"]
[acts.extend]
zh = "延长"
en = "Extend"
from = ["open", "paused"]
to = "open"
roles = ["county_market"]
extends = { answer = 3 }
[acts.finish]
zh = "答复"
en = "Answer"
from = ["open"]
to = "done"
roles = ["county_market"]
""",
        file="asked.toml",
    )
)
STATES = {"ask": "open", "pause": "paused", "go_on": "open", "extend": "open", "finish": "done"}


def reading(*done: tuple[str, str]) -> ClockReading | None:
    """Return how the clock stands after acts on days of November and December 2026."""
    return read_clock(PROCEDURE, PROCEDURE.clocks["answer"], acts=acts(done))


def acts(done: Sequence[tuple[str, str]]) -> list[ActFacts]:
    zone = ZoneInfo("Asia/Shanghai")
    return [
        ActFacts(uuid4(), NOBODY, number, name, NOBODY, "", "county_market", NOBODY,
                 datetime.fromisoformat(f"2026-{day}T10:00").replace(tzinfo=zone), {"to": STATES[name]})
        for number, (name, day) in enumerate(done, start=1)
    ]  # fmt: skip


def limit_of(found: ClockReading | None) -> date | None:
    return found.limit_on if found else None


def test_the_day_it_starts_is_not_counted() -> None:
    found = reading(("ask", "11-02"))  # a Monday
    assert found == ClockReading("answer", 5, date(2026, 11, 2), date(2026, 11, 9), True, None, None)


def test_days_in_which_it_stands_are_not_counted() -> None:
    # Two days are used up by Wednesday; it goes on a week later with three left.
    found = reading(("ask", "11-02"), ("pause", "11-04"), ("go_on", "11-11"))
    assert (limit_of(found), found.is_running if found else None) == (date(2026, 11, 16), True)


def test_while_it_stands_nothing_is_due() -> None:
    found = reading(("ask", "11-02"), ("pause", "11-04"))
    assert found is not None
    assert (found.due_on, found.is_running, found.stopped_on) == (None, False, None)


def test_an_extension_gives_days_of_its_kind() -> None:
    found = reading(("ask", "11-02"), ("extend", "11-05"))
    assert (limit_of(found), found.days if found else 0) == (date(2026, 11, 12), 8)


def test_an_extension_while_it_stands_counts_when_it_goes_on() -> None:
    found = reading(("ask", "11-02"), ("pause", "11-04"), ("extend", "11-11"))
    assert limit_of(found) == date(2026, 11, 19)


def test_what_is_answered_in_time_is_met_and_over() -> None:
    found = reading(("ask", "11-02"), ("finish", "11-06"))
    assert found == ClockReading("answer", 5, date(2026, 11, 2), date(2026, 11, 9), False, date(2026, 11, 6),
                                 date(2026, 11, 6))  # fmt: skip


def test_a_limit_that_has_passed_stays_passed_after_a_pause() -> None:
    found = reading(("ask", "11-02"), ("pause", "11-20"), ("go_on", "11-24"))
    assert limit_of(found) == date(2026, 11, 9)


def test_beyond_the_known_calendar_the_last_day_is_unknown() -> None:
    found = reading(("ask", "12-30"))
    assert found is not None
    assert (found.limit_on, found.is_running) == (None, True)


def test_a_clock_that_has_not_started_is_none() -> None:
    assert read_clock(PROCEDURE, PROCEDURE.clocks["answer"], acts=[]) is None
