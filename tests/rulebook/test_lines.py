"""The line of a fault in a rule file: headers, keys, arrays of tables, one-line tables, and what lies deeper."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from plumbline.rulebook.lines import line_of
from plumbline.rulebook.reading import RULEBOOK

TEXT = """# a comment = none
id = "x"
[acts.submit]
roles = ["a", "b"]
form = [
  { name = "one", zh = "一" },
  # between
  { name = "two", zh = "二" },
]
[[limits]]
days = 1
[[limits]]
days = 2
["quoted.part"]
zh = "引"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("id", 2), ("acts.submit", 3), ("acts.submit.roles", 4), ("acts.submit.form", 5), ("acts.submit.form[0].zh", 6),
        ("acts.submit.form[1].name", 8), ("acts.submit.missing", 3), ("limits[0].days", 11), ("limits[1].days", 13),
        ("limits[1].kind", 12), ("quoted.part.zh", 15), ("nothing", None),
    ],
)  # fmt: skip
def test_a_key_is_found_at_its_line_or_at_what_holds_it(path: str, line: int | None) -> None:
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize("file", sorted(RULEBOOK.rglob("*.toml")), ids=lambda file: file.name)
def test_every_part_of_the_rulebook_has_a_line_that_names_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    for key in tomllib.loads(text):
        line = line_of(text, key)
        assert line is not None
        assert key in lines[line - 1]
