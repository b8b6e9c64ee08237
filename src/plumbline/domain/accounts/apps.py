"""Django app of the room `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "plumbline.domain.accounts"
    label = "accounts"
