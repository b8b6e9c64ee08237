"""The draw of a definition: whole, with three parties, and nobody drawn by an act that is no draw."""

from __future__ import annotations

import re

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures.drawing import drawing_act, parties_of
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import parse_table

TEXT = (procedures.HERE / "cma_accreditation_2.toml").read_text(encoding="utf-8")


def changed(old: str, new: str) -> procedures.Procedure:
    assert old in TEXT
    return read_procedure(parse_table(TEXT.replace(old, new, 1), file="cma.toml"))


def test_a_draw_says_its_parties_and_whom_it_names() -> None:
    found = procedures.load("cma_accreditation", "2")
    act = drawing_act(found)
    assert act is not None
    assert parties_of(found) == ("applicant", "body", "third")
    assert [each.key for each in act.form] == ["lead_assessor", "second_assessor"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('draw = { word = "void" }', "", "acts"),
        ('draw = { word = "seal", party = "third" }', 'draw = { word = "seal", party = "body" }', "acts"),
        ('draw = { word = "open", party = "third" }', 'draw = { word = "open", party = "fourth" }', "acts"),
        ('draw = { word = "draw" }', 'draw = { word = "void" }', "acts.draw_assessors"),
        ('draw = { word = "draw" }', "", "acts.draw_assessors"),
        ('by = "draw", zh = "评审组长"', 'by = "draw", required = true, zh = "评审组长"', "acts.draw_assessors"),
        ('name = "commitment"', 'name = "sealed"', "acts.seal_applicant"),
        ('not_who_did = ["submit"', 'not_who_did = ["nothing"', "acts.freeze_draw"),
        ('draw = { word = "draw" }', 'draw = { word = "lottery" }', "acts.draw_assessors"),
    ],
)
def test_a_draw_that_is_not_whole_is_refused(old: str, new: str, where: str) -> None:
    with pytest.raises(InputError, match=re.escape(where)) as refused:
        changed(old, new)
    assert "cma.toml" in str(refused.value)


def test_what_steers_a_draw_is_part_of_the_digest() -> None:
    plain = procedures.load("cma_accreditation", "2").digest
    assert changed('not_who_did = ["submit", "resubmit", "accept"]', 'not_who_did = ["accept"]').digest != plain
