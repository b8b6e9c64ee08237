"""The one policy: may this actor do this to that? Rights come from the rulebook's roles; areas from the membership."""

from __future__ import annotations

from fnmatch import fnmatchcase

from plumbline.domain.accounts.types import Actor, Subject
from plumbline.errors import InputError, say
from plumbline.rulebook import rights, roles


def has_right(actor: Actor, right: str) -> bool:
    """Tell whether the actor's role carries `right` at all, from its own list or from the acts of a procedure.

    Who stands in for another has of it what was handed over; who acts by a token, what its scopes open.
    """
    if not rights.has(actor.role, right) or (actor.only is not None and right not in actor.only):
        return False
    narrowed = actor.narrowed_to
    return narrowed is None or right in narrowed or any("*" in each and fnmatchcase(right, each) for each in narrowed)


def may(actor: Actor, right: str, *, subject: Subject) -> bool:
    """Tell whether the actor may use `right` on `subject`.

    A role that reaches an area reaches what lies in it, a role of an institution what that institution handles, one of
    an owner what that owner has: the side is part of the reach, so that nobody acts on both sides of a case.
    """
    if not has_right(actor, right):
        return False
    reach = roles.by_code(actor.role).reach
    if reach == "everything":
        return True
    if reach == "region":
        return subject.region_code in actor.regions
    side = {"own": subject.owner_id, "institution": subject.body_id}.get(reach)
    return side is not None and side == actor.organisation_id


def require_area(role: str, region_code: str) -> None:
    """Pass if a role that looks after an area has one: without it the role reaches nothing. Raises: InputError."""
    if roles.by_code(role).reach == "region" and not region_code:
        raise InputError(
            say("这个角色要管一个地区"), remedy=say("填六位行政区划代码，例如 330300"), field="region_code"
        )


def is_guessable(password: str, username: str) -> bool:
    """Tell whether a password is only digits or contains the account's name; length and lists are asked elsewhere."""
    return password.isdecimal() or username.casefold() in password.casefold()
