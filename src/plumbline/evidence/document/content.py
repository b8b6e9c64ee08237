"""Answers what a verification certificate or a result notice says, in both languages.

Content of the cover and of the inner pages as the regulation on certificates asks for it (domain facts, procedures
section 1). Numbers are decimal text as they are printed, with an ASCII minus. Where the values come from, and whether
they conform, is left to others; how they look is left to `pdf`, how they are recorded to `dcc`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from plumbline.errors import InputError, say

VERIFICATION = "verification"
RESULT_NOTICE = "result_notice"
CHINA = timezone(timedelta(hours=8))  # times are printed as they are kept in China; there is no summer time

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Bilingual:
    """One text in Chinese and, where there is one, in English."""

    zh: str
    en: str = ""


PARTIAL_COPYING = Bilingual(
    "未经本机构书面批准，不得部分复制本证书。",
    "This document may not be reproduced except in full without the written approval of the issuing body.",
)
ONLY_THIS_INSTRUMENT = Bilingual(
    "本结论仅对所检定的计量器具有效。", "The conclusion applies only to the instrument verified."
)


@dataclass(frozen=True)
class Institution:
    """The issuing body with the number of its authorisation and its contact."""

    name: Bilingual
    code: str
    authorisation_number: str
    address: Bilingual
    postcode: str
    phone: str
    fax: str = ""
    email: str = ""


@dataclass(frozen=True)
class Applicant:
    """Who presented the instrument; `code` is the unified social credit code where known."""

    name: Bilingual
    address: Bilingual
    code: str = ""


@dataclass(frozen=True)
class Instrument:
    """What was verified. `code` is its identity for life; `position` tells it from its neighbours (gun 3, 95#)."""

    name: Bilingual
    model: str
    serial: str
    maker: Bilingual
    code: str
    position: Bilingual = Bilingual("")
    range: str = ""
    accuracy_class: str = ""


@dataclass(frozen=True)
class Act:
    """Who verified, checked or approved, and when. `role` is "verifier", "checker" or "approver"."""

    role: str
    name: Bilingual
    at: datetime
    qualification_number: str = ""


@dataclass(frozen=True)
class RegulationCited:
    """The regulation and the edition that was in force, as ("JJG 443", "2015", 燃油加油机)."""

    number: str
    edition: str
    name: Bilingual

    def title(self) -> str:
        """Return number, edition and Chinese name."""
        return f"{self.number}-{self.edition}《{self.name.zh}》"


@dataclass(frozen=True)
class StandardUsed:
    """A measurement standard: its range, its uncertainty or class or MPE, and its own certificate."""

    name: Bilingual
    number: str
    range: str
    accuracy: str
    certificate_number: str
    valid_until: date


@dataclass(frozen=True)
class Condition:
    """One quantity of the environment."""

    name: Bilingual
    value: str
    unit: str


@dataclass(frozen=True)
class Column:
    """One column of the runs. `signed` columns (errors) always show their sign."""

    code: str
    name: Bilingual
    unit: str
    signed: bool = False


@dataclass(frozen=True)
class PointResult:
    """One measuring point. `runs` has one value per column of the results in each row.

    error: mean error of indication. U: expanded uncertainty with coverage factor k. mpe: half-width of the limits.
    repeatability, mpe and repeatability_limit are None where the regulation's value is unknown or does not apply.
    verdict: "pass", "fail" or "unknown". U_to_mpe: the ratio that is shown and never judged. coverage: the coverage
    probability of the interval of +/- U, None where it was not stated.
    """

    code: str
    name: Bilingual
    runs: tuple[tuple[str, ...], ...]
    error: str
    repeatability: str | None
    U: str
    k: str
    mpe: str | None
    repeatability_limit: str | None
    verdict: str
    U_to_mpe: str | None = None
    coverage: str | None = None

    def __post_init__(self) -> None:
        limits = (self.mpe, self.repeatability_limit, self.U_to_mpe, self.coverage)
        numbers = (self.error, self.repeatability, self.U, self.k, *limits)
        if not all(number is None or _DECIMAL.fullmatch(number) for number in numbers):
            raise InputError(say("测量点 {point} 的结果不是十进制数", point=self.name.zh), field=self.code)
        if self.verdict not in ("pass", "fail", "unknown"):
            raise InputError(say("测量点 {point} 的结论不对", point=self.name.zh), field=self.code)


@dataclass(frozen=True)
class Results:
    """The table of results. `unit` is that of error, repeatability, U and limits."""

    columns: tuple[Column, ...]
    points: tuple[PointResult, ...]
    unit: str = "%"

    def __post_init__(self) -> None:
        width = len(self.columns)
        for point in self.points:
            cells = [cell for run in point.runs for cell in run]
            if any(len(run) != width for run in point.runs) or not all(map(_DECIMAL.fullmatch, cells)):
                raise InputError(say("测量点 {point} 的读数与列不符", point=point.name.zh), field=point.code)


@dataclass(frozen=True)
class CheckOutcome:
    """One visual or tamper check: "ok", "fail" or "not_checked"."""

    code: str
    name: Bilingual
    outcome: str


@dataclass(frozen=True)
class CertificateContent:
    """Everything a certificate or result notice says. `number` None makes it a draft: no number, no code.

    place_kind: "laboratory" or "customer". banners: sentences about rules that nobody has checked yet.
    """

    kind: str
    number: str | None
    institution: Institution
    applicant: Applicant
    instrument: Instrument
    regulation: RegulationCited
    conclusion: Bilingual
    acts: tuple[Act, ...]
    performed_on: date
    valid_until: date | None
    issued_on: date | None
    raw_record_number: str
    place: Bilingual
    place_kind: str
    environment: tuple[Condition, ...]
    standards: tuple[StandardUsed, ...]
    results: Results
    checks: tuple[CheckOutcome, ...]
    failed_items: tuple[Bilingual, ...] = ()
    statements: tuple[Bilingual, ...] = (PARTIAL_COPYING, ONLY_THIS_INSTRUMENT)
    banners: tuple[Bilingual, ...] = ()
    lookup_url: str = ""
    lookup_code: str = ""
    supersedes: str | None = None
    demo: bool = False

    def __post_init__(self) -> None:
        if self.kind not in (VERIFICATION, RESULT_NOTICE):
            raise InputError(say("证书种类不对：{kind}", kind=self.kind), field="kind")
        if self.kind == RESULT_NOTICE and self.valid_until is not None:
            raise InputError(say("检定结果通知书没有有效期"), field="valid_until")
        if self.kind == RESULT_NOTICE and not self.failed_items:
            raise InputError(say("检定结果通知书必须写明不合格项目"), field="failed_items")
        if self.kind == VERIFICATION and (self.valid_until is None or self.failed_items):
            raise InputError(say("检定证书必须有有效期，且没有不合格项目"), field="valid_until")
        if self.number is not None and (self.issued_on is None or not self.lookup_url):
            raise InputError(say("签发的证书必须有签发日期和查验地址"), field="issued_on")
        if self.place_kind not in ("laboratory", "customer"):
            raise InputError(say("检定地点的种类不对：{kind}", kind=self.place_kind), field="place_kind")

    @property
    def is_draft(self) -> bool:
        """Whether this is a preview without number."""
        return self.number is None
