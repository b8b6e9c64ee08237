"""What every page that acts needs: who acts, the request as the engine wants it, and the status of an error.

A form that acts carries two hidden inputs: `request_id`, the key of the request, so that a double click or a repeated
post is done once, and `seen`, the place in the story its reader saw. The tag {% act_inputs case %} writes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest
from django.http.request import QueryDict

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.rows.models import new_id
from plumbline.errors import (
    AccessError,
    Hidden,
    InputError,
    OutsideError,
    PlumblineError,
    ProofError,
    RuleError,
    StateError,
    say,
)

STATUS: tuple[tuple[type[PlumblineError], int], ...] = (
    (Hidden, 404),
    (AccessError, 403),
    (InputError, 422),
    (RuleError, 409),
    (StateError, 409),
    (ProofError, 409),
    (OutsideError, 503),
)

COUNT_DIGITS = 9
"""No story and no draft of ours has a number with more digits."""


def status_of(error: PlumblineError) -> int:
    """Return the HTTP status an error is shown with."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts. Raises: AccessError when nobody is signed in or the account has no role."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor):
        raise AccessError(say("这一页要登录后才能看"), remedy=say("先登录"))
    return actor


def act_request(posted: QueryDict, act: str, *, form: Mapping[str, object]) -> ActRequest:
    """Return the request of an act from a posted form. Raises: InputError if the hidden inputs were tampered with."""
    text = posted.get("seen") or "0"
    seen = counted(text)
    if seen is None:
        raise _spoiled()
    return ActRequest(act, form, seen=seen, request_id=request_key(posted))


def counted(text: str) -> int | None:
    """Return a number that a page of ours wrote into a hidden input; None for what none of ours has written."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= COUNT_DIGITS else None


def request_key(posted: QueryDict) -> UUID:
    """Return the key of the request of a posted form. Raises: InputError if the hidden input was tampered with."""
    try:
        return UUID(posted.get("request_id", ""))
    except ValueError as err:
        raise _spoiled() from err


def _spoiled() -> InputError:
    return InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制"))


def new_request_id() -> str:
    """Return the key of a request still to be made."""
    return str(new_id())
