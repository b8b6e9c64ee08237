"""The search field of the frame: a code or number goes straight to its page, anything else to a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.registers import queries as registers
from plumbline.errors import AccessError, InputError
from plumbline.faces.console.shell import may, officer

MOST = 80


@officer
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Go to the instrument, case or certificate a text names; else search cases, or instruments, for it."""
    text = request.GET.get("q", "").strip()[:MOST]
    if not text:
        return redirect("console:work")
    exact = _instrument(text) or _case(text) or _certificate(text)
    if exact:
        return redirect(exact)
    is_case = may(actor, "case.read") and bool(cases.page(cases.Wanted(text=text), size=1).cases)
    line = "console:cases" if is_case else "console:instruments"
    return redirect(f"{reverse(line)}?{urlencode({'q': text})}")


def _instrument(text: str) -> str:
    try:
        found = registers.instrument_by_identity(text)
    except (InputError, AccessError):
        return ""
    return reverse("console:instrument", args=[found.identity])


def _case(text: str) -> str:
    try:
        return reverse("console:case", args=[cases.case_by_number(text).number])
    except AccessError:
        return ""


def _certificate(text: str) -> str:
    try:
        found = certificates.certificate_by_number(text, on=timezone.localdate())
    except AccessError:
        return ""
    return reverse("console:certificate", args=[found.number])
