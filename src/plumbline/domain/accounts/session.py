"""Middleware below authentication: puts the actor on the request and opens the transaction's scope to them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from plumbline.domain.accounts import queries
from plumbline.domain.accounts.models import User
from plumbline.domain.accounts.types import ROLE_KEY, Actor
from plumbline.domain.rows import scope


class ActorMiddleware:
    """Sets `request.actor` (an Actor or None) and `request.actors` (all the user may be today)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        actors = self._actors(request)
        actor = chosen(actors, str(request.session.get(ROLE_KEY, "")))
        request.actors = actors  # type: ignore[attr-defined]  # carried to the views, as Django does with user
        request.actor = actor  # type: ignore[attr-defined]  # carried to the views, as Django does with user
        if actor is not None:
            scope.apply(actor.scope)
        return self.get_response(request)

    def _actors(self, request: HttpRequest) -> list[Actor]:
        user = request.user
        return queries.actors(user, on=timezone.localdate()) if isinstance(user, User) else []


def chosen(actors: list[Actor], membership_id: str) -> Actor | None:
    """Return the actor of the chosen membership, else the first, else None."""
    wanted = [actor for actor in actors if str(actor.membership_id) == membership_id]
    return (wanted or actors or [None])[0]  # type: ignore[list-item]  # None stands for "no role"
