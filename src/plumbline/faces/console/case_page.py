"""The page of one case as prepared answers: state sentence, next act, results, story, clock, people, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.shell import Phrase
from plumbline.faces.console.words import certificate_state, document_kind, standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.answers import Answered, answers_of
from plumbline.faces.kit.case_story import state_word
from plumbline.faces.kit.charts import interval_scale
from plumbline.faces.kit.doers import away_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import (
    ResultRow,
    limit_words,
    regulation_whys,
    result_row,
    shared_limits,
    short_name,
)
from plumbline.faces.kit.shapes import DocumentLine, PersonLine, Why
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Procedure

SHOWN_ELSEWHERE = {"site", "instruments", "contact_name", "contact_phone"}


@dataclass(frozen=True)
class JobRow:
    """One instrument in the table of results; result None until its record is in. ended: its document was revoked."""

    position: int
    label: str
    serial: str
    url: str
    result: ResultRow | None
    certificate: str = ""
    certificate_word: str = ""
    certificate_url: str = ""
    observe_url: str = ""
    ended: str = ""


@dataclass(frozen=True)
class Results:
    """The table of results: names of the points as heads, the head of the scale, and the edition behind it."""

    rows: Sequence[JobRow]
    points: Sequence[tuple[str, str]]
    scale: SafeString | None
    rule: str
    limits: str
    why: Why | None
    rule_url: str
    has_banner: bool


def answer(data: CaseData) -> list[Phrase]:
    """Return the sentence of the state: where it stands, how many are done, passed and failed."""
    done = [job for job in data.jobs if job.evaluation is not None]
    failed = [job for job in done if job.evaluation and job.evaluation.verdict == "fail"]
    phrases = [Phrase(state_word(data.case))]
    if not data.jobs:
        return phrases
    if not done:
        count = len(data.jobs)
        return [*phrases, Phrase(ngettext("{n} 台器具", "{n} 台器具", count).format(n=count))]
    if len(done) < len(data.jobs):
        phrases.append(Phrase(_("{total} 台检了 {done} 台").format(total=len(data.jobs), done=len(done))))
    passed = len(done) - len(failed)
    if passed:
        phrases.append(Phrase(ngettext("{n} 台合格", "{n} 台合格", passed).format(n=passed)))
    if failed:
        first = f"#job-{failed[0].position}"
        words = ngettext("{n} 台不合格", "{n} 台不合格", len(failed)).format(n=len(failed))
        phrases.append(Phrase(words, "bad", first))
    return [*phrases, *_revoked(data)]


def _revoked(data: CaseData) -> list[Phrase]:
    """Return the phrase of the documents that no longer hold, leading to the first of them."""
    ended = [job.certificate for job in data.jobs if job.certificate and job.certificate.status == "revoked"]
    if not ended:
        return []
    words = ngettext("{n} 份文件已撤销", "{n} 份文件已撤销", len(ended)).format(n=len(ended))
    return [Phrase(words, "rev", reverse("console:certificate", args=[ended[0].number]))]


def results_of(data: CaseData, *, may_record: bool) -> Results:
    """Return the table of results of all jobs on one shared scale."""
    judged = [job for job in data.jobs if job.evaluation is not None]
    widest = max(judged, key=lambda job: len(job.evaluation.points) if job.evaluation else 0, default=None)
    regulation = widest.regulation if widest else None
    points = widest.evaluation.points if widest and widest.evaluation else ()
    return Results(
        rows=[_row(job, data, may_record=may_record) for job in data.jobs],
        points=[(short_name(point), named(point)) for point in points],
        scale=interval_scale(shared_limits(points)) if points else None,
        rule=regulation.title if regulation else "",
        limits=limit_words(regulation) if regulation else "",
        why=regulation_whys(regulation) if regulation else None,
        rule_url=reverse("console:rule", args=[regulation.id]) if regulation else "",
        has_banner=regulation is not None and regulation.banner is not None,
    )


def _row(job: Job, data: CaseData, *, may_record: bool) -> JobRow:
    place = [data.case.number, job.position]
    result = result_row(job.evaluation, label=job.label) if job.evaluation else None
    document = job.certificate
    return JobRow(
        position=job.position,
        label=job.label,
        serial=job.instrument.serial,
        url=reverse("console:record", args=place) if job.record else "",
        result=result,
        certificate=document.number if document else "",
        certificate_word=(_("证书") if document.kind == "J" else _("通知书")) if document else "",
        certificate_url=reverse("console:certificate", args=[document.number]) if document else "",
        ended=certificate_state(document.status)[1] if document and document.status == "revoked" else "",
        observe_url=reverse("console:observe", args=place) if may_record and job.record is None else "",
    )


def people_of(data: CaseData, actor: Actor) -> list[PersonLine]:
    """Return who does what: the applicant, and each duty with its person."""
    found = data.case
    contact = str(found.details.get("contact_name", ""))
    phone = str(found.details.get("contact_phone", ""))
    lines = [
        PersonLine(
            _("申请单位"),
            formats.either(found.owner_name, found.owner_name_en),
            note=" ".join(part for part in (contact, phone) if part),
        )
    ]
    lines.append(PersonLine(_("承办"), formats.either(found.body_name, found.body_name_en)))
    away = accounts.absences(actor.organisation_id, on=data.on) if found.people and not found.ended_at else {}
    for field in person_fields(data.procedure):
        person = found.people.get(field.key)
        who = data.people.get(person, "") if person else _("未指派")
        note = away_words(away.get(person)) if person else ""
        lines.append(PersonLine(named(field), who, note, is_reader=person == actor.person_id))
    return lines


def person_fields(procedure: Procedure) -> list[Field]:
    """Return the fields of the procedure's forms that name a person, each duty once."""
    fields = (field for act in procedure.acts.values() for field in act.form if field.type == "person")
    return list({field.key: field for field in fields}.values())


