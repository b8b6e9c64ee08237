"""Words and shapes of what the registers and certificates say: a kind of state with its word."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.rulebook import notices
from plumbline.rulebook.regulations import has_method


def certificate_state(status: str) -> tuple[str, str]:
    """Return (state kind, word) of a certificate's status: valid, due, failed, revoked, superseded, load_test."""
    return {
        "load_test": ("unk", _("压力测试行，没有文件")),
        "valid": ("ok", _("有效")),
        "due": ("over", _("已过有效期")),
        "failed": ("bad", _("不合格")),
        "revoked": ("rev", _("已撤销")),
        "superseded": ("unk", _("已更换")),
    }[status]


def document_kind(kind: str) -> str:
    """Return the name of a document: verification certificate or notice of result."""
    return {"J": _("检定证书"), "T": _("检定结果通知书")}.get(kind, kind)


def instrument_state(state: str) -> tuple[str, str]:
    """Return (state kind, word) of an instrument in the register."""
    return {
        "in_use": ("ok", _("在用")),
        "out_of_use": ("unk", _("停用")),
        "sealed": ("unk", _("封存")),
        "scrapped": ("unk", _("报废")),
        "retired": ("unk", _("终止使用")),
    }.get(state, ("unk", state))


def validity(document: CertificateFacts | None, state: str, *, category: str, today: date) -> tuple[str, str]:
    """Return (state kind, word) of an instrument by its newest document: how long it is still good for.

    One of a category without a method has none, and that is said. A revoked or failed document leaves the instrument
    without a valid one; one out of use is said to be so first.
    """
    if state != "in_use":
        return instrument_state(state)
    if document is None:
        return "unk", _("没有证书") if has_method(category) else _("还没有检定方法")
    if document.status != "valid" or document.valid_until is None:
        if document.status == "due" and document.valid_until is not None:
            late = (today - document.valid_until).days
            return "over", ngettext("逾期 {n} 天", "逾期 {n} 天", late).format(n=late)
        return certificate_state(document.status)
    left = (document.valid_until - today).days
    if left <= notices.soon_days():
        return "due", ngettext("剩 {n} 天", "剩 {n} 天", left).format(n=left)
    return "ok", _("有效")


def standard_state(valid_from: date, valid_to: date, *, today: date) -> tuple[str, str]:
    """Return (state kind, word) of a measurement standard by the validity of its certificate."""
    if today > valid_to:
        late = (today - valid_to).days
        return "over", ngettext("过期 {n} 天", "过期 {n} 天", late).format(n=late)
    if today < valid_from:
        return "unk", _("还没有生效")
    left = (valid_to - today).days
    if left <= notices.soon_days():
        return "due", ngettext("剩 {n} 天", "剩 {n} 天", left).format(n=left)
    return "ok", _("有效")


def due_words(count: int) -> str:
    """Return how many end soon."""
    days = notices.soon_days()
    return ngettext("{n} 台 {days} 天内到期", "{n} 台 {days} 天内到期", count).format(n=count, days=days)


def level_word(level: str) -> str:
    """Return the level of a measurement standard."""
    return {
        "national": _("国家基准"),
        "provincial": _("省级社会公用"),
        "municipal": _("市级社会公用"),
        "county": _("县级社会公用"),
        "enterprise": _("企业事业单位"),
    }.get(level, level)


def short_day(day: date | None, today: date) -> str:
    """Return a day without its year when it lies in this year, else whole; an en dash for none."""
    if day is None:
        return "\u2013"
    return day.strftime("%m-%d") if day.year == today.year else day.isoformat()


def week_day(day: date) -> str:
    """Return the name of a day of the week."""
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][day.weekday()]
