"""The API put together: its operations, how a body is read and an answer written, how each refusal is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from plumbline.errors import InputError, InputErrors, PlumblineError, say
from plumbline.faces.api import (
    bearing,
    cases,
    certificates,
    changes,
    document,
    entries,
    entry_acts,
    figures,
    imports,
    instruments,
    lists,
    own,
    problems,
    procedures,
    regulations,
    webhooks,
)
from plumbline.faces.api.misshapen import fault
from plumbline.faces.api.routes import router
from plumbline.faces.kit.importing import require_whole

VERSION = "1"
_UNREADABLE = {0, *range(0xD800, 0xE000)}
"""NUL, which the database cannot hold, and halves of pairs, which are no characters."""


class StrictParser(Parser):
    """Reads a body as JSON: each name once, no NaN, no characters that cannot be kept."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return what was sent. Raises: InputError for what is no JSON of ours."""
        try:
            text = request.body.decode("utf-8")
            found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as err:
            raise InputError(
                say("正文不是 JSON"), remedy=say("用 UTF-8 编码的 JSON，每个名称只写一次"), field="body"
            ) from err
        if any(ord(character) in _UNREADABLE for character in "".join(_texts(found))):
            raise InputError(say("正文里有不能保存的字符"), remedy=say("去掉 NUL 和不成对的代理字符"), field="body")
        return cast("dict[str, Any]", found)  # Any: JSON of whichever kind, typed by the shapes


class PlainJson(JSONRenderer):
    """Writes an answer as JSON with its characters as they are."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}  # Any: as json takes them


class Api(NinjaAPI):
    """The API whose document says more than the library knows."""

    def get_openapi_schema(self, **given: Any) -> Any:  # Any: as the library has them
        """Return the document in the reader's language."""
        return document.finished(super().get_openapi_schema(**given))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(text: str) -> object:
    raise ValueError(text)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for name, each in value.items() for text in (str(name), *_texts(each))]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []


api = Api(
    title="准绳 Plumbline",
    version=VERSION,
    description="",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=PlainJson(),
)
PARTS = (
    lists, instruments, procedures, cases, changes, certificates, entries, entry_acts, imports, regulations, figures,
    webhooks, own,
)  # fmt: skip
"""Each adds its operations to the one table as it is loaded."""
api.add_router("", router)


@api.exception_handler(PlumblineError)
def refused(_request: HttpRequest, error: PlumblineError) -> HttpResponse:
    """Answer an error of the family."""
    return problems.answer(error)


@api.exception_handler(AuthenticationError)
def not_known(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Answer a request without a token."""
    return problems.answer(bearing.nobody())


@api.exception_handler(HttpError)
def refused_by_library(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the library refuses: a body it cannot read, mostly because of what our parser says of it."""
    cause = error.__cause__ or error.__context__
    return problems.answer(cause) if isinstance(cause, PlumblineError) else problems.plain(error.status_code)


@api.exception_handler(ValidationError)
def misshaped(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer input that is not of the shape asked: each fault beside its field. A file cut off is no file missing."""
    try:
        require_whole(request)
    except InputError as cut_off:
        return problems.answer(cut_off)
    return problems.answer(InputErrors([fault(each) for each in error.errors]))


def openapi() -> dict[str, Any]:  # Any: JSON
    """Return the document of the API in the reader's language."""
    found: dict[str, Any] = api.get_openapi_schema(path_prefix=problems.PREFIX.strip("/") + "/")  # Any: as above
    found["info"]["description"] = _("器具、业务、证书和名册的接口。用法在 docs/how-to/use-the-api.md。")
    found["info"]["x-language"] = translation.get_language()
    return found
