"""`/check/`: type a code, or hand in a bundle and see every step of its proof in words; and how to do it without us.

The bundle is checked by the same stand-alone verifier that anyone can download, with the platform's own keys as trust.
What the platform knows besides (whether it was revoked since) is said apart from what the file proves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts, OutcomeFacts
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.rows.codes import LOOKUP_LENGTH
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError, say
from plumbline.evidence import offline
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.outcomes import in_language
from plumbline.faces.portal.allowance import refusal
from plumbline.faces.portal.check_answer import KINDS, read_code
from plumbline.faces.portal.frame import frame
from plumbline.faces.portal.trust import limits

MOST_BYTES = 5_000_000
MOST_FRAME = 20_000
"""Bytes that a browser may send around the file."""
OUTCOMES = {"pass": "ok", "fail": "bad", "unknown": "unk"}
VERDICTS = {0: "ok", 3: "due", 4: "due"}


@dataclass(frozen=True)
class StepLine:
    """One step of the check: its number and name, how it went, and what that means."""

    number: int
    name: str
    kind: str
    word: str
    note: str


@dataclass(frozen=True)
class BundleReport:
    """What a bundle proves, and apart from it what the platform's register says of the same number now."""

    kind: str
    title: str
    lines: Sequence[str]
    steps: Sequence[StepLine]
    facts: Sequence[tuple[str, str]]
    register_kind: str
    register_word: str
    register_code: str


@csrf_exempt  # it changes nothing, and looking for the token would read the whole body before its size is asked
def check(request: HttpRequest) -> HttpResponse:
    """Show the form; with a code go to its answer; with a file show the report."""
    if request.method == "POST" and (refused := refusal(request)):
        return refused
    try:
        _require_small(request.META.get("CONTENT_LENGTH", ""), MOST_BYTES + MOST_FRAME)
        if request.method == "POST":
            return _page(request, report=_report(request))
        typed = request.GET.get("code", "").strip()
        return redirect("public-check", look_up_code(typed)) if typed else _page(request)
    except InputError as error:
        return _page(request, error=error)


