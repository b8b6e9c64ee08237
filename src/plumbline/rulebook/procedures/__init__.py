"""The procedures: one TOML file each, proven on loading. `load(id)` gives the edition in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.procedures.model import Act, Clock, Field, Option, Procedure, State, Step
from plumbline.rulebook.reading import read_table

__all__ = ["Act", "Clock", "Field", "Option", "Procedure", "State", "Step", "all_procedures", "load"]


@cache
def all_procedures() -> Mapping[str, Procedure]:
    """Return every procedure by its id. A file that is not sound raises InputError naming file, key and remedy."""
    files = sorted(Path(__file__).resolve().parent.glob("*.toml"))
    found = [read_procedure(read_table(path)) for path in files]
    return MappingProxyType({procedure.id: procedure for procedure in found})


def load(procedure_id: str) -> Procedure:
    """Return one procedure. Raises InputError when there is none of that id."""
    if procedure_id not in all_procedures():
        raise InputError(
            say("没有名为 {id} 的程序", id=procedure_id),
            remedy=say("写成其中之一：{allowed}", allowed="、".join(all_procedures())),
            field="procedure",
        )
    return all_procedures()[procedure_id]
