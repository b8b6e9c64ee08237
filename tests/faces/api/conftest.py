"""Fixtures of the API's tests."""

from tests.faces.api.asking import ask

__all__ = ["ask"]
