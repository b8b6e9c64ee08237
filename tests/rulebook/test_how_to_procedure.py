"""The example of docs/how-to/add-a-procedure.md is a definition that loads."""

from __future__ import annotations

import re
from pathlib import Path

from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import parse_table

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-procedure.md"
REST = """
[acts.file]
zh = "备案"
en = "File"
from = ["submitted"]
to = "filed"
roles = ["county_market"]
guards = [{ word = "other_house" }]
[acts.withdraw]
zh = "撤回"
en = "Withdraw"
from = ["submitted", "returned"]
to = "withdrawn"
roles = ["enterprise"]
applicant = true
"""
"""What the text leaves to its reader."""


def test_the_example_of_the_how_to_loads() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    found = read_procedure(parse_table("\n".join([*blocks, REST]), file="instrument_repair.toml"))
    counted = len(found.states), len(found.acts), len(found.clocks), len(found.documents)
    assert (found.is_general, counted) == (True, (4, 5, 1, 1))
