"""What a stranger needs to do without us: the keys as a trust file, the stand-alone verifier, and the log in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.ledger import queries as ledger
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.shapes import Page
from plumbline.faces.portal.frame import frame

PAGE_ENTRIES = 50


@dataclass(frozen=True)
class EntryLine:
    """One public leaf of the log."""

    index: int
    kind: str
    issuer: str
    statement: str
    refers_to: int | None


@require_safe
def trust_file(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """Return trust.json: the keys of the log and of the bodies."""
    return attachment(ledger.trust_root(), "application/json", name="trust.json")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the signature of a view
    """Return the verifier, one Python file that needs nothing else, as it is."""
    data = resources.files("plumbline.evidence").joinpath("offline.py").read_bytes()
    return attachment(data, "text/x-python; charset=utf-8", name="plumbline-verifier.py")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show how the log stands and its newest entries."""
    state = ledger.log_state()
    published = ledger.store().published_size()
    end = _end(request.GET.get("before", ""), published)
    start = max(0, end - PAGE_ENTRIES)
    raw = ledger.store().entries(start, end, size=published) if end else []
    entries = [_entry(start + place, data) for place, data in enumerate(raw)]
    context = {
        **frame(request, "log"),
        "state": state,
        "size": published,
        "vkey": ledger.log_vkey(),
        "entries": entries[::-1],
        "page": Page(
            published - end + 1,
            published - start,
            previous_url="?" if end < published else "",
            next_url=f"?before={start}" if start else "",
            total=published,
        ),
    }
    return render(request, "portal/log.html", context)


def _end(before: str, published: int) -> int:
    """Return the entry before which the page ends; anything that is no number gives the newest."""
    return min(int(before), published) if before.isascii() and before.isdigit() and len(before) < 16 else published


def _entry(index: int, data: bytes) -> EntryLine:
    leaf = json.loads(data)
    kind, reference = str(leaf.get("type", "")), leaf.get("ref")
    return EntryLine(index, _kinds().get(kind, kind), str(leaf.get("issuer", "")), str(leaf.get("stmt", "")), reference)


def _kinds() -> Mapping[str, str]:
    """Return what each type of statement says, in words."""
    return {
        "body.registered": _("登记机构"),
        "key.added": _("启用密钥"),
        "key.retired": _("停用密钥"),
        "key.compromised": _("密钥失密"),
        "scope.granted": _("授予项目范围"),
        "scope.changed": _("变更项目范围"),
        "scope.withdrawn": _("撤销项目范围"),
        "person.qualified": _("登记人员资格"),
        "person.expired": _("人员资格到期"),
        "standard.certified": _("登记计量标准证书"),
        "measurement.committed": _("提交原始记录"),
        "certificate.issued": _("签发证书"),
        "certificate.superseded": _("更换证书"),
        "certificate.suspended": _("暂停证书"),
        "certificate.reinstated": _("恢复证书"),
        "certificate.revoked": _("撤销证书"),
        "status.published": _("公布状态清单"),
        "register.changed": _("变更台账"),
        "draw.committed": _("冻结抽签名单"),
        "draw.sealed": _("封存抽签随机数"),
        "draw.resolved": _("抽签完成"),
        "draw.voided": _("抽签作废"),
        "figures.frozen": _("冻结月报"),
        "log.note": _("日志附注"),
    }


def limits() -> Sequence[str]:
    """Return what the proof does not show: said on the page that explains it. Source: project trust design, 16."""
    return (
        _("测得对不对：日志证明谁在什么时候说了什么，不证明读数是真的。"),
        _("标签贴在哪台器具上：真标签也会被挪到别的器具上，所以要先核对型号、编号和位置。"),
        _("密钥失窃到上报之间签出的东西。"),
        _("现在还没有独立见证：日志由签发机构自己的平台登记，平台若给不同的人看不同的日志，单凭一份文件看不出来。"),
    )
