"""Django app of the room `errands`."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    name = "plumbline.domain.errands"
    label = "errands"
