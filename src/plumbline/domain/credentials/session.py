"""Middleware below authentication: a session opens nothing whose sign-in has ended; how it is known who acts."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from plumbline.domain.accounts.types import UNSHOWN
from plumbline.domain.credentials import actions
from plumbline.domain.credentials.types import SIGN_IN_KEY


class SignInMiddleware:
    """Sets `request.sign_in` (the id of the sign-in or None) and `request.assurance`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.sign_in, request.assurance = None, UNSHOWN  # type: ignore[attr-defined]  # carried to the views
        if request.user.is_authenticated:
            key = str(request.session.get(SIGN_IN_KEY, ""))
            found = actions.seen(key, request.user.pk, at=timezone.now())
            if found is None:
                logout(request)
            else:
                request.sign_in, request.assurance = found.id, found.assurance  # type: ignore[attr-defined]  # as above
        return self.get_response(request)
