"""`plumbline figures`: what it counts, and what it says of marks that were missed."""

from __future__ import annotations

import pytest

from plumbline.domain.indicators.models import Coverage
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError
from plumbline.faces.commands import figures
from tests.world import World


def test_the_figures_are_counted_and_compared(world: World) -> None:
    codes = [figures.run([]), figures.run(["refresh"]), figures.run(["recount"]), figures.run(["status"])]
    assert codes == [0, 0, 0, 0]


def test_a_missed_mark_is_a_fault(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    figures.run(["refresh"])
    with scoped(EVERYTHING):
        Coverage.objects.update(count=99)
    assert figures.run(["recount"]) == 1
    assert "coverage 2" in capsys.readouterr().err


def test_another_word_is_refused() -> None:
    with pytest.raises(InputError, match="用法"):
        figures.run(["guess"])
