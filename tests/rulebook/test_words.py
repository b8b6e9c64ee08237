"""The words a definition may say: each has its function, and none has two."""

from __future__ import annotations

from plumbline.domain.procedures.following import EFFECTS
from plumbline.domain.procedures.guarding import GUARDS
from plumbline.rulebook.procedures import words


def test_each_guard_and_each_effect_of_the_list_has_its_function() -> None:
    assert (set(GUARDS), set(EFFECTS)) == (set(words.GUARDS), set(words.EFFECTS))


def test_no_word_is_guard_and_effect_at_once() -> None:
    assert not set(words.GUARDS) & set(words.EFFECTS)
