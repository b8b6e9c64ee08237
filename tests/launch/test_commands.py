"""The command face: verbs, exit codes, errors in words, and `check` without Django."""

from __future__ import annotations

import subprocess
import sys

import pytest
from launch.run_tests import Outcome, summary

from plumbline.errors import InputError, StateError, Term, say
from plumbline.faces.commands import main as commands
from plumbline.faces.commands.terminal import in_words, tell_error
from tests.structure.source import HOME


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")


def test_an_unknown_verb_has_the_exit_code_a_supervisor_knows() -> None:
    assert commands.main(["no-such-verb"]) == 64


def test_without_a_verb_the_verbs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([]) == 0
    assert "check" in capsys.readouterr().err


@pytest.mark.usefixtures("chinese")
def test_an_error_is_told_as_what_where_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    code = tell_error(InputError(say("序列号 {n} 已登记", n=7), where=say("第 3 行"), remedy=say("改正后再导入")))
    assert capsys.readouterr().err.splitlines() == ["序列号 7 已登记", "第 3 行", "改正后再导入"]
    assert code == 2


def test_a_refusal_has_another_exit_code_than_bad_input() -> None:
    assert tell_error(StateError(say("x"))) == 1


@pytest.mark.parametrize(("language", "shown"), [("zh", "器具 加油机"), ("en", "器具 fuel dispenser")])
def test_a_term_is_shown_in_the_readers_language(monkeypatch: pytest.MonkeyPatch, language: str, shown: str) -> None:
    monkeypatch.setenv("PLUMBLINE_LANG", language)
    assert in_words(say("器具 {what}", what=Term("加油机", "fuel dispenser"))) == shown


def test_the_offline_check_imports_no_django() -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from plumbline.faces.commands.main import main; code = main(['check', '--help'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr


def test_help_needs_no_environment() -> None:
    code = f"import sys; sys.path.insert(0, {str(HOME)!r}); from launch.start import main; main(['help'])"
    shown = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(f"./plumbline {verb} " in shown for verb in ("demo", "serve", "test", "bench", "drill", "lock", "check"))


def test_the_last_line_of_the_tests_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    ran, left_out = Outcome("a", passed=3), Outcome("b", skipped=["browser tests: not run, no chromium"])
    assert summary([ran, left_out]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 passed, 0 failed, 1 skipped"
    assert "  browser tests: not run, no chromium" in lines


def test_one_failure_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert summary([Outcome("a", passed=3, failed=["t"])]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 1 failed, 0 skipped"
