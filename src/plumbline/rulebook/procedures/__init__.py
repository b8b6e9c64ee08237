"""The procedures: one TOML file an edition, proven on loading. `load` gives the edition named, else the newest.

An operator's own folders, named by the environment, may add files beside these. A case runs to its end on the edition
it was opened under, so the file of an edition stays while it may have open cases.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from plumbline.errors import InputError, say
from plumbline.rulebook.procedures.acts import MOVE, Act, Possible, Word
from plumbline.rulebook.procedures.documents import Document, Wording
from plumbline.rulebook.procedures.links import prove_links, with_former
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.procedures.model import (
    AREAS,
    Basis,
    Clock,
    Procedure,
    Said,
    State,
    Step,
    Track,
    days_between,
    last_day,
)
from plumbline.rulebook.procedures.published import digest_of, published, wording_digest
from plumbline.rulebook.procedures.remarking import ABOUT, REMARK, REMARKS
from plumbline.rulebook.reading import read_table

__all__ = [
    "ABOUT",
    "AREAS",
    "HERE",
    "MOVE",
    "REMARK",
    "REMARKS",
    "Act",
    "Basis",
    "Clock",
    "Document",
    "Possible",
    "Procedure",
    "Said",
    "State",
    "Step",
    "Track",
    "Word",
    "Wording",
    "all_editions",
    "all_procedures",
    "catalogue",
    "catalogue_digest",
    "days_between",
    "files_in",
    "folders",
    "last_day",
    "load",
    "replacing",
    "wording_digest",
]
HERE = Path(__file__).resolve().parent
FOLDERS = "PLUMBLINE_PROCEDURES"
"""The environment variable that names further folders of procedure files, divided as a search path is."""


@cache
def all_editions() -> tuple[Procedure, ...]:
    """Return every edition, the newest of a procedure last. Raises InputError as `read_editions`."""
    return read_editions(*folders())


def folders() -> tuple[Path, ...]:
    """Return where definitions lie: these, and an operator's own."""
    further = os.environ.get(FOLDERS, "").split(os.pathsep)
    return (HERE, *(Path(each) for each in further if each))


def files_in(folder: Path) -> list[Path]:
    """Return the definitions in a folder. Raises InputError where there is none such."""
    if not folder.is_dir():
        raise InputError(
            say("没有文件夹 {folder}", folder=str(folder)),
            remedy=say("核对环境变量 {name} 里写的文件夹", name=FOLDERS),
            field="folder",
        )
    return sorted(folder.glob("*.toml"))


def read_editions(*folders: Path) -> tuple[Procedure, ...]:
    """Return the editions in some folders. Raises InputError for a file not sound, or a second of one edition."""
    paths = [path for folder in folders for path in files_in(folder)]
    found = [read_procedure(read_table(path)) for path in paths]
    names = [(procedure.id, procedure.edition) for procedure in found]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                say("程序 {id} 的第 {edition} 版有两个文件", id=name[0], edition=name[1]),
                remedy=say("改动另立新版，写新的 edition"),
                field="edition",
            )
    found = with_former(found)
    for procedure in found:
        prove_links(procedure, found)
    return tuple(sorted(found, key=lambda procedure: (procedure.id, procedure.valid_from, procedure.edition)))


@cache
def all_procedures() -> Mapping[str, Procedure]:
    """Return the newest edition of every procedure by its id."""
    return MappingProxyType({procedure.id: procedure for procedure in all_editions()})


def replacing(procedure: Procedure) -> Procedure | None:
    """Return the edition that replaces one, if there is one."""
    return _replacing().get((procedure.id, procedure.edition))


@cache
def _replacing() -> Mapping[tuple[str, str], Procedure]:
    return {(each.id, each.former.edition): each for each in all_editions() if each.former is not None}


@cache
def catalogue() -> tuple[Mapping[str, str], ...]:
    """Return what other systems are told of every procedure: a short line of its newest edition."""
    return tuple(published(all_procedures().values()))


@cache
def catalogue_digest() -> str:
    """Return the hash of the catalogue: another when anything in a definition is."""
    return digest_of(catalogue())


def load(procedure_id: str, edition: str = "") -> Procedure:
    """Return one edition of a procedure, the newest if none is named. Raises InputError when there is none such."""
    if edition:
        return edition_of(all_editions(), procedure_id, edition=edition)
    if procedure_id not in all_procedures():
        raise InputError(
            say("没有名为 {id} 的程序", id=procedure_id),
            remedy=say("写成其中之一：{allowed}", allowed="、".join(all_procedures())),
            field="procedure",
        )
    return all_procedures()[procedure_id]


def edition_of(editions: Iterable[Procedure], procedure_id: str, *, edition: str) -> Procedure:
    """Return one edition among some. Raises InputError when it is not there."""
    for procedure in editions:
        if (procedure.id, procedure.edition) == (procedure_id, edition):
            return procedure
    raise InputError(
        say("规则库里没有程序 {id} 的第 {edition} 版", id=procedure_id, edition=edition),
        remedy=say("由管理员放回这一版的文件；按它开办的业务还要用"),
        field="edition",
    )
