"""Passkeys at the browser: what it is asked, as JSON for the script of the page, and signing in with its answer."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.types import PASSKEY
from plumbline.errors import AccessError, InputError, StateError
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.faces.portal import second_step, signing
from plumbline.faces.portal.challenges import new_question, taken_question
from plumbline.faces.portal.entering import enter, first_step, landed

JSON = "application/json"


@require_POST
@never_cache
def question(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey: of whoever is signed in or has made the first step, else of anybody."""
    actor = getattr(request, "actor", None)
    user_id: UUID | None = actor.user_id if isinstance(actor, Actor) else first_step(request)
    return _asked(
        request, lambda asked: queries.passkey_question(asked.site, challenge=asked.challenge, user_id=user_id)
    )


@require_POST
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a new passkey of whoever is signed in."""
    actor = actor_of(request)
    return _asked(request, lambda asked: queries.passkey_registration(actor, asked.site, challenge=asked.challenge))


def _asked(request: HttpRequest, options: Callable[[actions.Question], str]) -> HttpResponse:
    try:
        return HttpResponse(options(new_question(request)), content_type=JSON)
    except StateError as error:
        said = " ".join(text_of(part) for part in (error.what, error.remedy) if part)
        return HttpResponse(said, content_type="text/plain; charset=utf-8", status=status_of(error))


@require_POST
@never_cache
@sensitive_post_parameters("credential")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by the answer of a passkey, as the only step or as the second."""
    user_id = first_step(request)
    try:
        asked = taken_question(request)
        answer = request.POST.get("credential", "")
        found = actions.use_passkey(answer, question=asked, at=timezone.now(), of=user_id)
        return landed(request, enter(request, found, way=PASSKEY))
    except (InputError, StateError, AccessError) as error:
        return second_step.show(request, error) if user_id else signing.form(request, error)
