"""Tracks that go on side by side: what a definition of them must say, and where a case stands after each act."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures import HERE, Procedure
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import parse_table

TEXT = (HERE / "parallel_approval_2.toml").read_text(encoding="utf-8")
PARALLEL = procedures.load("parallel_approval", "2")
BEGUN = {"type": "type_waiting", "licence": "licence_waiting"}


def read(text: str) -> Procedure:
    return read_procedure(parse_table(text, file="t.toml"))


def test_a_state_with_tracks_begins_each_of_them() -> None:
    assert PARALLEL.moved("submitted", {}, act=PARALLEL.acts["accept"]) == ("in_parallel", BEGUN)


def test_an_act_of_the_whole_leaves_the_tracks_where_they_are() -> None:
    tracks = {**BEGUN, "type": "type_granted"}
    assert PARALLEL.moved("in_parallel", tracks, act=PARALLEL.acts["extend_joint"]) == ("in_parallel", tracks)


def test_an_act_moves_its_own_track_alone() -> None:
    moved = PARALLEL.moved("in_parallel", BEGUN, act=PARALLEL.acts["grant_type"])
    assert moved == ("in_parallel", {**BEGUN, "type": "type_granted"})


@pytest.mark.parametrize(
    ("ended", "act", "joined"),
    [
        ({"type": "type_granted"}, "grant_licence", "both_granted"),
        ({"type": "type_granted"}, "deny_licence", "first_granted"),
        ({"type": "type_denied"}, "grant_licence", "second_granted"),
        ({"type": "type_denied"}, "deny_licence", "neither_granted"),
        ({"licence": "licence_granted"}, "deny_type", "second_granted"),
    ],
)
def test_tracks_join_where_their_ends_say(ended: Mapping[str, str], act: str, joined: str) -> None:
    assert PARALLEL.moved("in_parallel", {**BEGUN, **ended}, act=PARALLEL.acts[act])[0] == joined


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('[[joins]]\nduring = "in_parallel"\nto = "neither_granted"', "", "以后去哪里"),
        ('begins = "licence_waiting"', 'begins = "type_waiting"', "begins"),
        ('during = "in_parallel", begins = "type', 'during = "refused", begins = "type', "during"),
        ('to = "licence_denied"', 'to = "type_denied"', "不在同一条并行线"),
        ('track = "licence", end = true }\nboth', 'track = "other", end = true }\nboth', "other"),
        ('when = { licence = ["licence_granted"] }', 'when = { licence = ["licence_waiting"] }', "licence_waiting"),
    ],
)  # fmt: skip
def test_what_would_leave_a_case_nowhere_does_not_load(before: str, after: str, said: str) -> None:
    assert before in TEXT
    with pytest.raises(InputError) as refused:
        read(TEXT.replace(before, after, 1))
    assert "t.toml" in f"{refused.value.what} {refused.value.where}"
    assert said in f"{refused.value.what} {refused.value.where}"
