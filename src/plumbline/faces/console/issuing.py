"""Issuing of a case: one by one or all, each with a request of its own, the result said for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http.request import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.procedures import verification
from plumbline.errors import AccessError, InputError, PlumblineError, say
from plumbline.faces.console.case_data import CaseData, Job
from plumbline.faces.console.words import document_kind
from plumbline.faces.kit.acting import counted, new_request_id


@dataclass(frozen=True)
class IssueLine:
    """One document that may be issued now: which instrument, what kind, and the key of its request."""

    position: int
    label: str
    kind: str
    is_failed: bool
    request_id: str


@dataclass(frozen=True)
class IssueForm:
    """What may be issued now."""

    lines: Sequence[IssueLine]
    seen: int


@dataclass(frozen=True)
class Refused:
    """A document that was not issued, with the reason."""

    label: str
    error: PlumblineError


@dataclass(frozen=True)
class Issuing:
    """What became of a request to issue."""

    told: Sequence[str]
    refused: Sequence[Refused]


def issuing_form(data: CaseData) -> IssueForm:
    """Return the documents of a case that are not issued yet."""
    return IssueForm([_line(job) for job in data.jobs if job.certificate is None], data.case.sequence)


def _line(job: Job) -> IssueLine:
    is_failed = job.evaluation is not None and job.evaluation.verdict == "fail"
    return IssueLine(job.position, job.label, document_kind("T" if is_failed else "J"), is_failed, new_request_id())


def issue_jobs(actor: Actor, data: CaseData, *, posted: QueryDict, at: datetime) -> Issuing:
    """Issue the chosen documents (`job`, none chosen: all left); those that cannot be are told, the others stay issued.

    Raises: AccessError when the actor may not issue at all; InputError for a tampered form.
    """
    wanted = _wanted(data, posted)
    seen = _seen(posted)
    issued: list[CertificateFacts] = []
    refused: list[Refused] = []
    for job in wanted:
        try:
            with transaction.atomic():
                issued.append(_issue(actor, job, posted=posted, seen=seen, at=at))
        except AccessError:
            raise
        except PlumblineError as error:
            refused.append(Refused(job.label, error))
        else:
            seen = max(seen, cases.case(data.case.id).sequence)
    return Issuing(_told(issued), refused)


def _issue(actor: Actor, job: Job, *, posted: QueryDict, seen: int, at: datetime) -> CertificateFacts:
    try:
        key = UUID(posted.get(f"request_id.{job.position}", ""))
    except ValueError as err:
        raise _stale() from err
    request = ActRequest("issue", {}, seen=seen, request_id=key)
    return verification.issue(actor, job.facts.id, request=request, at=at)


def _wanted(data: CaseData, posted: QueryDict) -> list[Job]:
    chosen = posted.getlist("job")
    return [
        job
        for job in data.jobs
        if f"request_id.{job.position}" in posted and (not chosen or str(job.position) in chosen)
    ]


def _seen(posted: QueryDict) -> int:
    seen = counted(posted.get("seen", ""))
    if seen is None:
        raise _stale()
    return seen


def _stale() -> InputError:
    return InputError(say("这一页已经失效"), remedy=say("刷新页面再签发；已签发的不会重复"))


def _told(issued: Sequence[CertificateFacts]) -> list[str]:
    passes = [each for each in issued if each.kind == "J"]
    notices = [each for each in issued if each.kind != "J"]
    if len(issued) == 1:
        return [_one(issued[0])]
    told = []
    if len(passes) == 1:
        told.append(_one(passes[0]))
    elif passes:
        words = ngettext(
            "已签发检定证书 {n} 份，{first} 至 {last}", "已签发检定证书 {n} 份，{first} 至 {last}", len(passes)
        )
        told.append(words.format(n=len(passes), first=passes[0].number, last=passes[-1].number))
    if notices:
        words = ngettext("已签发检定结果通知书 {n} 份", "已签发检定结果通知书 {n} 份", len(notices))
        told.append(words.format(n=len(notices)))
    return told


def _one(document: CertificateFacts) -> str:
    return _("已签发{kind} {number}").format(kind=document_kind(document.kind), number=document.number)
