"""What the tests of the kit share: components rendered alone, its pages without a database, and a small server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler
from lxml import html
from pytest_django import Settings

Element = Any  # the stubs of lxml do not know what an HTML element can do
Render = Callable[..., Element]


@pytest.fixture
def render() -> Render:
    """Return a function that renders a piece of template and parses it, wrapped in one element."""

    def rendered(source: str, **values: object) -> Element:
        template = engines["django"].from_string(CottonCompiler().process(source))
        return html.fragment_fromstring(template.render(values), create_parent="div")

    return rendered


@pytest.fixture
def kit_settings(settings: Settings) -> Settings:
    """Serve the kit alone: no session, no account, no database."""
    settings.ROOT_URLCONF = "tests.faces.kit.kit_urls"
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
    return settings


@pytest.fixture
def kit_client(kit_settings: Settings) -> Client:
    """Return a client that reads Chinese."""
    return Client(headers={"accept-language": "zh-hans"})


def parsed(page: str | bytes) -> Element:
    """Return a page as a tree."""
    return html.fromstring(page)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name of the overridden method
        """Say nothing: the test says what went wrong."""


@pytest.fixture
def kit_server(kit_settings: Settings) -> Iterator[str]:
    """Serve the kit and its static files on loopback; return the address."""
    kit_settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    kit_settings.ALLOWED_HOSTS = ["127.0.0.1"]
    application = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
