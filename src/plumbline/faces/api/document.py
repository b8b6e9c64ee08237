"""The OpenAPI 3.1 document of the API: what each operation needs besides its shapes, and the document made whole.

Written in Chinese like every page, and said in the reader's language: summaries and descriptions are texts of the
catalogue. What the library does not know is added here: scopes, the key of a request, problems, files, webhooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.notices.types import HAPPENINGS
from plumbline.faces.api.problems import MEDIA
from plumbline.faces.kit.templatetags.kit import text_of

Json = dict[str, Any]  # Any: the document is JSON of every kind
SCOPES = "x-scopes"
SECURITY = "Token"
TAGS = {
    "lists": gettext_noop("清单"),
    "instruments": gettext_noop("器具"),
    "procedures": gettext_noop("办事清单和申请"),
    "cases": gettext_noop("业务"),
    "certificates": gettext_noop("证书"),
    "registers": gettext_noop("名册"),
    "imports": gettext_noop("导入文件"),
    "rules": gettext_noop("规程"),
    "figures": gettext_noop("看板的数"),
    "webhooks": gettext_noop("推送"),
    "public": gettext_noop("公开查验和自己的令牌"),
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": gettext_noop("每件事一个新的随机值；重试时用同一个，就只办一次"),
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]+$"},
}


def scoped_to(*scopes: str) -> Json:
    """Return what the document says besides of an operation that reads."""
    return {SCOPES: list(scopes)}


def acts(*scopes: str) -> Json:
    """Return what the document says besides of an operation that does something."""
    return {SCOPES: list(scopes), "parameters": [KEY]}


def hands_out(*scopes: str, media: Iterable[str]) -> Json:
    """Return what the document says besides of an operation that hands out a file."""
    return {SCOPES: list(scopes), "x-media": list(dict.fromkeys(media))}


def finished(document: Json) -> Json:
    """Return the document of the library with what it lacks, in the reader's language."""
    for path in document["paths"].values():
        for operation in path.values():
            _finish(operation)
    document["components"]["securitySchemes"] = {SECURITY: _security()}
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    document["webhooks"] = {kind: _webhook(kind) for kind in HAPPENINGS}
    for shape in document["components"]["schemas"].values():
        shape.pop("description", None)  # the words of our own code; its fields say theirs
    said: Json = _in_words(document)
    return said


def _finish(operation: Json) -> None:
    operation.pop("description", None)  # as above
    scopes = operation.pop(SCOPES, None)
    operation.pop("security", None)
    if scopes is not None:
        operation["security"] = [{SECURITY: [scope]} for scope in scopes] or [{SECURITY: []}]
    media = operation.pop("x-media", None)
    operation["responses"] = {str(status): response for status, response in operation["responses"].items()}
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            response["content"] = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        elif media:
            response["content"] = {each: {"schema": {"type": "string", "format": "binary"}} for each in media}


def _security() -> Json:
    scopes = "\n".join(f"- `{code}` {text_of(scope.title)}" for code, scope in accounts.TOKEN_SCOPES.items())
    return {"type": "http", "scheme": "bearer", "bearerFormat": "plt_…", "description": scopes}


def _webhook(kind: str) -> Json:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    data: Json = {"type": "object"}
    body = {
        "type": "object",
        "required": ["id", "type", "timestamp", "data"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    return {
        "post": {
            "operationId": f"told_{kind.replace('.', '_')}",
            "summary": str(HAPPENINGS[kind]),
            "tags": ["webhooks"],
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"2XX": {"description": "taken"}},
        }
    }


def _in_words(value: Any, key: str = "") -> Any:  # Any: JSON of whichever kind
    if isinstance(value, Mapping):
        return {name: _in_words(each, str(name)) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_words(each) for each in value]
    return gettext(value) if key in {"summary", "description"} and isinstance(value, str) and value else value
