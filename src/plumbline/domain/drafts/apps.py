"""Django app of the room `drafts`."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "plumbline.domain.drafts"
    label = "drafts"
