"""Public registers for everybody, without signing in: which there are, the list of one, the page of an entry.

An entry is read through a function of the database that gives public fields alone; the list of one has no others.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, scoped
from plumbline.errors import Hidden, say
from plumbline.faces.kit import entries as words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.lists import ListFace, view_of
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.portal.frame import frame
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register


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
    """List a public register as its address asks for it: public fields alone."""
    register = _public(register_id)
    cells = words.list_cells(register)
    face = ListFace(
        kept.list_of_published(register.id, timezone.localdate()),
        reverse("public-entries", args=[register.id]),
        "",
        cells=cells,
        needs={key: (key,) for key in cells},
        link=lambda row: reverse("public-entry", args=[register.id, row[kept.NUMBER]]),
        is_work=False,
    )
    with scoped(EVERYTHING):  # a stranger has no scope of their own; the list has public fields of a public register
        found = view_of(face, request.GET, scope=NOTHING)
    context = {
        **frame(request, "public-registers"),
        "crumbs": [Crumb(_("公开名册"), reverse("public-registers")), Crumb(named(register))],
        "about": words.about(register),
        "list": found,
        "none": _("还没有登记条目") if found.is_bare else _("没有符合条件的条目"),
    }
    return render(request, "portal/entries.html", context, status=found.status)


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
