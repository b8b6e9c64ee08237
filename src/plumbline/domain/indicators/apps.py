"""Django app of the room `indicators`."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "plumbline.domain.indicators"
    label = "indicators"
