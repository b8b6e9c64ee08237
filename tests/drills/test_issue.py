"""The storm over the clerks at a small size, and the eye it is judged with."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from drills.stand.answers import faults_of_answers

from tests.structure.source import HOME

FIRST, SECOND = {"request": "a", "number": "X-J-2026-000001-K"}, {"request": "b", "number": "X-T-2026-000002-M"}


@pytest.mark.slow
def test_clerks_are_all_answered_once_while_the_database_is_killed() -> None:
    foreign = ("PLUMBLINE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    ended = subprocess.run(
        [sys.executable, "-m", "drills.issue", "--certificates", "24", "--clerks", "3", "--kills", "1"],
        cwd=HOME,
        env={**kept, "PYTHONPATH": str(HOME)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.stdout.splitlines()[-1:] == ["PASS"], ended.stdout + ended.stderr
    assert ended.returncode == 0


def test_whole_answers_have_no_fault() -> None:
    assert faults_of_answers(["a", "b"], [FIRST, SECOND, FIRST]) == []


def test_a_request_without_an_answer_is_told() -> None:
    assert faults_of_answers(["a", "b"], [FIRST, {"request": "b", "number": ""}]) == ["request b was never answered"]


def test_a_second_number_for_one_request_is_told() -> None:
    faults = faults_of_answers(["a"], [FIRST, {**SECOND, "request": "a"}])
    assert faults == ["request a was answered with several numbers: X-J-2026-000001-K, X-T-2026-000002-M"]


def test_a_number_given_twice_is_told() -> None:
    faults = faults_of_answers(["a", "b"], [FIRST, {**FIRST, "request": "b"}])
    assert "number X-J-2026-000001-K was given 2 times" in faults


def test_a_gap_in_the_serials_is_told() -> None:
    faults = faults_of_answers(["a", "b"], [FIRST, {"request": "b", "number": "X-J-2026-000003-P"}])
    assert faults == ["serial 2 is missing", "serial 3 is beyond the last"]


def test_an_answer_to_nobodys_request_is_told() -> None:
    assert faults_of_answers(["a"], [FIRST, SECOND]) == ["an answer to a request nobody made: b"]
