"""The address of the kit's own page."""

from __future__ import annotations

from django.urls import URLPattern, path

from plumbline.faces.kit import views

app_name = "kit"
urlpatterns: list[URLPattern] = [
    path("", views.kit, name="kit"),
    path("shells/<str:name>", views.shell, name="shell"),
]
