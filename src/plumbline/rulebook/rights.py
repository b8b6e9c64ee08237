"""What a role may do, from the places that give rights: its own list, the acts of the procedures, the registers."""

from __future__ import annotations

from functools import cache

from plumbline.rulebook import procedures, registers, roles


def of_role(code: str) -> frozenset[str]:
    """Return the rights of a role: register.edit, ...; <procedure>.<act>; entry.<register>.read, .edit or .<act>."""
    return _own_and_acts(code) | registers.rights_of_role(code)


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
