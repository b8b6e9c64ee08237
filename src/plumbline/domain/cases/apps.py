"""Django app of the room `cases`."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "plumbline.domain.cases"
    label = "cases"
