"""Labels to print: of one instrument, or of all instruments of a case, as PDF or for a label printer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.directory import queries as directory
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import queries
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.errors import InputError, say
from plumbline.evidence.document.label import Label, Sheet, label_png, render_labels
from plumbline.faces.console.instrument_page import lookup_url
from plumbline.faces.console.shell import officer, require_right
from plumbline.faces.kit.downloads import attachment
from plumbline.gateways.label_printer import zpl

KINDS = "a4[.]pdf|pdf|zpl"
"""The ends of an address, as part of its pattern: sheets of A4, one label a page, what a label printer is sent."""


@officer
def instrument_label(request: HttpRequest, actor: Actor, *, identity: str, kind: str) -> HttpResponse:
    """Return the label of one instrument. GET: skip, the places of a sheet that are used already."""
    require_right(actor, "register.read")
    return _printed(request, [queries.instrument_by_identity(identity)], kind=kind, name=identity)


@officer
def case_labels(request: HttpRequest, actor: Actor, *, number: str, kind: str) -> HttpResponse:
    """Return the labels of all instruments of a case, in the order of its jobs. GET: skip."""
    require_right(actor, "case.read")
    jobs = laboratory.jobs_of(cases.case_by_number(number).id)
    found = {each.id: each for each in queries.instruments_by_id([job.instrument_id for job in jobs])}
    listed = [found[job.instrument_id] for job in jobs if job.instrument_id in found]
    return _printed(request, listed, kind=kind, name=number)


def _printed(request: HttpRequest, found: Sequence[InstrumentFacts], *, kind: str, name: str) -> HttpResponse:
    fonts, labels = Path(settings.PLUMBLINE_FONT_DIR), _labels(found)
    if kind == "zpl":
        job = zpl(label_png(each, font_dir=fonts) for each in labels)
        return attachment(job, "application/octet-stream", name=f"{name}.zpl")
    sheet: Sheet = "a4" if kind == "a4.pdf" else "one"
    pdf = render_labels(labels, sheet=sheet, font_dir=fonts, at=timezone.now(), skip=_skip(request))
    return attachment(pdf, "application/pdf", name=f"{name}.label.pdf", is_shown=True)


def _labels(found: Sequence[InstrumentFacts]) -> list[Label]:
    owners = directory.organisations({each.owner_id for each in found})
    return [
        Label(
            each.identity,
            lookup_url(each),
            (each.name_zh, each.model, each.serial, each.place),
            owners[each.owner_id].name_zh,
        )
        for each in found
    ]


def _skip(request: HttpRequest) -> int:
    text = request.GET.get("skip", "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise InputError(say("“{text}”不是位置的个数", text=text[:10]), remedy=say("写 0 到 35"), field="skip")
    return int(text)
