"""Django app of the room `laboratory`."""

from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "plumbline.domain.laboratory"
    label = "laboratory"
