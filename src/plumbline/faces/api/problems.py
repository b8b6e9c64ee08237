"""Errors as programs read them: problem details (RFC 9457), in the language of Accept-Language.

Each says what is wrong, where, what to do, and which input it belongs to. Whatever else refuses a request of the API,
Django itself included, is answered in the same form.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import Field

from plumbline.domain.accounts.errors import NotKnownError
from plumbline.errors import AccessError, Hidden, InputError, OutsideError, PlumblineError, ProofError, RuleError, say
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.templatetags.kit import text_of

MEDIA = "application/problem+json"
PREFIX = "/api/v1"
KINDS: tuple[tuple[type[PlumblineError], str], ...] = (
    (NotKnownError, "not-known"),
    (Hidden, "not-found"),
    (AccessError, "no-right"),
    (InputError, "input"),
    (RuleError, "rule"),
    (ProofError, "proof"),
    (OutsideError, "outside"),
    (PlumblineError, "state"),
)


class Fault(Schema):
    """One fault of the input."""

    field: str = Field(description=gettext_noop("哪一项：网址里的名称、请求头，或正文里的路径"))
    detail: str = Field(description=gettext_noop("哪里不对"))
    remedy: str = Field(description=gettext_noop("怎么办"))


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description=gettext_noop("问题的种类，是一个说明它的网址"))
    title: str = Field(description=gettext_noop("问题的种类"))
    status: int
    detail: str = Field(description=gettext_noop("哪里不对，一句话"))
    where: str = Field(default="", description=gettext_noop("在哪里"))
    remedy: str = Field(default="", description=gettext_noop("怎么办"))
    clause: str = Field(default="", description=gettext_noop("不允许的条款，已知时才有"))
    errors: list[Fault] = Field(default_factory=list, description=gettext_noop("填写的毛病，逐条"))


class ScopeError(AccessError):
    """The token was not given the scope that this asks for. `scopes`: any of these would do."""

    scopes: tuple[str, ...] = ()


class TooManyError(PlumblineError):
    """The token has asked too often. `wait_s`: after how many seconds it may ask again."""

    wait_s = 1


def too_many(wait_s: int) -> TooManyError:
    """Return the refusal of whoever asks too often."""
    error = TooManyError(say("问得太频繁"), remedy=say("过 {seconds} 秒再问；一次多取一些行，少问几次", seconds=wait_s))
    error.wait_s = wait_s
    return error


def answer(error: PlumblineError) -> HttpResponse:
    """Return the answer to a request that was refused."""
    if isinstance(error, TooManyError):
        return _response(_problem("too-many", 429, detail=text_of(error.what), remedy=_words(error.remedy)),
                         {"Retry-After": str(error.wait_s)})  # fmt: skip
    status = 401 if isinstance(error, NotKnownError) else status_of(error)
    kind = next(name for family, name in KINDS if isinstance(error, family))
    faults = [
        {"field": each.field, "detail": text_of(each.what), "remedy": _words(each.remedy)}
        for each in error.faults
        if each.field
    ]
    found = _problem(
        kind, status, detail=text_of(error.what), remedy=_words(error.remedy), where=_words(error.where),
        clause=str(error.clause) if error.clause else "", errors=faults,
    )  # fmt: skip
    return _response(found, _challenge(error))


def plain(status: int) -> HttpResponse:
    """Return the answer to a request that something before the API refused, by its status alone."""
    details = {
        400: _("这个请求看不懂"),
        403: _("这个请求不许办"),
        404: _("没有这个地址"),
        405: _("这个地址不能这样请求"),
        413: _("请求太大"),
    }
    remedies = {
        400: _("核对地址、请求头和正文，正文用 UTF-8 的 JSON"),
        404: _("地址都在 /api/docs/"),
        405: _("每个地址能用的方法在 /api/docs/"),
    }
    kinds = {400: "unreadable", 403: "no-right", 404: "not-found", 405: "method", 413: "unreadable"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        detail = _("数据库暂时没有应答，不知道这一步办成没有")
        found = _problem("failed", status, detail=detail, remedy=_("过几秒用同一个 Idempotency-Key 再问一次"))
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = _("系统出错了，这一步没有办成，也没有办一半")
        found = _problem("failed", status, detail=detail, remedy=_("过一会儿再试"))
    else:
        detail = details.get(status, _("这个请求看不懂"))
        found = _problem(kinds.get(status, "unreadable"), status, detail=detail, remedy=remedies.get(status, ""))
    return _response(found, {})


def titles() -> dict[str, str]:
    """Return every kind of problem with its name."""
    return {
        "input": _("填写有误"),
        "not-known": _("不知道是谁在问"),
        "no-right": _("无权办理"),
        "not-found": _("没有，或者无权查看"),
        "rule": _("法规或方法不允许"),
        "state": _("现在的状态不能办"),
        "proof": _("证据不符，不要依据它"),
        "outside": _("别的系统没有应答"),
        "too-many": _("问得太频繁"),
        "unreadable": _("请求看不懂"),
        "method": _("方法不对"),
        "failed": _("系统出错"),
    }


def _problem(kind: str, status: int, *, detail: str, remedy: str = "", **more: object) -> dict[str, object]:
    about = f"{settings.PLUMBLINE_BASE_URL}/api/docs/#problem-{kind}"
    found = {"type": about, "title": titles()[kind], "status": status, "detail": detail, "remedy": remedy, **more}
    return {name: value for name, value in found.items() if value not in ("", [])}


def _challenge(error: PlumblineError) -> dict[str, str]:
    """Return the header by which a program learns what its token lacks (RFC 6750, 3)."""
    if isinstance(error, ScopeError):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{" ".join(error.scopes)}"'}
    return {"WWW-Authenticate": 'Bearer realm="plumbline"'} if isinstance(error, NotKnownError) else {}


def _response(found: Mapping[str, object], headers: Mapping[str, str]) -> HttpResponse:
    response = HttpResponse(json.dumps(found, ensure_ascii=False), status=int(str(found["status"])), content_type=MEDIA)
    response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _words(text: object) -> str:
    return "" if text is None else text_of(text)


class Problems:
    """Middleware above all that may refuse: what refuses a request of the API in another form is said in this one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_ours = response.headers.get("Content-Type", "").startswith(MEDIA)
        if response.status_code < 400 or is_ours or not request.path.startswith(PREFIX):
            return response
        with translation.override(translation.get_language_from_request(request)):
            said = plain(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                said.headers[name] = response.headers[name]
        return said
