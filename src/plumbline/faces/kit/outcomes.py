"""Outcome documents as pages show them: their names, their status in words, and where their files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import OutcomeFacts
from plumbline.evidence.document.outcome import PDF, RECORD
from plumbline.faces.kit import formats
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.downloads import BUNDLE, attachment

FILES = {
    PDF: ("application/pdf", "{number}.pdf"),
    RECORD: ("application/json", "{number}.document.json"),
    BUNDLE: ("application/json", "{number}.plumbline.json"),
}


@dataclass(frozen=True)
class OutcomeLine:
    """A document of a case: its name and number, how it stands, and the addresses of its files."""

    title: str
    number: str
    kind: str
    word: str
    valid_until: str
    pdf_url: str
    bundle_url: str
    code: str


def outcomes_of(case_id: UUID) -> list[OutcomeLine]:
    """Return the documents of a case in the order of their issue."""
    return [_line(each) for each in certificates.outcomes_of_case(case_id, on=timezone.localdate())]


def _line(document: OutcomeFacts) -> OutcomeLine:
    kind, word = status_words(document.status)
    return OutcomeLine(
        title=in_language(document.facts.get("title")),
        number=document.number,
        kind=kind,
        word=word,
        valid_until=formats.day(document.valid_until) if document.valid_until else "",
        pdf_url=reverse("outcome-file", args=[document.number, PDF]),
        bundle_url=reverse("outcome-file", args=[document.number, BUNDLE]),
        code=document.code,
    )


def status_words(status: str) -> tuple[str, str]:
    """Return the kind of a state and its word."""
    return {
        "valid": ("ok", _("有效")),
        "due": ("due", _("已到期")),
        "suspended": ("due", _("已暂停")),
        "revoked": ("rev", _("已撤销")),
        "superseded": ("rev", _("已更换")),
        "pending": ("due", _("等待入册")),
    }[status]


def in_language(text: object) -> str:
    """Return a text of a record in the reader's language, the Chinese one where there is no English."""
    if not isinstance(text, Mapping):
        return ""
    return str((text.get("en") if formats.is_english() else "") or text.get("zh", ""))


def texts_in_language(texts: object) -> Sequence[str]:
    """Return several texts of a record in the reader's language."""
    return [in_language(each) for each in texts] if isinstance(texts, list) else []


@require_safe
def outcome_file(request: HttpRequest, number: str, *, name: str) -> HttpResponse:
    """Return one file of an outcome document to whoever sees its case; the PDF is shown, the others are saved.

    Raises: AccessError for a stranger; Hidden when it is not theirs to see; StateError for a bundle before its document
    is in the log; ProofError when the bytes were changed.
    """
    actor_of(request)
    return file_of(certificates.outcome_by_number(number, on=timezone.localdate()), name)


def file_of(found: OutcomeFacts, name: str) -> HttpResponse:
    """Return a file of a document that was found."""
    if name not in FILES:
        raise certificates.no_such_outcome()
    media, pattern = FILES[name]
    if name == BUNDLE:
        data = certificates.outcome_bundle(found.id, on=timezone.localdate())
    else:
        data = certificates.outcome_content(found, name)
    return attachment(data, media, name=pattern.format(number=found.number), is_shown=name == PDF)
