"""Django app of the room `rows`."""

from django.apps import AppConfig


class RowsConfig(AppConfig):
    name = "plumbline.domain.rows"
    label = "rows"
