"""The transparency log as C2SP tlog-tiles serves it: checkpoint, tiles and entry bundles, straight from the files.

Anyone may read all of it; it holds hashes and names of institutions, no personal data. Source: c2sp.org/tlog-tiles.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from plumbline.domain.ledger import queries as ledger

FOR_EVER = "public, max-age=31536000, immutable"
SECONDS = "public, max-age=2"
PARTIAL = ".p/"


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """Return the newest signed tree head; it is good for seconds."""
    return _file("checkpoint", "text/plain; charset=utf-8", cache=SECONDS)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """Return a tile or entry bundle: a full one never changes, a partial one is dropped when its full one is there."""
    return _file(f"tile/{path}", "application/octet-stream", cache=SECONDS if PARTIAL in path else FOR_EVER)


def _file(relative: str, content_type: str, *, cache: str) -> HttpResponse:
    data = ledger.store().file(relative)
    if data is None:
        return HttpResponse("not found\n", status=404, content_type="text/plain; charset=utf-8")
    response = HttpResponse(data, content_type=content_type)
    response.headers["Cache-Control"] = cache
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
