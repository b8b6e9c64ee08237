"""Registers the kit with Django, so that its templates, tags and static files are found."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The kit has no models; it is an app only for its templates, tags and static files."""

    name = "plumbline.faces.kit"
    label = "kit"
