"""Every text shown to people is a literal, has English, and both say the same values."""

from __future__ import annotations

import ast
import re
from functools import cache

from launch.messages import (
    Key,
    collect,
    english_of,
    keys_of_python,
    keys_of_template,
    marks_of_python,
    read,
)

from tests.structure.source import PACKAGE, product

PLACES = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)")

SHOWS_A_MARKED_TEXT = {
    "src/plumbline/faces/kit/templatetags/kit.py": "where a sentence of `say` is shown in the page's language",
    "src/plumbline/domain/notices/letters.py": "where a sentence of `say` is written into a mail",
    "src/plumbline/faces/api/document.py": "the words of the API's document, marked where its operations are written",
    "src/plumbline/faces/api/pages.py": "the same words on the page of the API",
    "src/plumbline/faces/kit/words.py": "tables of words, each marked by gettext_noop where it is written",
}


@cache
def every_text() -> dict[Key, list[str]]:
    return collect()


def values(text: str) -> set[str]:
    """Return the names of the values a text shows."""
    return {first or second for first, second in PLACES.findall(text)}


def test_every_marked_text_is_a_literal() -> None:
    made = {
        module.path
        for module in product()
        for _name, arguments in marks_of_python((PACKAGE.parents[1] / module.path).read_text())
        if arguments and not isinstance(arguments[0], ast.Constant)
    }
    assert made - set(SHOWS_A_MARKED_TEXT) == set()


def test_every_text_has_english() -> None:
    catalogue = read()
    assert [key.text for key in every_text() if not english_of(catalogue, key)] == []


def test_english_shows_the_same_values_as_chinese() -> None:
    catalogue = read()
    differing = {
        key.text: english
        for key in every_text()
        if isinstance(english := english_of(catalogue, key), str) and values(english) != values(key.text)
    }
    assert differing == {}


def test_collecting_finds_what_is_marked_in_a_template() -> None:
    source = "{% load i18n %}<c-x a=\"{% translate '签发' %}\">"
    source += "{% blocktranslate with n=x %}还有 {{ n }} 天{% endblocktranslate %}"
    assert {key.text for key in keys_of_template(source, "page.html")} == {"签发", "还有 %(n)s 天"}


def test_collecting_finds_what_is_marked_in_python() -> None:
    wrapped = 'def f(t): return E(say(t))\nf("丁")'
    assert [key.text for key in keys_of_python(wrapped)] == ["丁"]
    assert set(keys_of_python('say("甲 {a}", a=1); ngettext("一", "多", n); f("丙")')) == {
        Key("甲 {a}"),
        Key("一", "多"),
    }
