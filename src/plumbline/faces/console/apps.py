"""Registers the console with Django, so that its templates and static files are found."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console has no models; it is an app only for its templates and static files."""

    name = "plumbline.faces.console"
    label = "console"
