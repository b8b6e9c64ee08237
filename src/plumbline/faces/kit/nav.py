"""Who is signed in, as the shells of portal and console show it: name, roles to change to, the way in and out.

The role form posts `role` (the id of a membership) and `next` to the address named `role`. Leaves the lines of the
side bar to each face.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.faces.kit import formats
from plumbline.faces.kit.doers import actor_words
from plumbline.faces.kit.shapes import Option
from plumbline.rulebook import roles

STAFF_REACHES = frozenset({"institution", "region", "everything"})
CUTS = "(（/:,，;"


def role_words(code: str) -> str:
    """Return the short name of a role in the reader's language: the rulebook's name without its explanation."""
    role = roles.by_code(code)
    name = role.en if formats.is_english() else role.zh
    end = min((place for place in (name.find(cut) for cut in CUTS) if place > 0), default=len(name))
    return name[:end].strip()


def roles_words(codes: Sequence[str]) -> str:
    """Return several roles as one phrase of names."""
    return (" / " if formats.is_english() else "、").join(role_words(code) for code in codes)


def organisation_words(actor: Actor) -> str:
    """Return the name of the organisation somebody acts for, in the reader's language."""
    return formats.either(actor.organisation_name, actor.organisation_name_en)


def is_staff(actor: Actor) -> bool:
    """Tell whether the role works in the console: an institution's, an area's, or one that sees everything."""
    return roles.by_code(actor.role).reach in STAFF_REACHES


def home_url(actor: Actor | None) -> str:
    """Return where somebody begins: staff with their work, everybody else on the portal."""
    return "/work/" if actor is not None and is_staff(actor) else "/"


def signed_in(request: HttpRequest) -> dict[str, object]:
    """Return the part of a shell's context that says who is signed in; the same for portal and console."""
    actor = getattr(request, "actor", None)
    shell: dict[str, object] = {
        "is_demo": settings.PLUMBLINE_DEMO,
        "as_of": timezone.now(),
        "home_url": home_url(actor),
    }
    if actor is None:
        return {**shell, "login_url": reverse("login")}
    actors: Sequence[Actor] = getattr(request, "actors", (actor,))
    shell |= {"logout_url": reverse("logout"), "who": _who(actor)}
    if not settings.PLUMBLINE_DEMO:
        shell["password_url"] = reverse("password")
    if len(actors) > 1:
        shell |= {"role_url": reverse("role"), "roles": [_option(each, actor) for each in actors]}
    return shell


def _who(actor: Actor) -> str:
    parts = (organisation_words(actor), actor_words(actor), role_words(actor.role))
    return " · ".join(part for part in parts if part)


def _option(each: Actor, actor: Actor) -> Option:
    behalf = actor_words(each) if each.behalf else ""
    label = " · ".join(part for part in (organisation_words(each), role_words(each.role), behalf) if part)
    return Option(str(each.membership_id), label, is_selected=each.membership_id == actor.membership_id)
