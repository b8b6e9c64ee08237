"""Django app of the room `partners`."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "plumbline.domain.partners"
    label = "partners"
