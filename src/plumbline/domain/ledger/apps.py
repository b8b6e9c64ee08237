"""Django app of the room `ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "plumbline.domain.ledger"
    label = "ledger"
