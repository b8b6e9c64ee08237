"""Measurement standards of the house, or of the institutions of the area, with the validity of their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.registers import queries
from plumbline.domain.registers.types import StandardFacts
from plumbline.faces.console.reach import houses
from plumbline.faces.console.shell import Phrase, Place, may, officer, page, require_right
from plumbline.faces.console.words import due_words, level_word, standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.shapes import Crumb


@dataclass(frozen=True)
class StandardRow:
    """One measurement standard as it stands today."""

    code: str
    name: str
    level: str
    owner: str
    range: str
    uncertainty: str
    certificate: str
    certified_by: str
    valid_from: date
    valid_to: date
    kind: str
    word: str


@officer
def standards(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the measurement standards with their state, the one that ends first on top."""
    require_right(actor, "register.read")
    today = timezone.localdate()
    rows = sorted(
        (_row(each, body, today=today) for body in houses(actor) for each in queries.standards_of(body.id, on=today)),
        key=lambda row: (row.valid_to, row.code),
    )
    context = {
        "phrases": _answer(rows),
        "rows": rows,
        "has_owners": len({row.owner for row in rows}) > 1,
        "may_edit": may(actor, "standard.edit"),
    }
    return page(request, "standards", context=context, place=Place("standards", [Crumb(_("计量标准"))]))


def _row(found: StandardFacts, body: OrganisationFacts, *, today: date) -> StandardRow:
    kind, word = standard_state(found.valid_from, found.valid_to, today=today)
    return StandardRow(
        code=found.code,
        name=found.name_en if formats.is_english() and found.name_en else found.name_zh,
        level=level_word(found.level),
        owner=formats.either(body.name_zh, body.name_en),
        range=found.range_text,
        uncertainty=found.uncertainty_text,
        certificate=found.certificate_no,
        certified_by=found.certified_by,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        kind=kind,
        word=word,
    )


def _answer(rows: list[StandardRow]) -> list[Phrase]:
    if not rows:
        return [Phrase(_("没有登记计量标准"))]
    over = sum(row.kind == "over" for row in rows)
    due = sum(row.kind == "due" for row in rows)
    count = len(rows)
    phrases = [Phrase(ngettext("{n} 台计量标准", "{n} 台计量标准", count).format(n=count))]
    over_words = ngettext("{n} 台已过期，不能用", "{n} 台已过期，不能用", over).format(n=over)
    phrases += [Phrase(over_words, "bad")] if over else []
    return phrases + ([Phrase(due_words(due), "due")] if due else [])
