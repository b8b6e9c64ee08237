"""The portal as a Django app: templates and one small script; no models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal."""

    name = "plumbline.faces.portal"
    label = "portal"
