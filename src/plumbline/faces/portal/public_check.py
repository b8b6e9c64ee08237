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
from plumbline.domain.certificates.types import CheckFacts
from plumbline.domain.rows.scope import EVERYTHING, Scope, scoped
from plumbline.errors import PlumblineError
from plumbline.faces.kit.acting import status_of
from plumbline.faces.portal.check_answer import answer_of, read_code
from plumbline.faces.portal.downloads import attachment

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


@require_safe
@in_asked_language
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Show the verdict on a code."""
    wanted = read_code(code)
    found = _looked_up(wanted)
    if found.certificate is None:
        return _unknown(request)
    context = {**_public(request), "answer": answer_of(found, wanted, at=timezone.now())}
    return render(request, "portal/check_result.html", context)


@require_safe
@in_asked_language
def not_this_one(request: HttpRequest, code: str) -> HttpResponse:
    """Say what to do when the label and the instrument do not belong together; looks nothing up."""
    return render(request, "portal/check_other.html", {**_public(request), "code": read_code(code)})


@require_safe
@in_asked_language
def bundle(request: HttpRequest, code: str) -> HttpResponse:
    """Return the bundle of the document whose own code this is; the same page as for an unknown code otherwise."""
    wanted = read_code(code)
    found = certificates.check(wanted, on=timezone.localdate())
    if found.certificate is None or found.certificate.code != wanted:
        return _unknown(request)
    try:
        with scoped(Scope(lookup=wanted)):
            data = certificates.bundle(found.certificate.id, on=timezone.localdate())
    except PlumblineError as error:
        context = {**_public(request), "error": error, "code": wanted}
        return render(request, "portal/check_waits.html", context, status=status_of(error))
    return attachment(data, "application/json", name=f"{found.certificate.number}.plumbline.json")


def _looked_up(code: str) -> CheckFacts:
    """Return the answer; of a replaced document also which one took its place, which its own code does not open."""
    day = timezone.localdate()
    found = certificates.check(code, on=day)
    if found.certificate is None or found.verdict != "superseded":
        return found
    with scoped(EVERYTHING):
        return CheckFacts(
            found.verdict, certificates.certificate(found.certificate.id, on=day), logged_index=found.logged_index
        )


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/check_unknown.html", _public(request), status=404)


def _public(request: HttpRequest) -> dict[str, object]:
    other = "zh" if (translation.get_language() or "").startswith("en") else "en"
    return {"is_demo": settings.PLUMBLINE_DEMO, "other_language": other, "here": request.path}
