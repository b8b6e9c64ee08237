"""Django app of the room `directory`."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "plumbline.domain.directory"
    label = "directory"
