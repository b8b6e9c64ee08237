"""The demo's whole city, asked for by a button or a command; the worker fills it in (`faces.commands.demo`)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands import actions, queries
from plumbline.domain.errands.types import ErrandFacts, NewErrand
from plumbline.domain.rows.locks import named
from plumbline.errors import AccessError, StateError, say
from plumbline.rulebook import rights

KIND = "demo.city"
REQUEST = named(KIND)
"""One city a demo: asked for again, it is the same errand."""
RIGHT = "scope.grant"


def may_ask(actor: Actor) -> bool:
    """Tell whether this is a demo whose city nobody has asked for, and a role that looks after the city."""
    return _is_theirs(actor) and not queries.exists(REQUEST)


def ask(actor: Actor, *, at: datetime) -> ErrandFacts:
    """Ask for the city to be filled in, its dates counted back from today. Raises: StateError outside a demo."""
    require_demo()
    if not _is_theirs(actor):
        raise AccessError(
            say("当前角色“{role}”不能办这一步", role=accounts.role_name(actor.role)), remedy=say("换用有权的角色或账号")
        )
    day = timezone.localdate(at).isoformat()
    return actions.ask(actor, NewErrand(KIND, day, {"day": day}), at=at, request_id=REQUEST)


def require_demo() -> None:
    """Pass on a demo. Raises: StateError where records may be real."""
    if not settings.PLUMBLINE_DEMO:
        raise StateError(say("这份数据不是演示模式，不写入演示数据"), remedy=say("用 ./plumbline demo 另开一份演示"))


def _is_theirs(actor: Actor) -> bool:
    return bool(settings.PLUMBLINE_DEMO) and RIGHT in rights.of_role(actor.role)