def _page(request: HttpRequest, *, report: BundleReport | None = None, error: InputError | None = None) -> HttpResponse:
    context = {
        **frame(request, "check"),
        "typed": request.GET.get("code", ""),
        "report": report,
        "faults": faults(error),
        "errors": errors_by_field(error),
        "most": formats.number(MOST_BYTES // 1_000_000),
        "vkey": ledger.log_vkey(),
        "base_url": settings.PLUMBLINE_BASE_URL,
        "limits": limits(),
    }
    return render(request, "portal/check.html", context, status=status_of(error) if error else 200)


def look_up_code(typed: str) -> str:
    """Return the code as it is kept. Raises: InputError for what can be no look-up code."""
    tail = typed.rstrip("/").rsplit("/", 1)[-1]
    code = read_code(tail)
    if typed.upper().startswith("PL-"):
        raise InputError(
            say("这是器具码，只用来认器具，不能查结论"),
            remedy=say("扫标签上的二维码，或输入二维码下面的 26 位查验码"),
            field="code",
        )
    if len(code) != LOOKUP_LENGTH:
        raise InputError(
            say("查验码是 {wanted} 位，这里有 {count} 位", wanted=LOOKUP_LENGTH, count=len(code)),
            remedy=say("对照证书或标签再输一次，连字符可以不输"),
            field="code",
        )
    return code


def _report(request: HttpRequest) -> BundleReport:
    file = request.FILES.get("bundle")
    if not isinstance(file, UploadedFile):
        raise InputError(say("没有选文件"), remedy=say("选下载到的 .plumbline.json 凭证包"), field="bundle")
    _require_small(str(file.size), MOST_BYTES)
    return _told(offline.check_bundle(file.read(), ledger.trust_root(), at=timezone.now()))


def _require_small(length: str, most: int) -> None:
    """Pass if what is sent is no longer than `most` bytes. Raises: InputError."""
    if length.isascii() and length.isdecimal() and int(length) > most:
        raise InputError(
            say("文件有 {size} 字节，这里最多查 {most} 字节", size=length, most=MOST_BYTES),
            remedy=say("凭证包一般不到 1 MB；更大的用下载的核验程序在自己的电脑上查"),
            field="bundle",
        )


def _told(report: Mapping[str, object]) -> BundleReport:
    language = 1 if formats.is_english() else 0
    steps = _rows(report["steps"])
    code = str(report["code"])
    register = _registered(report)
    lines = [] if register is None and code not in offline.EXITS else _conclusions(report)
    return BundleReport(
        kind=VERDICTS.get(int(str(report["exit"])), "bad"),
        title=offline.TEXTS[code][language],
        lines=lines,
        steps=[_step(row, language) for row in steps] + _left(len(steps), language),
        facts=_facts(report["certificate"]),
        register_kind=KINDS[register.status] if register else "unk",
        register_word=_status_word(register),
        register_code=register.code if register else "",
    )


def _conclusions(report: Mapping[str, object]) -> list[str]:
    lines = []
    if report["result"] == "fail":
        lines.append(_("结论：不合格"))
    if report["result"] == "pass":
        lines.append(_("结论：合格"))
    if report["validity"] == "expired":
        lines.append(_("有效期已过"))
    lines.append(_standing(report))
    return lines


def _standing(report: Mapping[str, object]) -> str:
    """Return what the file tells of revocation, and as of when."""
    as_of = report["status_as_of"]
    if not isinstance(as_of, str):
        return _("文件里没有状态清单：只凭这份文件不知道后来有没有撤销")
    moment = formats.moment(datetime.fromisoformat(as_of))
    if report["status"] == "good":
        return _("截至 {moment}（文件里的状态清单），没有撤销，也没有更换").format(moment=moment)
    return _("文件里的状态清单截至 {moment}，早于签发：不知道后来有没有撤销").format(moment=moment)


def _step(row: Mapping[str, object], language: int) -> StepLine:
    code, detail = str(row["code"]), str(row[offline.DETAILS[language]])
    words = offline.TEXTS[code][language] if code else ""
    outcome = str(row["outcome"])
    names = {"pass": _("成立"), "fail": _("不成立"), "unknown": _("还不能判断")}
    note = " · ".join(part for part in (words, detail) if part)
    return StepLine(
        int(str(row["step"])), str(row["en" if language else "zh"]), OUTCOMES[outcome], names[outcome], note
    )


def _left(done: int, language: int) -> list[StepLine]:
    """Return the steps that were not reached: the check stops at the first failure."""
    return [
        StepLine(number, offline.STEPS[number - 1][language], "dft", _("没有查到这一步"), "")
        for number in range(done + 1, len(offline.STEPS) + 1)
    ]


def _facts(certificate: object) -> list[tuple[str, str]]:
    if not isinstance(certificate, Mapping) or not certificate:
        return []
    instrument = certificate.get("instrument")
    held = instrument if isinstance(instrument, Mapping) else {}
    lines = [
        (_("证书编号"), certificate.get("cert_no")),
        (_("编号"), certificate.get("doc_no")),
        (_("持有单位"), in_language(certificate.get("holder"))),
        (_("决定日期"), certificate.get("granted_on")),
        (_("签发机构代码"), certificate.get("issuer")),
        (_("制造单位"), held.get("maker")),
        (_("型号"), held.get("model")),
        (_("出厂编号"), held.get("serial")),
        (_("检定日期"), certificate.get("performed_on")),
        (_("有效期至"), certificate.get("valid_until")),
        (_("日志第几条"), certificate.get("leaf")),
    ]
    return [(name, str(value)) for name, value in lines if value not in (None, "")]


def _registered(report: Mapping[str, object]) -> CertificateFacts | OutcomeFacts | None:
    """Return the same certificate or outcome document from our register, if the file proved to be one of ours."""
    certificate = report["certificate"]
    if str(report["code"]) not in offline.EXITS or not isinstance(certificate, Mapping):
        return None
    try:
        with scoped(EVERYTHING):
            if "doc_no" in certificate:
                return certificates.outcome_by_number(str(certificate["doc_no"]), on=timezone.localdate())
            return certificates.certificate_by_number(str(certificate["cert_no"]), on=timezone.localdate())
    except Hidden:
        return None


def _status_word(found: CertificateFacts | OutcomeFacts | None) -> str:
    if found is None:
        return ""
    words = {
        "valid": _("有效"),
        "due": _("已到期"),
        "failed": _("不合格"),
        "revoked": _("已撤销"),
        "superseded": _("已更换"),
        "suspended": _("已暂停"),
        "load_test": _("压力测试行，没有文件"),
    }
    return words[found.status]


def _rows(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
