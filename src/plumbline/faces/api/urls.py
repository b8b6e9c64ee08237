"""Addresses for programs: the API below /api/v1/, its document, and the files of the log below /log/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from plumbline.faces.api import log, pages
from plumbline.faces.api.problems import PREFIX
from plumbline.faces.api.service import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("log/checkpoint", log.checkpoint, name="log-checkpoint"),
    path("log/tile/<path:path>", log.tile, name="log-tile"),
    path("api/openapi.json", pages.openapi_json, name="api-openapi"),
    path("api/docs/", pages.docs, name="api-docs"),
    path(PREFIX.strip("/") + "/", api.urls),
]
