"""An identity provider on loopback: a packaged OpenID provider, guarded so that it holds us to PKCE."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import oidc_provider_mock
from werkzeug.serving import make_server

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class HeldToPkce:
    """Lets a code be exchanged only with the verifier of a challenge that was sent with a question (RFC 7636, 4.6)."""

    def __init__(self, provider: Application) -> None:
        self._provider = provider
        self.challenges: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        if environ["PATH_INFO"] == "/oauth2/authorize" and asked.get("code_challenge_method") == ["S256"]:
            self.challenges |= set(asked["code_challenge"])
        if environ["PATH_INFO"] == "/oauth2/token" and not self._is_held(environ):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        return self._provider(environ, start_response)

    def _is_held(self, environ: WSGIEnvironment) -> bool:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = _Again(body)
        verifier = parse_qs(body.decode()).get("code_verifier", [""])[0]
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return digest in self.challenges


class _Again:
    """A body that has been read, to be read once more."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        size = len(self._left) if size < 0 else size
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def readline(self, size: int = -1) -> bytes:
        """Return what is left: a form has one line."""
        return self.read(size)

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def provider_on_loopback() -> Iterator[str]:
    """Run a provider; gives its issuer. Whoever it is told somebody is, it believes."""
    app: Any = oidc_provider_mock.app()  # a Flask application
    server = make_server("localhost", 0, HeldToPkce(app), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
