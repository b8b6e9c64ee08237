"""Files handed out: the documents of a certificate to those who may see it, and how any file is named and typed."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.files import queries as files
from plumbline.faces.kit.acting import actor_of

KINDS = {
    "certificate.pdf": ("application/pdf", "{number}.pdf"),
    "dcc.xml": ("application/xml", "{number}.dcc.xml"),
    "record.json": ("application/json", "{number}.record.json"),
    "bundle.json": ("application/json", "{number}.plumbline.json"),
}
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@require_safe
def certificate_file(request: HttpRequest, number: str, *, name: str) -> HttpResponse:
    """Return one file of a certificate. Raises: AccessError for a stranger; Hidden when it is not theirs to see;
    StateError for a bundle before its certificate is in the log; ProofError when the stored bytes were changed."""
    actor_of(request)
    found = certificates.certificate_by_number(number, on=timezone.localdate())
    media, pattern = KINDS[name]
    return attachment(_content(found, name), media, name=pattern.format(number=found.number))


def _content(found: CertificateFacts, name: str) -> bytes:
    if name == "bundle.json":
        return certificates.bundle(found.id, on=timezone.localdate())
    hashes = {
        "certificate.pdf": found.pdf_sha256, "dcc.xml": found.dcc_sha256, "record.json": found.record_sha256,
    }  # fmt: skip
    return files.content_of(hashes[name])


def attachment(data: bytes, media: str, *, name: str) -> HttpResponse:
    """Return bytes to be saved under a name; never shown as a page, never kept by anyone in between."""
    response = HttpResponse(data, content_type=media)
    plain = UNSAFE.sub("_", name)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
