"""The one policy: may this actor do this to that? Rights come from the rulebook's roles; areas from the membership."""

from __future__ import annotations

from plumbline.domain.accounts.types import Actor, Subject
from plumbline.rulebook import rights, roles


def has_right(actor: Actor, right: str) -> bool:
    """Tell whether the actor's role carries `right` at all, from its own list or from the acts of a procedure."""
    return right in rights.of_role(actor.role)


def may(actor: Actor, right: str, *, subject: Subject) -> bool:
    """Tell whether the actor may use `right` on `subject`.

    A role that reaches an area reaches what lies in it; any other what its organisation owns or handles.
    """
    if not has_right(actor, right):
        return False
    reach = roles.by_code(actor.role).reach
    if reach == "everything":
        return True
    if reach == "region":
        return subject.region_code in actor.regions
    return actor.organisation_id in (subject.owner_id, subject.body_id)


def is_guessable(password: str, username: str) -> bool:
    """Tell whether a password is only digits or contains the account's name; length and lists are asked elsewhere."""
    return password.isdecimal() or username.casefold() in password.casefold()
