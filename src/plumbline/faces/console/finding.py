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
from plumbline.domain.rows.listing.paging import first_keys
from plumbline.domain.rows.listing.spec import Condition, Operator, Wanted
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
    everywhere = {"q": text, "phase": cases.ALL}
    if may(actor, "case.read") and _has_case(text, actor):
        return redirect(f"{reverse('console:cases')}?{urlencode(everywhere)}")
    return redirect(f"{reverse('console:instruments')}?{urlencode({'q': text})}")


def _has_case(text: str, actor: Actor) -> bool:
    wanted = Wanted((Condition("phase", Operator.ONE_OF, (cases.ALL,)),), text)
    return bool(first_keys(cases.list_of_cases(), wanted, scope=actor.scope, most=1))


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
