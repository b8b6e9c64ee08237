"""Documents of a case: drafts on hatched ground until they are signed, records and issued documents as files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.laboratory import queries as laboratory_documents
from plumbline.errors import StateError, say
from plumbline.evidence.document.content import Bilingual, CertificateContent
from plumbline.evidence.document.pdf import render_pdf
from plumbline.faces.console import case_data
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.shell import Place, officer, page, require_right, see_other
from plumbline.faces.console.words import document_kind
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Interval, IntervalRow, Limits, interval_plot
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.shapes import Crumb


@officer
def draft(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:
    """Show the document as it would be issued now, on hatched ground, without number; issued already, go there."""
    require_right(actor, "case.read")
    data, job = _job(number, position)
    if job.certificate is not None:
        return see_other(reverse("console:certificate", args=[job.certificate.number]))
    content = _content(data, job)
    context = {
        "case": data.case,
        "job": job,
        "heading": document_kind("J" if content.kind == "verification" else "T"),
        "facts": _facts(content),
        "people": [(_role(act.role), _pick(act.name), formats.moment(act.at)) for act in content.acts],
        "plot": _plot(content),
        "content": content,
        "checks": [(_pick(check.name), check.outcome) for check in content.checks],
        "standards": [(_pick(each.name), each.number, each.accuracy, each.valid_until) for each in content.standards],
        "banners": [_pick(each) for each in content.banners],
    }
    crumbs = [
        Crumb(_("业务"), reverse("console:cases")),
        Crumb(number, reverse("console:case", args=[number])),
        Crumb(_("{job} 草稿").format(job=job.label)),
    ]
    return page(request, "draft", context=context, place=Place("cases", crumbs))


@officer
def draft_pdf(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:  # noqa: ARG001  # one signature for all views
    """Return the draft as PDF, hatched."""
    require_right(actor, "case.read")
    data, job = _job(number, position)
    pdf = render_pdf(_content(data, job), None, font_dir=Path(settings.PLUMBLINE_FONT_DIR), at=timezone.now())
    return attachment(pdf, "application/pdf", name=f"draft-{number}-{position:02d}.pdf", is_shown=True)


@officer
def record_json(request: HttpRequest, actor: Actor, *, number: str, position: int) -> HttpResponse:  # noqa: ARG001  # one signature for all views
    """Return the bytes of the record whose hash is in the log."""
    require_right(actor, "case.read")
    _data, job = _job(number, position)
    if job.record is None:
        raise StateError(say("{job}还没有原始记录", job=job.label), remedy=say("检定员提交后再下载"))
    return attachment(job.record.content, "application/json", name=f"{job.record.number}.json")


def _job(number: str, position: int) -> tuple[CaseData, Job]:
    data = case_data.load(number, on=timezone.localdate())
    return data, data.job_at(position)


def _content(data: CaseData, job: Job) -> CertificateContent:
    return laboratory_documents.preview_of(data.case, job.facts)


def _pick(words: Bilingual) -> str:
    return words.en if formats.is_english() and words.en else words.zh


def _role(role: str) -> str:
    return {"verifier": _("检定"), "checker": _("核验"), "approver": _("批准")}.get(role, role)


def _facts(content: CertificateContent) -> list[tuple[str, str]]:
    until = content.valid_until.isoformat() if content.valid_until else formats.DASH
    return [
        (_("送检单位"), _pick(content.applicant.name)),
        (_("器具名称"), _pick(content.instrument.name)),
        (_("型号"), content.instrument.model),
        (_("出厂编号"), content.instrument.serial),
        (_("制造单位"), _pick(content.instrument.maker)),
        (_("器具码"), content.instrument.code),
        (_("检定依据"), f"{content.regulation.number}-{content.regulation.edition} {_pick(content.regulation.name)}"),
        (_("检定结论"), _pick(content.conclusion)),
        (_("检定日期"), content.performed_on.isoformat()),
        (_("有效期至"), until),
        (_("检定地点"), _pick(content.place)),
        (_("检定机构"), _pick(content.institution.name)),
    ]


def _plot(content: CertificateContent) -> object:
    points = content.results.points
    mpe = next((point.mpe for point in points if point.mpe), None)
    limits = Limits.symmetric(float(mpe) if mpe else None)
    rows = [
        IntervalRow(
            _pick(point.name).split("（", maxsplit=1)[0].split(" (", maxsplit=1)[0],
            Interval(float(point.error), float(point.U)),
        )
        for point in points
    ]
    return interval_plot(rows, limits, title=_("误差与限值"))
