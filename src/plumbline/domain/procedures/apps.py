"""Django app of the room `procedures`."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "plumbline.domain.procedures"
    label = "procedures"
