"""Files handed out: the documents of a certificate to those who may see it, and how any file is named and typed."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Subject
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import never_issued
from plumbline.domain.files import queries as files
from plumbline.faces.kit.acting import actor_of

BUNDLE = "bundle.json"
KINDS = {
    "certificate.pdf": ("application/pdf", "{number}.pdf"),
    "dcc.xml": ("application/xml", "{number}.dcc.xml"),
    "record.json": ("application/json", "{number}.record.json"),
    BUNDLE: ("application/json", "{number}.plumbline.json"),
}
NAMES = "|".join(re.escape(name) for name in KINDS)
"""The names as part of an address's pattern."""
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@require_safe
def certificate_file(request: HttpRequest, number: str, *, name: str) -> HttpResponse:
    """Return one file of a certificate; the PDF is shown, the others are saved.

    Raises: AccessError for a stranger or a role without the right; Hidden when it is not theirs to see; StateError for
    a load-test row, and for a bundle before its certificate is in the log; ProofError when the bytes were changed.
    """
    actor = actor_of(request)
    today = timezone.localdate()
    found = certificates.certificate_by_number(number, on=today)
    accounts.require(actor, "register.read", subject=Subject(found.owner_id, found.body_id, found.region_code))
    hashes = {
        "certificate.pdf": found.pdf_sha256, "dcc.xml": found.dcc_sha256, "record.json": found.record_sha256,
    }  # fmt: skip
    if found.is_load_test:
        raise never_issued(found.number)
    data = certificates.bundle(found.id, on=today) if name == BUNDLE else files.content_of(hashes[name])
    media, pattern = KINDS[name]
    return attachment(data, media, name=pattern.format(number=found.number), is_shown=name == "certificate.pdf")


def attachment(data: bytes, media: str, *, name: str, is_shown: bool = False) -> HttpResponse:
    """Return bytes to be saved under a name, or shown where the browser can; never kept by anyone in between."""
    response = HttpResponse(data, content_type=media)
    kind, plain = "inline" if is_shown else "attachment", UNSAFE.sub("_", name)
    response.headers["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
