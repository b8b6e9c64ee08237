"""The second of two steps, after a password or a provider's word: a code, a recovery code, or a passkey."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.types import RECOVERY
from plumbline.errors import AccessError, InputError, PlumblineError, StateError
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.portal.entering import carried, enter, first_step, landed
from plumbline.faces.portal.frame import frame


@never_cache
@sensitive_post_parameters("passcode")
def second(request: HttpRequest) -> HttpResponse:
    """Take the code of the second step, or ask for it."""
    user_id = first_step(request)
    if user_id is None:
        return redirect("login")
    if request.method != "POST":
        return show(request)
    now = timezone.now()
    try:
        way = actions.use_code(user_id, request.POST.get("passcode", ""), at=now)
        actor = enter(request, user_id, way=way)
    except (InputError, StateError, AccessError) as error:
        return show(request, error)
    if way == RECOVERY:
        actions.tell_recovery(actor, at=now)
    return landed(request, actor)


def show(request: HttpRequest, error: PlumblineError | None = None, *, following: str = "") -> HttpResponse:
    """Ask for the second step of whoever has made the first, on their way to `following`."""
    user_id = first_step(request)
    if user_id is None:
        return redirect("login")
    methods = queries.methods(user_id)
    context = {
        **frame(request, "login"),
        **carried(request),
        **({"next": following} if following else {}),
        "login_url": "",
        "methods": methods,
        "faults": faults(error),
        "errors": errors_by_field(error),
    }
    return render(request, "portal/second_step.html", context, status=status_of(error) if error else 200)
