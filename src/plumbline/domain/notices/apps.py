"""Django app of the room `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "plumbline.domain.notices"
    label = "notices"
