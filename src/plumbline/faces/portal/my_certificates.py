"""One of my certificates with its facts, its files and what happened to it since."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.ledger import queries as ledger
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation_view import issued_points, rule_line
from plumbline.faces.kit.shapes import Crumb, DocumentLine
from plumbline.faces.portal.check_answer import certificate_kind
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.faces.portal.my_instruments import check_url


def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show one document. Raises: Hidden when it is not visible to the reader's organisation."""
    owner_of(request)
    found = certificates.certificate_by_number(number, on=timezone.localdate())
    index = None if found.is_load_test else ledger.index_of(found.statement_id)
    context = {
        **frame(request, "my-certificates"),
        "crumbs": [Crumb(_("我的证书"), "../"), Crumb(found.number)],
        "document": found,
        "kind": certificate_kind(found),
        "facts": _facts(found),
        "points": issued_points(found.facts),
        "rule": rule_line(found),
        "files": _files(found, is_logged=index is not None and index < ledger.published_size()),
        "index": index,
        "check_url": check_url(found.code),
    }
    return render(request, "portal/my_certificate.html", context)


def _facts(found: CertificateFacts) -> list[tuple[str, str]]:
    instrument, body = found.facts.get("instrument", {}), found.facts.get("body", {})
    held = instrument if isinstance(instrument, dict) else {}
    issuer = body if isinstance(body, dict) else {}
    lines = [
        (_("器具"), f"{_named(held)} {held.get('model', '')} {held.get('serial', '')}"),
        (_("器具码"), str(held.get("identity", ""))),
        (_("地点和位置"), f"{held.get('place', '')} {held.get('position', '')}".strip()),
        (_("检定机构"), _named(issuer)),
        (_("检定日期"), formats.day(found.performed_on)),
        (_("有效期至"), formats.day(found.valid_until) if found.valid_until else ""),
        (_("签发时间"), formats.moment(found.issued_at)),
    ]
    return [(name, value) for name, value in lines if value]


def _named(thing: dict[str, object]) -> str:
    return formats.either(str(thing.get("zh", "")), str(thing.get("en", "")))


def _files(found: CertificateFacts, *, is_logged: bool) -> list[DocumentLine]:
    if found.is_load_test:
        return []

    def url(name: str) -> str:
        return reverse("certificate-file", args=[found.number, name])

    bundle = (
        DocumentLine(_("凭证包（断网可验）"), url("bundle.json"), icon="lock")
        if is_logged
        else DocumentLine(_("凭证包"), icon="lock", note=_("写进公开日志以后才有，通常几秒"))
    )
    return [
        DocumentLine(_("证书 PDF"), url("certificate.pdf"), icon="cert"),
        DocumentLine(_("数字证书 DCC（XML）"), url("dcc.xml")),
        DocumentLine(_("原始记录（JSON）"), url("record.json")),
        bundle,
    ]
