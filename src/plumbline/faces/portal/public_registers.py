"""Public registers for everybody, without signing in: which there are, the list of one, the page of an entry.

Only public fields are read: the database gives no others (`registers_published`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.queries import entries as kept
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.kit import entries as words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Chip, Crumb
from plumbline.faces.portal.frame import frame
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register

DIVIDER = "\x1f"


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Show the registers everybody may read."""
    found = [each for each in rulebook.all_registers().values() if each.is_public]
    context = {
        **frame(request, "public-registers"),
        "lines": [(named(each), words.about(each), reverse("public-entries", args=[each.id])) for each in found],
    }
    return render(request, "portal/registers.html", context)


@require_safe
def entries(request: HttpRequest, *, register_id: str) -> HttpResponse:
    """List a public register by name. GET: q (part of a name), region (a tree), after."""
    register = _public(register_id)
    text, region = request.GET.get("q", "").strip()[:80].replace("\0", ""), request.GET.get("region", "").strip()[:6]
    codes = directory.codes_under(directory.region(region).code) if region else None
    found, following = kept.published(
        register.id, on=timezone.localdate(), text=text, region_codes=codes, after=_after(request.GET.get("after", ""))
    )
    rest = {name: value for name, value in (("q", text), ("region", region)) if value}
    address = reverse("public-entries", args=[register.id])
    fields = [field for field in register.listed_fields if field.is_public]
    token = DIVIDER.join((following[0], str(following[1]))) if following else ""
    context = {
        **frame(request, "public-registers"),
        "crumbs": [Crumb(_("公开名册"), reverse("public-registers")), Crumb(named(register))],
        "register": register,
        "about": words.about(register),
        "heads": [named(field) for field in fields],
        "rows": [
            (
                row.title,
                reverse("public-entry", args=[register.id, row.number]),
                words.cells(fields[1:], row.values),
                words.state_words(register, row.state),
            )
            for row in found
        ],
        "query": text,
        "chips": [Chip(_("搜索"), text, address)] if text else [],
        "next_url": f"?{urlencode({**rest, 'after': token})}" if token else "",
        "first_url": f"{address}?{urlencode(rest)}" if request.GET.get("after") else "",
    }
    return render(request, "portal/entries.html", context)


@require_safe
def entry(request: HttpRequest, *, register_id: str, number: int) -> HttpResponse:
    """Show what everybody may read of an entry."""
    register = _public(register_id)
    found = kept.published_entry(register.id, number, on=timezone.localdate())
    context = {
        **frame(request, "public-registers"),
        "crumbs": [
            Crumb(_("公开名册"), reverse("public-registers")),
            Crumb(named(register), reverse("public-entries", args=[register.id])),
            Crumb(found.title),
        ],
        "register": register,
        "title": found.title,
        "cells": words.cells(register.public_fields, found.values),
        "state": words.state_words(register, found.state),
        "span": words.span_words(found.valid_from, found.valid_to),
        "basis": words.basis_words(register),
    }
    return render(request, "portal/entry.html", context)


def _public(register_id: str) -> Register:
    register = rulebook.by_id(register_id)
    if not register.is_public:
        raise Hidden(say("没有这个名册"), remedy=say("从名册总表里选"))
    return register


def _after(text: str) -> tuple[str, int]:
    if not text:
        return "", 0
    title, divider, number = text.rpartition(DIVIDER)
    if not divider or not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise InputError(say("翻页的位置看不懂"), remedy=say("从第一页重新翻"))
    return title, int(number)
