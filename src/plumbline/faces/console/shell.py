"""The frame of every page of the console: who may open it, the side bar, the way to the page, the answer of a page.

Only staff work here: a stranger is sent to sign in, an enterprise to the portal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.errors import AccessError, InputError, PlumblineError, say
from plumbline.faces.kit import nav
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.notices import unread_count
from plumbline.faces.kit.shapes import Crumb, Fault, NavGroup, NavItem

P = ParamSpec("P")


@dataclass(frozen=True)
class Phrase:
    """A whole phrase of an answer. kind: ok, due, bad, rev or empty; with url it leads to what proves it."""

    text: str
    kind: str = ""
    url: str = ""


@dataclass(frozen=True)
class Place:
    """Where a page lies: the line of the side bar it belongs to, and the way to it."""

    line: str
    crumbs: Sequence[Crumb]


def officer(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give a view its actor; somebody who works in no office or institution goes to their own first page."""

    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of(request)
        if not nav.is_staff(actor):
            return redirect(nav.home_url(actor))
        return view(request, actor, *args, **kwargs)

    return opened


def may(actor: Actor, right: str) -> bool:
    """Tell whether the actor's role carries a right at all; whether it reaches a thing is asked by the action."""
    return accounts.has_right(actor, right)


def require_right(actor: Actor, right: str) -> None:
    """Pass if the actor's role carries a right. Raises: AccessError naming the role."""
    if not may(actor, right):
        raise AccessError(
            say("当前角色“{role}”不能看这一页", role=accounts.role_name(actor.role)), remedy=say("换用有权的角色或账号")
        )


def page(
    request: HttpRequest, template: str, *, context: Mapping[str, object], place: Place, status: int = 200
) -> HttpResponse:
    """Return a page in the frame of the console."""
    actor = actor_of(request)
    frame = {
        **nav.signed_in(request),
        "nav": side_bar(actor, place.line),
        "crumbs": place.crumbs,
        **search_box(),
        "actor": actor,
    }
    return render(request, f"console/{template}.html", {**frame, **context}, status=status)


def search_box() -> dict[str, str]:
    """Return where the search field of the frame asks: its page, and its answers while one types."""
    return {"search_url": reverse("console:search"), "suggest_url": reverse("console:suggest")}


def see_other(url: str) -> HttpResponseRedirect:
    """Return the answer to a POST that was done: look there now (303), so that a reload repeats nothing."""
    return HttpResponseRedirect(url, status=303)


def side_bar(actor: Actor, current: str) -> list[NavGroup]:
    """Return the lines a role has, the current one marked; the first two count what waits for the actor."""
    counts = {
        "work": cases.waiting_count(actor) if cases.waiting_states(actor.role) else None,
        "notices": unread_count(actor),
    }
    groups: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
        (
            "",
            (
                ("work", _("我的工作"), "home", ""),
                ("notices", _("通知"), "mail", ""),
                ("delegations", _("代办和缺勤"), "people", ""),
                ("cases", _("业务"), "case", "case.read"),
                ("instruments", _("计量器具"), "gauge", "register.read"),
                ("certificates", _("证书"), "cert", "register.read"),
            ),
        ),
        (_("技术"), (("standards", _("计量标准"), "std", "register.read"), ("rules", _("规程"), "file", ""))),
        (
            _("登记"),
            (
                ("registers", _("名册"), "list", ""),
                ("organisations", _("单位名录"), "map", "register.read"),
                ("accounts", _("账号名册"), "people", "account.manage"),
                ("roles", _("角色和权限"), "lock", ""),
                ("interfaces", _("系统接口"), "link", ""),
                ("partners", _("对接系统"), "sync", "partner.exchange"),
            ),
        ),
        (
            _("监督"),
            (
                ("figures", _("看板"), "map", "register.read"),
                ("audit", _("操作记录"), "list", "audit.read"),
                ("long_work", _("长作业"), "sync", ""),
            ),
        ),
    )
    return [
        NavGroup(items, title)
        for title, lines in groups
        if (
            items := [
                NavItem(
                    label,
                    reverse(f"console:{name}"),
                    icon,
                    count=counts.get(name),
                    is_current=name == current,
                )
                for name, label, icon, right in lines
                if not right or may(actor, right)
            ]
        )
    ]


def faults_of(error: PlumblineError, ids: Mapping[str, str] | None = None) -> list[Fault]:
    """Return the lines of the summary of errors. ids: field of the error to the id of its input."""
    known = ids or {}
    return [Fault(each.what, known.get(each.field or "", ""), each.remedy or "") for each in error.faults]


def is_shown_in_page(error: PlumblineError) -> bool:
    """Tell whether an error is answered on the page it came from, rather than by an error page of its own."""
    return isinstance(error, InputError) or not isinstance(error, AccessError)
