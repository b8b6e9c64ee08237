"""What the public check says: the verdict in words, what to compare, the results, and what proves it.

Made only from the public facts of a document. Leaves the look-up to the view, and drawing to the kit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.domain.certificates.types import ENDED, CertificateFacts, CheckFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import error_line
from plumbline.faces.kit.evaluation_view import IssuedPoint, issued_points

READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
NOT_A_CODE = re.compile(r"[^0-9A-Z]")
KINDS = {"valid": "ok", "due": "due", "failed": "bad", "revoked": "rev", "superseded": "rev", "unknown": "unk",
         "load_test": "unk", "suspended": "due",
         "pending": "due"}  # fmt: skip


@dataclass(frozen=True)
class PointLine:
    """One result: the error in words with its limits and U, and its place between the limits."""

    name: str
    error: str
    limits: str
    U: str
    repeatability: str
    is_bad: bool
    drawing: SafeString | None


@dataclass(frozen=True)
class LaterDocument:
    """The instrument was verified again since: what came of it, and the code of its label, which shows it."""

    kind: str
    word: str
    performed_on: str
    label_code: str


@dataclass(frozen=True)
class CheckAnswer:
    """Everything a public page shows of a document. `why` and `meaning` are empty where one may rely on it."""

    kind: str
    word: str
    until: str
    text: str
    is_demo: bool
    why: str
    meaning: Sequence[str]
    replacement_number: str
    replacement_code: str
    later: LaterDocument | None
    place: str
    compare: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    rule: str
    is_rule_checked: bool
    points: Sequence[PointLine]
    checks: Sequence[tuple[str, str, str]]
    failed: Sequence[str]
    evidence: Sequence[tuple[str, str]]
    logged_index: int | None
    bundle_code: str
    code: str
    at: datetime


def read_code(typed: str) -> str:
    """Return a code as it is kept: capitals, no hyphens or spaces; O is read as 0, I and L as 1."""
    return NOT_A_CODE.sub("", typed.upper()).translate(READ_AS)


def answer_of(found: CheckFacts, code: str, *, at: datetime, later: LaterDocument | None = None) -> CheckAnswer:
    """Return the page of a document that was found. code: the code asked for, as kept; later: what was found since."""
    document = found.certificate
    if document is None:
        raise ValueError("there is no page for a code that was not found")
    facts = document.facts
    instrument, body, rule = _part(facts, "instrument"), _part(facts, "body"), _part(facts, "rule")
    word, until, text = _verdict(found.verdict, document, name=_name(instrument))
    return CheckAnswer(
        kind=KINDS[found.verdict],
        word=word,
        until=until,
        text=text,
        is_demo=bool(facts.get("demo")),
        why=_why(document, found.verdict),
        meaning=_meaning(found.verdict),
        replacement_number=document.replaced_by,
        replacement_code=document.replaced_by_code if found.verdict == "superseded" else "",
        later=later,
        place=" ".join(str(instrument[part]) for part in ("place", "position") if instrument.get(part)),
        compare=_compare(instrument),
        facts=_verification(document, body),
        rule=f"{rule.get('number', '')}-{rule.get('edition', '')} {_name(rule)}",
        is_rule_checked=bool(rule.get("is_checked")),
        points=[_point(point) for point in issued_points(facts)],
        checks=[_check(each) for each in _rows(facts, "checks")],
        failed=[_name(each) for each in _rows(facts, "failed")],
        evidence=_evidence(document),
        logged_index=found.logged_index,
        bundle_code=code if code == document.code else "",
        code=code,
        at=at,
    )


def _verdict(verdict: str, document: CertificateFacts, *, name: str) -> tuple[str, str, str]:
    """Return the word, the date under it and one sentence."""
    until = formats.day_words(document.valid_until)
    done = formats.day_words(document.performed_on)
    since = formats.day_words(document.events[-1].at) if document.events else done
    words = _sentence(verdict, name)
    if verdict == "valid":
        return (
            _("有效"),
            _("至 {day}").format(day=until),
            words,
        )
    if verdict == "pending":
        return _("等待入册"), _("{day}检定").format(day=done), words
    if verdict == "due":
        return (
            _("已到期"),
            _("有效期到 {day}").format(day=until),
            words,
        )
    if verdict == "failed":
        return (
            _("不合格"),
            _("{day}检定").format(day=done),
            words,
        )
    if verdict == "superseded":
        return _("已更换"), _("自 {day}起").format(day=since), words
    return _("已撤销"), _("自 {day}起").format(day=since), words


def later_document(newest: CertificateFacts, label_code: str) -> LaterDocument:
    """Return the line that says how the instrument was found later."""
    word, _until, _text = _verdict(newest.status, newest, name="")
    return LaterDocument(KINDS[newest.status], word, formats.day(newest.performed_on), label_code)


def _sentence(verdict: str, name: str) -> str:
    """Return what the verdict means for whoever stands before the instrument, in one sentence."""
    sentences = {
        "valid": _("这台{name}通过了检定，误差在允许范围内。"),
        "due": _("有效期过了，不能再凭它说这台{name}准。"),
        "failed": _("这台{name}没有通过检定，不要凭它结算。"),
        "superseded": _("这份证书已由另一份代替，看新的那份。"),
        "revoked": _("不要再依据这份证书。"),
        "pending": _("证书已经签发，还没有写进公开日志；写进以前不要依据它。"),
    }
    return sentences[verdict].format(name=name)


def _why(document: CertificateFacts, verdict: str) -> str:
    """Return what was written when the certificate was revoked or replaced."""
    reasons = [event.reason for event in document.events if event.reason]
    return reasons[-1] if reasons and verdict in ENDED else ""


def _meaning(verdict: str) -> list[str]:
    return {
        "pending": [
            _("写进日志通常不到一秒，过一会儿再扫一次。"),
            _("超过一小时仍是这样，请联系出具单位。"),
        ],
        "due": [
            _("到期不等于不准，只是没有人证明它还准。"),
            _("要接着用来结算，先检定。"),
        ],
        "failed": [
            _("这台器具现在没有有效的检定证书。"),
            _("刚用它结算过的，留好小票或订单号，可以向当地市场监督管理部门反映。"),
        ],
        "revoked": [
            _("这台器具现在没有由这份证书证明的检定。"),
            _("刚用它结算过的，留好小票或订单号，可以向当地市场监督管理部门反映。"),
        ],
    }.get(verdict, [])


def _compare(instrument: Mapping[str, object]) -> list[tuple[str, str]]:
    lines = [
        (_("型号"), str(instrument.get("model", ""))),
        (_("出厂编号"), str(instrument.get("serial", ""))),
        (_("制造单位"), str(instrument.get("maker", ""))),
        (_("测量范围"), str(instrument.get("range", ""))),
        (_("器具码"), str(instrument.get("identity", ""))),
    ]
    return [(_("名称"), _name(instrument)), *((name, value) for name, value in lines if value)]


def _verification(document: CertificateFacts, body: Mapping[str, object]) -> list[tuple[str, str]]:
    kind = certificate_kind(document)
    phone = str(body.get("phone", ""))
    lines = [
        (_("谁检的"), _name(body)),
        (_("检定日期"), formats.day(document.performed_on)),
        (_("有效期至"), formats.day(document.valid_until) if document.valid_until else ""),
        (kind, document.number),
        (_("机构电话"), phone),
    ]
    return [(name, value) for name, value in lines if value]


def certificate_kind(document: CertificateFacts) -> str:
    """Return what a document is called: certificate, or result notice where the instrument failed."""
    return _("检定证书") if document.kind == "J" else _("检定结果通知书")


def _point(point: IssuedPoint) -> PointLine:
    unit = point.unit
    interval = point.interval
    return PointLine(
        name=point.name,
        error=formats.quantity(formats.signed(point.error), unit) if point.error else "",
        limits=point.limits.words,
        U=formats.quantity(point.U, unit) if point.U else "",
        repeatability=formats.quantity(point.repeatability, unit) if point.repeatability else "",
        is_bad=point.verdict == "fail",
        drawing=error_line(interval, point.limits, label=point.name) if interval is not None else None,
    )


def _check(row: Mapping[str, object]) -> tuple[str, str, str]:
    outcomes = {"ok": ("ok", _("符合")), "fail": ("bad", _("不符合"))}
    kind, word = outcomes.get(str(row.get("outcome", "")), ("unk", _("未检查")))
    return kind, word, _name(row)


def _evidence(document: CertificateFacts) -> list[tuple[str, str]]:
    return [
        (_("签发时间"), formats.moment(document.issued_at)),
        (_("数字证书（DCC）SHA-256"), document.dcc_sha256),
        (_("PDF SHA-256"), document.pdf_sha256),
        (_("原始记录 SHA-256"), document.record_sha256),
    ]


def _name(thing: Mapping[str, object]) -> str:
    """Return the name in the reader's language, the Chinese one where there is no English."""
    return str((thing.get("en") if formats.is_english() else "") or thing.get("zh", ""))


def _part(facts: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = facts.get(name)
    return part if isinstance(part, Mapping) else {}


def _rows(facts: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    rows = facts.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
