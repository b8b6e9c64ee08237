"""A small real server on loopback that takes webhooks, or does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """What came in, and the status it answers with."""

    url: str = ""
    status: int = 204
    took: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(status: int = 204, *, location: str = "") -> Iterator[Receiver]:
    """Run a server for the time of a block."""
    found = Receiver(status=status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.took.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/told?x=1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
