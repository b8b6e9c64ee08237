"""Django app of the room `credentials`."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "plumbline.domain.credentials"
    label = "credentials"
