"""What a role may do, from both places that give rights: its own list and the acts of the procedures."""

from __future__ import annotations

from functools import cache

from plumbline.rulebook import procedures, roles


@cache
def of_role(code: str) -> frozenset[str]:
    """Return the rights of a role: register.edit, ... and <procedure>.<act>, as verification.accept."""
    role = roles.by_code(code)
    acts = {
        f"{procedure.id}.{act.name}"
        for procedure in procedures.all_editions()
        for act in procedure.acts.values()
        if code in act.roles
    }
    return frozenset(role.may) | acts
