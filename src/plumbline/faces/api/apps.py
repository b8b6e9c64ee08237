"""Django app of the API: its templates."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "plumbline.faces.api"
    label = "api"
