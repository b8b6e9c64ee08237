"""The frame of every page of the portal: its navigation and who is signed in. Leaves what a page says to its view."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.errors import AccessError, say
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.nav import home_url, is_staff, organisation_words, role_words, signed_in
from plumbline.faces.kit.notices import unread_count
from plumbline.faces.kit.shapes import NavItem


def frame(request: HttpRequest, current: str = "") -> dict[str, object]:
    """Return the context that every page of the portal needs. current: the name of the address that is lit."""
    actor = getattr(request, "actor", None)
    return {
        **signed_in(request),
        "who": _who(actor),
        "home_url": reverse("portal-home"),
        "site_name": _("计量检定服务"),
        "portal_nav": [
            NavItem(label, url, is_current=name == current, count=_unread(actor) if name == "my-notices" else None)
            for name, label, url in _places(actor)
        ],
    }


def _who(actor: Actor | None) -> str:
    """Return who acts, short: an owner is known by the organisation, staff by their role in it."""
    if actor is None:
        return ""
    name = organisation_words(actor)
    return f"{name} · {role_words(actor.role)}" if is_staff(actor) else name


def _places(actor: Actor | None) -> list[tuple[str, str, str]]:
    """Return name, label and address of each place of the portal that this reader has."""
    places = [("portal-home", _("办事"), reverse("portal-home"))]
    if actor is not None and is_staff(actor):
        places.append(("work", _("我的工作"), home_url(actor)))
    elif actor is not None:
        places += [
            ("my-cases", _("业务"), reverse("my-cases")),
            ("my-instruments", _("器具"), reverse("my-instruments")),
            ("my-certificates", _("证书"), reverse("my-certificates")),
            ("my-notices", _("通知"), reverse("my-notices")),
        ]
        if accounts.has_right(actor, "interface.manage"):
            places.append(("my-interfaces", _("接口"), reverse("my-interfaces")))
    return [
        *places,
        ("check", _("查验"), reverse("check")),
        ("public-registers", _("公开名册"), reverse("public-registers")),
        ("log", _("公开日志"), reverse("log")),
    ]


def _unread(actor: Actor | None) -> int | None:
    return unread_count(actor) if actor is not None else None


def owner_of(request: HttpRequest) -> Actor:
    """Return who acts for an enterprise. Raises: AccessError for nobody and for a role that works in the console."""
    actor = actor_of(request)
    if is_staff(actor):
        raise AccessError(
            say("这一页是给器具使用单位的，当前角色“{role}”用不到", role=accounts.role_name(actor.role)),
            remedy=say("回到“我的工作”，或换用本单位的经办人角色"),
        )
    return actor
