"""The simple registers: one TOML file each, proven on loading. An operator's own folder may add files beside these.

The folder is named by the environment, so that a province adds a register without touching the package. A row keeps
the edition of the definition it was written under; `domain.registers` mirrors each into the database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from plumbline.errors import Hidden, InputError, say
from plumbline.rulebook.reading import read_table
from plumbline.rulebook.registers.loader import read_register
from plumbline.rulebook.registers.model import Act, Basis, Register, State

__all__ = ["Act", "Basis", "Register", "State", "all_registers", "by_id", "read_folders", "rights_of_role"]
FOLDERS = "PLUMBLINE_REGISTERS"
"""The environment variable that names further folders of register files, divided as a search path is."""


def all_registers() -> Mapping[str, Register]:
    """Return every register by its id, in order of `place`. Raises: InputError naming file, key and remedy."""
    return read_folders(_folders())


def by_id(register_id: str) -> Register:
    """Return one register. Raises: Hidden when there is none of that id."""
    if register_id not in all_registers():
        raise Hidden(say("没有这个名册"), remedy=say("从名册总表里选"))
    return all_registers()[register_id]


def rights_of_role(code: str) -> frozenset[str]:
    """Return the rights the registers give to a role: entry.<register>.read, .edit and .<act>."""
    return _rights(_folders()).get(code, frozenset())


@cache
def read_folders(folders: tuple[Path, ...]) -> Mapping[str, Register]:
    """Return the registers of some folders by id. Raises: InputError for a file that is not sound, or an id twice."""
    found: dict[str, Register] = {}
    files: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        register = read_register(read_table(path))
        if register.id in found or register.id != path.stem:
            raise InputError(
                say("名册编号 {id} 与文件名 {file} 不符，或已有另一个文件用它", id=register.id, file=path.name),
                where=say("规则文件 {file}，键 {key}", file=path.name, key="id"),
                remedy=say("文件名写成“编号.toml”，编号不重复"),
                field="id",
            )
        found[register.id], files[register.id] = register, path.name
    for register in found.values():
        _prove_links(register, found, file=files[register.id])
    return MappingProxyType(dict(sorted(found.items(), key=lambda pair: (pair[1].place, pair[0]))))


def _folders() -> tuple[Path, ...]:
    return _folders_of(os.environ.get(FOLDERS, ""))


@cache
def _folders_of(further: str) -> tuple[Path, ...]:
    return (Path(__file__).resolve().parent, *(Path(each) for each in further.split(os.pathsep) if each))


def _prove_links(register: Register, found: Mapping[str, Register], *, file: str) -> None:
    for field in register.fields.values():
        if field.type == "link" and field.register not in found:
            key = f"fields.{field.key}.register"
            raise InputError(
                say("规则文件 {file} 的 {key} 提到不存在的“{value}”", file=file, key=key, value=field.register),
                where=say("规则文件 {file}，键 {key}", file=file, key=key),
                remedy=say("改正名称，或先登记这个名称"),
                field=key,
            )


@cache
def _rights(folders: tuple[Path, ...]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for register in read_folders(folders).values():
        acts = ((act.name, act.roles) for act in register.acts.values())
        for name, roles in (("read", (*register.read, *register.edit)), ("edit", register.edit), *acts):
            for role in roles:
                found.setdefault(role, set()).add(f"entry.{register.id}.{name}")
    return {role: frozenset(rights) for role, rights in found.items()}
