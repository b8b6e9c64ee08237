"""Django app of the room `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "plumbline.domain.journal"
    label = "journal"
