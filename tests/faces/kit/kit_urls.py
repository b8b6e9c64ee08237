"""Addresses for rendering the kit alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("kit/", include("plumbline.faces.kit.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
