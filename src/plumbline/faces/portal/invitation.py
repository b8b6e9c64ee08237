"""The page of an invitation: what it offers, and taking it with a password of one's own or an identity at a provider.

Looking at it uses nothing up: programs that look at links open no account.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.types import OUTSIDE, PASSWORD
from plumbline.errors import AccessError, InputError, PlumblineError, StateError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.nav import role_words
from plumbline.faces.portal.entering import enter, landed
from plumbline.faces.portal.frame import frame
from plumbline.faces.portal.outside import drop_proved, proved_for
from plumbline.faces.portal.signing import new_password
from plumbline.gateways.identity.openid import Identity


@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Show an invitation, or take it: the account is opened and its holder signed in. Raises: Hidden."""
    queries.invitation_by(code, at=timezone.now())
    if request.method != "POST":
        return _show(request, code)
    try:
        identity = _identity(request)
        with transaction.atomic():
            password = None if identity else new_password(request)
            user_id = actions.accept(code, password=password, identity=identity, at=timezone.now())
    except (InputError, StateError) as error:
        return _show(request, code, error=error)
    drop_proved(request)
    messages.success(request, _("账号已开好"))
    try:
        return landed(request, enter(request, user_id, way=OUTSIDE if identity else PASSWORD))
    except AccessError as error:
        return render(request, "portal/invitation_taken.html", {**frame(request), "error": error})


def _identity(request: HttpRequest) -> Identity | None:
    """Return who a provider says the invited is, None for a password. Raises: InputError if it said nothing."""
    if request.POST.get("act") != "provider":
        return None
    identity = proved_for(request, "invitation")
    if identity is None:
        raise InputError(say("身份提供方的回答过时了"), remedy=say("再去那里确认一次"))
    return identity


def _show(request: HttpRequest, code: str, *, error: PlumblineError | None = None) -> HttpResponse:
    found, proved = queries.invitation_by(code, at=timezone.now()), proved_for(request, "invitation")
    context = {
        **frame(request),
        "found": found,
        "code": code,
        "name": formats.either(found.person_name, found.person_name_en),
        "organisation": formats.either(found.organisation_name, found.organisation_name_en),
        "role": role_words(found.offer.grant.role),
        "providers": queries.providers().values(),
        "proved": proved,
        "proved_by": queries.provider(proved.provider).name if proved else "",
        "faults": faults(error),
        "errors": errors_by_field(error),
    }
    return render(request, "portal/invitation.html", context, status=status_of(error) if error else 200)
