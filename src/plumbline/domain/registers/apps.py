"""Django app of the room `registers`."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "plumbline.domain.registers"
    label = "registers"
