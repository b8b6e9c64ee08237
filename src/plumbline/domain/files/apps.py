"""Django app of the room `files`."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "plumbline.domain.files"
    label = "files"