def details_of(data: CaseData) -> list[Answered]:
    """Return what the application said, by the names of its fields; what the page shows elsewhere is left out."""
    opening = data.procedure.act(data.story[0].name)
    said = {key: value for key, value in data.case.details.items() if key not in SHOWN_ELSEWHERE}
    return answers_of(opening, said, number=data.case.number, address="console:case_file")


def documents_of(data: CaseData) -> list[DocumentLine]:
    """Return the documents: records committed to the log, drafts until they are issued, then what was issued."""
    lines = []
    records = sum(job.record is not None for job in data.jobs)
    if records:
        words = ngettext("原始记录 {n} 份", "原始记录 {n} 份", records).format(n=records)
        lines.append(DocumentLine(words, url="#results", icon="file", state="ok", word=_("已锁定")))
    for job in data.jobs:
        if job.certificate is not None:
            kind, word = certificate_state(job.certificate.status)
            label = f"{document_kind(job.certificate.kind)} {job.label}"
            url = reverse("console:certificate", args=[job.certificate.number])
            lines.append(DocumentLine(label, url=url, icon="cert", state=kind, word=word))
        elif job.evaluation is not None:
            draft = document_kind("T" if job.evaluation.verdict == "fail" else "J")
            url = reverse("console:draft", args=[data.case.number, job.position])
            lines.append(DocumentLine(f"{draft} {job.label}", url=url, icon="cert", state="dft", word=_("草稿")))
    return lines


@dataclass(frozen=True)
class StandardLine:
    """A measurement standard used, as it stood on the day it was used."""

    name: str
    code: str
    uncertainty: str
    valid_to: date
    kind: str
    word: str


def standards_of(data: CaseData) -> list[StandardLine]:
    """Return the measurement standards used in this case."""
    lines = []
    for each, day in data.standards:
        kind, _word = standard_state(each.valid_from, each.valid_to, today=day)
        word = _("检定日在有效期内") if kind in {"ok", "due"} else _("检定日不在有效期内")
        name = each.name_en if formats.is_english() and each.name_en else each.name_zh
        lines.append(
            StandardLine(
                name, each.code, each.uncertainty_text, each.valid_to, "ok" if kind in {"ok", "due"} else "over", word
            )
        )
    return lines
