"""Answers what the certificate template prints: content turned into ready words, dates and positions.

Words of the document in both languages stand here; the look stands in `certificate.typ`. Numbers are not recomputed:
only the minus sign becomes U+2212 and signs are shown on errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any  # the template's data is one JSON document

from plumbline.evidence.canonical import Json
from plumbline.evidence.document.content import (
    CHINA,
    RESULT_NOTICE,
    VERIFICATION,
    Act,
    Bilingual,
    CertificateContent,
    CheckOutcome,
    PointResult,
)

View = dict[str, Any]


_HEADINGS = {
    VERIFICATION: Bilingual("检定证书", "Verification certificate"),
    RESULT_NOTICE: Bilingual("检定结果通知书", "Notice of verification result"),
}
_NUMBERS = {
    VERIFICATION: Bilingual("证书编号", "Certificate No."),
    RESULT_NOTICE: Bilingual("通知书编号", "Notice No."),
}
_ORIGINAL = Bilingual(
    "签名的电子文件（DCC）是正本，本页是它的影像。",
    "The signed electronic file (DCC) is the original; this page is its image.",
)
_NO_ORIGINAL = Bilingual("草稿，不是证书，不得使用。", "A draft, not a certificate; not to be used.")
_MEAN_ERROR = Bilingual("平均误差", "Mean error")
_REPEATABILITY = Bilingual("重复性", "Repeatability")
_ROLES = {
    "approver": (Bilingual("批准", "Approved"), "授权签字人"),
    "checker": (Bilingual("核验", "Checked"), "核验员"),
    "verifier": (Bilingual("检定", "Verified"), "检定员"),
}
_VERDICTS = {
    "pass": Bilingual("合格", "Pass"),
    "fail": Bilingual("不合格", "Fail"),
    "unknown": Bilingual("未判定", "Not judged"),
}
_OUTCOMES = {
    "ok": Bilingual("符合", "Pass"),
    "fail": Bilingual("不符合", "Fail"),
    "not_checked": Bilingual("未检", "Not checked"),
}


def view_of(content: CertificateContent, digest: str) -> View:
    """Return the data of the template. digest: SHA-256 of the DCC in hex, or "" for a draft."""
    heading = _HEADINGS[content.kind]
    issued = content.number is not None
    return {
        "title": f"{heading.zh} {content.number or ''}".strip(),
        "keywords": ["DEMO"] if content.demo else [],
        "heading": pair(heading),
        "notice": content.kind == RESULT_NOTICE,
        "draft": not issued,
        "demo": content.demo,
        "number": content.number or "",
        "number_label": pair(_NUMBERS[content.kind]),
        "foot": pair(_ORIGINAL if issued else _NO_ORIGINAL),
        "institution": pair(content.institution.name),
        "cover": _cover(content),
        "conclusion": pair(content.conclusion),
        "failed": [pair(item) for item in content.failed_items],
        "acts": [_act(act) for role in _ROLES for act in content.acts if act.role == role],
        "dates": _dates(content),
        "lookup": content.lookup_url if issued else "",
        "code": content.lookup_code if issued else "",
        "code_lines": code_groups(content.lookup_code),
        "contact": _contact(content, digest),
        "facts": _facts(content),
        "standards": [_standard(content, number) for number in range(len(content.standards))],
        "columns": [{"name": pair(column.name), "unit": column.unit} for column in content.results.columns],
        "widths": _widths(content),
        "derived": [pair(_MEAN_ERROR), pair(_REPEATABILITY)],
        "unit": content.results.unit,
        "k": "、".join(dict.fromkeys(point.k for point in content.results.points)),
        "points": [_point(point, content) for point in content.results.points],
        "limits": _limits(content),
        "chart": chart(content),
        "checks": _checks(content.checks),
        "statements": [pair(text) for text in content.statements],
        "banners": [pair(text) for text in content.banners],
    }


def chart(content: CertificateContent) -> View:
    """Return result and U of each point as fractions of the chart's width; zero stands at 0.5.

    The scale holds the widest limit and the farthest end of an interval, so nothing lies outside.
    """
    points = content.results.points
    ends = [abs(float(point.error)) + float(point.U) for point in points]
    limits = [float(point.mpe) for point in points if point.mpe is not None]
    half = max([1.35 * limit for limit in limits] + [1.06 * end for end in ends], default=1.0) or 1.0

    def at(value: float) -> float:
        return round(0.5 + value / (2 * half), 4)

    unit = content.results.unit
    rows = []
    for point in points:
        error, expanded = float(point.error), float(point.U)
        limit = None if point.mpe is None else float(point.mpe)
        rows.append(
            {
                "name": point.name.zh,
                "value": at(error),
                "low": at(error - expanded),
                "high": at(error + expanded),
                "limits": None if limit is None else [at(-limit), at(limit)],
                "verdict": point.verdict,
                "label": f"{signed(point.error)} {unit}",
                "ratio": "" if point.U_to_mpe is None else f"U/MPE {point.U_to_mpe}",
            }
        )
    ticks = [{"at": 0.5, "label": "0"}]
    for text in dict.fromkeys(point.mpe for point in points if point.mpe is not None):
        ticks += [
            {"at": at(-float(text)), "label": f"−{text} {unit}"},
            {"at": at(float(text)), "label": f"+{text} {unit}"},
        ]
    return {"rows": rows, "ticks": ticks}


def signed(number: str) -> str:
    """Return a decimal with its sign shown; zero carries none."""
    if number.startswith("-"):
        return "−" + number[1:]
    return number if number.startswith("+") or not float(number) else f"+{number}"


def _cover(content: CertificateContent) -> list[View]:
    instrument = content.instrument
    name = Bilingual(
        "  ".join(part for part in (instrument.name.zh, instrument.position.zh) if part), instrument.name.en
    )
    model = " / ".join(part for part in (instrument.model, instrument.range, instrument.accuracy_class) if part)
    rows = [
        (Bilingual("送检单位", "Applicant"), content.applicant.name),
        (Bilingual("计量器具名称", "Instrument"), name),
        (Bilingual("型号 / 规格", "Model / range"), Bilingual(model or "—")),
        (Bilingual("出厂编号", "Serial No."), Bilingual(instrument.serial or "—")),
        (Bilingual("器具码", "Instrument code"), Bilingual(instrument.code or "—")),
        (Bilingual("制造单位", "Manufacturer"), instrument.maker if instrument.maker.zh else Bilingual("—")),
        (Bilingual("检定依据", "Regulation"), Bilingual(content.regulation.title())),
    ]
    return [
        {
            "label": pair(label),
            "value": pair(value),
            "size": fitted(value.zh + value.en[: len(value.en) * 3 // 4], 12, room=27),
        }
        for label, value in rows
    ]


def _act(act: Act) -> View:
    label, office = _ROLES[act.role]
    number = f" {act.qualification_number}" if act.qualification_number else ""
    return {
        "label": pair(label),
        "name": pair(act.name),
        "size": fitted(act.name.zh, 11, room=9),
        "office": office + number,
        "at": act.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
    }


def _dates(content: CertificateContent) -> list[View]:
    rows = [_date("检定日期", "Date of verification", day=content.performed_on)]
    if content.kind == VERIFICATION:
        rows.append(_date("有效期至", "Valid until", day=content.valid_until))
    if content.issued_on is not None:
        rows.append(_date("签发日期", "Date of issue", day=content.issued_on))
    if content.supersedes is not None:
        rows.append({"label": {"zh": "替代证书", "en": "Replaces"}, "value": content.supersedes, "muted": True})
    return rows


def _date(zh: str, en: str, *, day: date | None) -> View:
    text = "—" if day is None else f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日"
    return {"label": {"zh": zh, "en": en}, "value": text, "muted": False}


def _contact(content: CertificateContent, digest: str) -> list[View]:
    institution = content.institution
    rows = [
        ("授权证书号", "Authorisation", institution.authorisation_number),
        ("地址", "Address", " ".join(part for part in (institution.address.zh, institution.postcode) if part)),
        ("电话 / 传真", "Tel / Fax", " / ".join(part for part in (institution.phone, institution.fax) if part)),
        ("电子邮箱", "E-mail", institution.email),
        ("DCC 摘要", "SHA-256", f"{digest[:16]} … {digest[-16:]}" if digest else ""),
    ]
    return contact_lines(rows)


def contact_lines(rows: Sequence[tuple[str, str, str]]) -> list[View]:
    """Return the lines beside the look-up code: (Chinese name, English name, value), those that have a value."""
    return [
        {"label": {"zh": zh, "en": en}, "value": value, "size": fitted(value, 9, room=19)}
        for zh, en, value in rows
        if value
    ]


def _facts(content: CertificateContent) -> list[View]:
    environment = "，".join(f"{item.name.zh} {minus(item.value)} {item.unit}" for item in content.environment)
    rows = [
        ("原始记录号", "Raw record", content.raw_record_number),
        ("检定地点", "Place", content.place.zh),
        ("环境条件", "Environment", environment or "—"),
        ("技术依据", "Regulation", content.regulation.title()),
    ]
    return [{"label": {"zh": zh, "en": en}, "value": value} for zh, en, value in rows]


def _standard(content: CertificateContent, number: int) -> View:
    standard = content.standards[number]
    return {
        "name": pair(standard.name),
        "number": standard.number,
        "range": minus(standard.range),
        "accuracy": standard.accuracy,
        "certificate": standard.certificate_number,
        "valid_until": standard.valid_until.isoformat(),
    }


def _point(point: PointResult, content: CertificateContent) -> View:
    printed = [signed if column.signed else minus for column in content.results.columns]
    return {
        "name": pair(point.name),
        "runs": [[show(value) for show, value in zip(printed, run, strict=True)] for run in point.runs],
        "error": signed(point.error),
        "repeatability": point.repeatability or "—",
        "U": point.U,
        "verdict": point.verdict,
        "word": pair(_VERDICTS[point.verdict]),
    }


def _limits(content: CertificateContent) -> View:
    points, unit = content.results.points, content.results.unit
    mpe = _known([point.mpe for point in points], unit, sign="±")
    repeatability = _known([point.repeatability_limit for point in points], unit, sign="")
    coverage = " / ".join(dict.fromkeys(point.coverage for point in points if point.coverage))
    return {
        "zh": f"最大允许误差 {mpe.zh}，重复性限 {repeatability.zh}。按简单接受判定，扩展不确定度 U 列出而不参与判定"
        + (f"；按有效自由度的 t 分布，其包含概率为 {coverage}。" if coverage else "。"),
        "en": f"MPE {mpe.en}, repeatability limit {repeatability.en}. "
        "Decision rule: simple acceptance; U is stated and is no part of the decision"
        + (f"; its coverage probability, by the t-distribution, is {coverage}." if coverage else "."),
    }


def _known(values: list[str | None], unit: str, *, sign: str) -> Bilingual:
    """Return the limits of all points in words: one if they agree, each in order if not, unknown said as such."""
    texts = list(dict.fromkeys(values))
    zh = " / ".join("未知" if text is None else f"{sign}{text} {unit}" for text in texts)
    en = " / ".join("unknown" if text is None else f"{sign}{text} {unit}" for text in texts)
    return Bilingual(zh, en)


def _checks(checks: tuple[CheckOutcome, ...]) -> list[list[View | None]]:
    """Return the checks in pairs that stand side by side; the last may stand alone."""
    cells: list[View | None] = [
        {"name": pair(check.name), "outcome": check.outcome, "word": pair(_OUTCOMES[check.outcome])} for check in checks
    ]
    cells += [None] * (len(cells) % 2)
    return [cells[i : i + 2] for i in range(0, len(cells), 2)]


def _widths(content: CertificateContent) -> list[float]:
    """Return the share of each numeric column: readings, mean error, repeatability.

    By the length of the Chinese name or the longest English word, whichever is wider.
    """
    names = [column.name for column in content.results.columns] + [_MEAN_ERROR, _REPEATABILITY]
    lengths = [max(3.4, len(name.zh), *(0.39 * len(word) for word in name.en.split())) for name in names]
    return [round(length / sum(lengths), 4) for length in lengths]


def code_groups(code: str) -> list[str]:
    """Return the look-up code in groups of five, two lines."""
    groups = [code[i : i + 5] for i in range(0, len(code), 5)]
    return [" ".join(groups[:3]), " ".join(groups[3:])] if code else []


def minus(text: str) -> str:
    """Return the text with a real minus sign before digits."""
    return text.replace("-", "−") if text.startswith(("-", "(-")) else text


def fitted(text: str, points: float, *, room: float) -> float:
    """Return the type size at which a text fits on its line, but at least 7 points (then it wraps).

    room: how many Chinese characters the line holds at `points`; a Latin character counts a little over half.
    """
    width = sum(0.56 if ord(character) < 0x2E80 else 1.0 for character in text)
    return round(min(points, max(7.0, points * room / width)), 2) if width else points


def pair(text: Bilingual) -> dict[str, Json]:
    """Return a text as records and templates have it."""
    return {"zh": text.zh, "en": text.en}
