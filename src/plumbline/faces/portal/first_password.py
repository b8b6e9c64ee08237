"""Middleware: whoever signed in with a password that somebody else made takes one of their own before anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

ALSO_OPEN = ("password", "logout", "session", "set_language")


class FirstPassword:
    """Leads to the page of the password from every other one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request.user, "is_first_password", False) and request.path not in map(reverse, ALSO_OPEN):
            return redirect("password")
        return self.get_response(request)
