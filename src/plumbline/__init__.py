"""Plumbline (准绳): an open platform for quality infrastructure."""

__version__ = "0.1.0"
