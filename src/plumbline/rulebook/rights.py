"""What a role may do, from the places that give rights: its own list, the acts of the procedures, the registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from plumbline.errors import InputError, Term, say
from plumbline.rulebook import procedures, registers, roles
from plumbline.rulebook.provenance import Provenance


@dataclass(frozen=True)
class Given:
    """A right by its name. subject: what it is about, None for a right of its own; file and key: where it is given."""

    code: str
    name: Term
    subject: Term | None
    file: str
    key: str
    provenance: Provenance


def of_role(code: str) -> frozenset[str]:
    """Return the rights of a role: register.edit, ...; <procedure>.<act>; entry.<register>.read, .edit or .<act>."""
    return _own_and_acts(code) | registers.rights_of_role(code)


def has(code: str, right: str) -> bool:
    """Tell whether a role has a right: what `of_role` holds, asked some hundred times for a page."""
    return right in _own_and_acts(code) or right in registers.rights_of_role(code)


def given_to(code: str) -> tuple[Given, ...]:
    """Return the rights of a role with the rule that gives each: own ones, then acts, then registers."""
    return tuple(each for right, each in _named(code).items() if has(code, right))


def given(code: str, role: str) -> Given:
    """Return a right as a role has it. Raises InputError when the role has it not."""
    found = _named(role).get(code)
    if found is None or not has(role, code):
        raise InputError(
            say("这个角色没有权限 {right}", right=code), remedy=say("从这个角色的权限里选"), field="rights"
        )
    return found


@cache
def _own_and_acts(code: str) -> frozenset[str]:
    role = roles.by_code(code)
    acts = {
        f"{procedure.id}.{act.name}"
        for procedure in procedures.all_editions()
        for act in procedure.acts.values()
        if code in act.roles
    }
    return frozenset(role.may) | acts


def _named(role: str) -> Mapping[str, Given]:
    return MappingProxyType({each.code: each for part in (_own, _acts, _entries) for each in part(role)})


def _own(role: str) -> Iterator[Given]:
    whole = roles.load()
    for right in roles.by_code(role).may:
        name = Term(whole.rights[right].zh, whole.rights[right].en)
        yield Given(right, name, None, "roles.toml", f"roles.{role}.may", whole.provenance)


def _acts(role: str) -> Iterator[Given]:
    for procedure in procedures.all_editions():
        for act in procedure.acts.values():
            if role in act.roles:
                yield Given(
                    f"{procedure.id}.{act.name}",
                    Term(act.zh, act.en),
                    Term(procedure.zh, procedure.en),
                    f"procedures/{procedure.id}.toml",
                    f"acts.{act.name}.roles",
                    procedure.provenance,
                )


def _entries(role: str) -> Iterator[Given]:
    reading, editing = Term("查看", "read"), Term("登记和变更", "register and change")
    for register in registers.all_registers().values():
        file, about = f"registers/{register.id}.toml", register.basis.provenance
        if role in {*register.read, *register.edit}:
            yield Given(f"entry.{register.id}.read", reading, register.name, file, "read", about)
        if role in register.edit:
            yield Given(f"entry.{register.id}.edit", editing, register.name, file, "edit", about)
        for act in register.acts.values():
            if role in act.roles:
                name = Term(act.zh, act.en)
                yield Given(
                    f"entry.{register.id}.{act.name}", name, register.name, file, f"acts.{act.name}.roles", about
                )
