"""Django app of the room `certificates`."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "plumbline.domain.certificates"
    label = "certificates"
