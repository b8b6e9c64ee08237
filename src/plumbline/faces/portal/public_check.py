"""The public check `/c/<code>`: for a phone, without sign-in, script or cookie; one answer for unknown and forbidden.

The language comes from `?lang=`, else from what the browser asks for. A label's code shows what a label may show; the
code of a document itself also opens its bundle, for whoever holds the document has all that is in it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.scope import EVERYTHING, Scope, scoped
from plumbline.errors import PlumblineError
from plumbline.evidence.document.outcome import PDF
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.downloads import BUNDLE, attachment
from plumbline.faces.kit.outcomes import file_of
from plumbline.faces.portal.allowance import refusal
from plumbline.faces.portal.check_answer import LaterDocument, answer_of, later_document, read_code
from plumbline.faces.portal.check_outcome import outcome_answer

SHORT = "public, max-age=30"
LANGUAGES = {"en": "en", "zh": "zh-hans"}
View = Callable[[HttpRequest, str], HttpResponse]


def in_asked_language(view: View) -> View:
    """Return the view in the language of `?lang=`, without a cookie; its answer may be kept for seconds."""

    def spoken(request: HttpRequest, code: str) -> HttpResponse:
        wanted = LANGUAGES.get(request.GET.get("lang", ""), translation.get_language() or "zh-hans")
        with translation.override(wanted):
            response = view(request, code)
        response.headers["Content-Language"] = wanted
        response.headers.setdefault("Cache-Control", SHORT)
        return response

    return spoken


def counted(view: View) -> View:
    """Return the view for as long as the address that asks has look-ups left."""

    def asked(request: HttpRequest, code: str) -> HttpResponse:
        return refusal(request) or view(request, code)

    return asked


@require_safe
@in_asked_language
@counted
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Show the verdict on a code."""
    wanted = read_code(code)
    found = certificates.check(wanted, on=timezone.localdate())
    if found.verdict == "mismatch":
        return _mismatch(request)
    if found.certificate is None:
        return _outcome(request, wanted)
    if found.certificate.is_load_test:
        return _load_test(request)
    later = _later(found.certificate, wanted)
    context = {**_public(), "answer": answer_of(found, wanted, at=timezone.now(), later=later)}
    return render(request, "portal/check_result.html", context)


@require_safe
@in_asked_language
def not_this_one(request: HttpRequest, code: str) -> HttpResponse:
    """Say what to do when the label and the instrument do not belong together; looks nothing up."""
    return render(request, "portal/check_other.html", {**_public(), "code": read_code(code)})


@require_safe
@in_asked_language
@counted
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Return the bundle of the document whose own code this is; the same page as for an unknown code otherwise."""
    wanted = read_code(code)
    found = certificates.check(wanted, on=timezone.localdate())
    if found.certificate is None:
        return _outcome_file(request, wanted, name=BUNDLE)
    if found.certificate.code != wanted:
        return _unknown(request)
    if found.certificate.is_load_test:
        return _load_test(request)
    try:
        with scoped(Scope(lookup=wanted)):
            data = certificates.bundle(found.certificate.id, on=timezone.localdate())
    except PlumblineError as error:
        return _waits(request, wanted, error=error)
    return attachment(data, "application/json", name=f"{found.certificate.number}.plumbline.json")


@require_safe
@in_asked_language
@counted
def document(request: HttpRequest, code: str) -> HttpResponse:
    """Return the PDF of the outcome document whose code this is."""
    return _outcome_file(request, read_code(code), name=PDF)


def _outcome(request: HttpRequest, code: str) -> HttpResponse:
    """Show the verdict on the code of an outcome document, or say that nothing was found."""
    found = certificates.check_outcome(code, on=timezone.localdate())
    if found.verdict == "mismatch":
        return _mismatch(request)
    if found.document is None:
        return _unknown(request)
    context = {**_public(), "answer": outcome_answer(found, found.document, at=timezone.now())}
    return render(request, "portal/check_outcome.html", context)


def _outcome_file(request: HttpRequest, code: str, *, name: str) -> HttpResponse:
    found = certificates.check_outcome(code, on=timezone.localdate())
    if found.verdict == "mismatch":
        return _mismatch(request)
    if found.document is None:
        return _unknown(request)
    try:
        with scoped(Scope(lookup=code)):
            return file_of(found.document, name)
    except PlumblineError as error:
        return _waits(request, code, error=error)


def _later(document: CertificateFacts, code: str) -> LaterDocument | None:
    """Return what was found later on the same instrument, for whoever asks about an older document.

    A label's code answers with the newest document already. The later one is shown by the label, not by its own code.
    """
    if code != document.code:
        return None
    with scoped(EVERYTHING):
        if not certificates.is_verified_since(document):
            return None
        newest = certificates.current_of([document.instrument_id], on=timezone.localdate()).get(document.instrument_id)
        if newest is None or newest.is_load_test or newest.performed_on <= document.performed_on:
            return None
        return later_document(newest, registers.instrument(document.instrument_id).lookup_code)


def _waits(request: HttpRequest, code: str, *, error: PlumblineError) -> HttpResponse:
    context = {**_public(), "error": error, "code": code}
    return render(request, "portal/check_waits.html", context, status=status_of(error))


def _mismatch(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/check_mismatch.html", _public(), status=409)


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/check_unknown.html", _public(), status=404)


def _load_test(request: HttpRequest) -> HttpResponse:
    """Say that the code is of a row that was never issued: found as little as an unknown one."""
    return render(request, "portal/check_load_test.html", _public(), status=404)


def _public() -> dict[str, object]:
    other = "zh" if (translation.get_language() or "").startswith("en") else "en"
    return {"is_demo": settings.PLUMBLINE_DEMO, "other_language": other}
