"""The outcome document of a procedure: a record a program can read, and the same as PDF/A-3b with the record attached.

What it says is put together by the procedures; here it gets its bytes and its look.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from plumbline.errors import InputError, say
from plumbline.evidence.canonical import Json, jcs
from plumbline.evidence.document.content import Bilingual
from plumbline.evidence.document.ornament import frame_svg
from plumbline.evidence.document.pdf import HERE, laid_out, qr_svg
from plumbline.evidence.document.press import require_printable
from plumbline.evidence.document.view import View, code_groups, contact_lines, pair

TEMPLATE = "outcome.typ"
RECORD, PDF = "document.json", "document.pdf"
VERSION = 1
_ORIGINAL = Bilingual(
    "签名的记录（document.json）是正本，本页是它的影像。",
    "The signed record (document.json) is the original; this page is its image.",
)


@dataclass(frozen=True)
class Line:
    """One thing a document says: what it is, and its value."""

    label: Bilingual
    value: Bilingual


@dataclass(frozen=True)
class Part:
    """Some lines under a heading."""

    title: Bilingual
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outcome:
    """All an outcome document says. kind: its letters in the number; validity: words for the last day;
    notes: how sure the rule is that it follows. Holder and body are organisations: no person is named.
    """

    number: str
    kind: str
    title: Bilingual
    grants: Bilingual
    holder: Bilingual
    holder_uscc: str
    body: Bilingual
    body_code: str
    procedure: Bilingual
    procedure_id: str
    edition: str
    case_number: str
    granted_on: date
    valid_until: date | None
    validity: Bilingual
    text: tuple[Bilingual, ...]
    parts: tuple[Part, ...]
    notes: tuple[Bilingual, ...]
    lookup_code: str
    demo: bool
    supersedes: str = ""


def record_of(outcome: Outcome) -> bytes:
    """Return the record as JCS bytes, which the statement signs by their hash."""
    return jcs(_fields(outcome))


def holder_of(outcome: Outcome) -> dict[str, Json]:
    """Return the holder as record and statement name it."""
    return {**pair(outcome.holder), "uscc": outcome.holder_uscc}


def _fields(outcome: Outcome) -> dict[str, Json]:
    return {
        "v": VERSION,
        "doc_no": outcome.number,
        "kind": outcome.kind,
        "title": pair(outcome.title),
        "grants": pair(outcome.grants),
        "holder": holder_of(outcome),
        "body": {**pair(outcome.body), "code": outcome.body_code},
        "procedure": {**pair(outcome.procedure), "id": outcome.procedure_id, "edition": outcome.edition},
        "case": outcome.case_number,
        "granted_on": outcome.granted_on.isoformat(),
        "valid_until": outcome.valid_until.isoformat() if outcome.valid_until else None,
        "validity": pair(outcome.validity),
        "text": [pair(each) for each in outcome.text],
        "parts": [
            {
                "title": pair(part.title),
                "lines": [{"label": pair(line.label), "value": pair(line.value)} for line in part.lines],
            }
            for part in outcome.parts
        ],
        "notes": [pair(each) for each in outcome.notes],
        "code": outcome.lookup_code,
        "supersedes": outcome.supersedes,
        "demo": outcome.demo,
    }


def render_outcome(outcome: Outcome, *, lookup_url: str, font_dir: Path, at: datetime) -> bytes:
    """Return the PDF/A-3b of a document. at: the creation time written into the file.

    Raises: InputError for characters the fonts lack or a naive time; StateError if the fonts are missing.
    """
    if at.tzinfo is None:
        raise InputError(say("时间必须带时区"), field="at")
    record = record_of(outcome)
    view = json.dumps(_view(outcome, record=record, lookup_url=lookup_url), ensure_ascii=False)
    require_printable(view, font_dir)
    inputs = {
        "data": view,
        "record": record.decode("utf-8"),
        "qr": qr_svg(lookup_url),
        "frame": frame_svg(),
        "mark": (HERE / "mark.svg").read_text(encoding="utf-8"),
    }
    return laid_out(TEMPLATE, inputs, usual=1, font_dir=font_dir, at=at)


def _view(outcome: Outcome, *, record: bytes, lookup_url: str) -> View:
    """Return the data of the template: the record, and what all printed documents have."""
    digest = hashlib.sha256(record).hexdigest()
    return {
        **_fields(outcome),
        "title": f"{outcome.title.zh} {outcome.number}",
        "heading": pair(outcome.title),
        "keywords": ["DEMO"] if outcome.demo else [],
        "draft": False,
        "number": outcome.number,
        "number_label": {"zh": "编号", "en": "No."},
        "institution": pair(outcome.body),
        "lookup": lookup_url,
        "code_lines": list(code_groups(outcome.lookup_code)),
        "contact": contact_lines(
            [
                ("签发单位代号", "Issuer", outcome.body_code),
                ("业务编号", "Case", outcome.case_number),
                ("程序，版次", "Procedure", f"{outcome.procedure_id}, {outcome.edition}"),
                ("记录摘要", "SHA-256", f"{digest[:16]} … {digest[-16:]}"),
            ]
        ),
        "foot": pair(_ORIGINAL),
    }
