"""Addresses of the log's files, below /log/."""

from __future__ import annotations

from django.urls import URLPattern, path

from plumbline.faces.api import log

urlpatterns: list[URLPattern] = [
    path("checkpoint", log.checkpoint, name="log-checkpoint"),
    path("tile/<path:path>", log.tile, name="log-tile"),
]
