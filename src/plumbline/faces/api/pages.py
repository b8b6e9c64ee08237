"""The document of the API, for programs as JSON, for people as a page: drawn here, nothing fetched from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.faces.api import document, problems
from plumbline.faces.api.service import openapi

Json = Mapping[str, Any]  # Any: the document is JSON of every kind


@dataclass(frozen=True)
class Line:
    """One parameter, field or answer."""

    name: str
    kind: str
    about: str
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    scopes: str
    parameters: list[Line]
    body: list[Line]
    answer: list[Line]
    curl: str


@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """Hand out the OpenAPI 3.1 document in the reader's language; anyone may read it."""
    text = json.dumps(openapi(), ensure_ascii=False, indent=1)
    return HttpResponse(
        text, content_type="application/json; charset=utf-8", headers={"Cache-Control": "public, max-age=60"}
    )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the API: how to ask, every operation with its inputs and answers, scopes, problems, messages."""
    said = openapi()
    groups: dict[str, list[Operation]] = {name: [] for name in document.TAGS}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_operation(said, f"{method.upper()} {path}", operation=operation))
    context = {
        "groups": [(_(document.TAGS[name]), found) for name, found in groups.items() if found],
        "scopes": [(code, each.title, each.is_personal) for code, each in accounts.TOKEN_SCOPES.items()],
        "problems": problems.titles(),
        "kinds": [(kind, hook["post"]["summary"]) for kind, hook in said["webhooks"].items()],
        "base": settings.PLUMBLINE_BASE_URL + problems.PREFIX,
        "a_minute": settings.PLUMBLINE_API_PER_MINUTE,
    }
    return render(request, "api/docs.html", context)


def _operation(said: Json, name: str, *, operation: Json) -> Operation:
    method, path = name.split(" ")
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = _fields(said, content.get("schema", {}))
    answers: Json = next((each for status, each in operation["responses"].items() if int(status) < 300), {})
    media = answers.get("content", {})
    shape = media.get("application/json", {}).get("schema", {})
    wanted = {scope for each in operation.get("security", []) for scopes in each.values() for scope in scopes}
    return Operation(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        scopes=" / ".join(sorted(wanted)) or (_("任何令牌") if operation.get("security") else _("不用令牌")),
        parameters=[_parameter(said, each) for each in operation.get("parameters", [])],
        body=body,
        answer=_fields(said, shape) or [Line(kind, "binary", "") for kind in media],
        curl=_curl(operation, method, path=path, has_body=bool(body)),
    )


def _parameter(said: Json, each: Json) -> Line:
    return Line(each["name"], _kind(said, each["schema"]), each.get("description", ""), bool(each.get("required")))


def _fields(said: Json, schema: Json) -> list[Line]:
    shape = _resolved(said, schema)
    required = shape.get("required", [])
    return [
        Line(name, _kind(said, each), each.get("description", ""), name in required)
        for name, each in shape.get("properties", {}).items()
    ]


def _resolved(said: Json, schema: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Json = said["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(said: Json, schema: Json) -> str:
    """Return the kind of a value in a word or two, names of shapes and choices included."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(_kind(said, each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_kind(said, schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("const") or schema.get("type", "any"))


def _curl(operation: Json, method: str, *, path: str, has_body: bool) -> str:
    parts = ["curl" if method == "GET" else f"curl -X {method}"]
    parts += ['-H "Authorization: Bearer $TOKEN"'] if operation.get("security") else []
    if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", [])):
        parts.append('-H "Idempotency-Key: $(uuidgen)"')
    parts += ['-H "Content-Type: application/json" -d @body.json'] if has_body else []
    return " ".join([*parts, f'"{settings.PLUMBLINE_BASE_URL}{path}"'])
