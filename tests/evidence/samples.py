"""One plainly invented certificate and one result notice, for the document tests and for looking at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from plumbline.evidence.document.content import (
    Act,
    Applicant,
    Bilingual,
    CertificateContent,
    CheckOutcome,
    Column,
    Condition,
    Institution,
    Instrument,
    PointResult,
    RegulationCited,
    Results,
    StandardUsed,
)

CHINA = timezone(timedelta(hours=8))
AT = datetime(2025, 11, 21, 16, 30, tzinfo=CHINA)
B = Bilingual


def _point(code: str, name: Bilingual, errors: tuple[str, ...], mean: str) -> PointResult:
    flow = "45" if code == "q1" else "13"
    runs = tuple((flow, f"20.0{i + 4}", f"20.0{i + 1}2", error) for i, error in enumerate(errors))
    return PointResult(code, name, runs, mean, "0.01", "0.06", "2", "0.30", "0.10", "pass", U_to_mpe="0.20")


RESULTS = Results(
    columns=(
        Column("flow", B("流量", "Flow rate"), "L/min"),
        Column("v_j", B("示值", "Indication"), "L"),
        Column("v_bt", B("实际体积", "Volume"), "L"),
        Column("e_v", B("误差", "Error"), "%", signed=True),
    ),
    points=(
        _point("q1", B("大流量", "High flow"), ("0.18", "0.19", "0.20"), "0.19"),
        _point("q2", B("小流量", "Low flow"), ("-0.15", "-0.14", "-0.16"), "-0.15"),
    ),
)

CERTIFICATE = CertificateContent(
    kind="verification",
    number="PLDEMO-J-2025-000042-K",
    institution=Institution(
        name=B("示例市计量检定测试院", "Example City Institute of Metrology"),
        code="PLDEMO",
        authorisation_number="（示例）法计 2024 00000 号",
        address=B("示例市示例路 1 号", "1 Example Road, Example City"),
        postcode="000000",
        phone="0000-00012345",
        fax="0000-00012346",
        email="office@example.org",
    ),
    applicant=Applicant(B("示例石油销售有限公司城西加油站", "Example Petrol, West Station"), B("示例市城西路 9 号")),
    instrument=Instrument(
        name=B("燃油加油机", "Fuel dispenser"),
        model="EX-FD-4",
        serial="EX-19-30417",
        maker=B("示例加油设备有限公司", "Example Dispenser Works"),
        code="PL-4K7M-2X9Q-8H-T",
        position=B("3 号机 2 号枪，95 号汽油", "Dispenser 3, nozzle 2, petrol 95"),
        range="(5 ~ 50) L/min",
        accuracy_class="0.3",
    ),
    regulation=RegulationCited("JJG 443", "2015", B("燃油加油机", "Fuel dispensers")),
    conclusion=B("合格", "Conforms"),
    acts=(
        Act("verifier", B("示例检定员甲", "Example Verifier A"), AT, "EX-Q-001"),
        Act("checker", B("示例核验员乙", "Example Checker B"), AT, "EX-Q-002"),
        Act("approver", B("示例授权签字人丙", "Example Approver C"), AT, "EX-Q-003"),
    ),
    performed_on=date(2025, 11, 20),
    valid_until=date(2026, 5, 19),
    issued_on=date(2025, 11, 21),
    raw_record_number="PLDEMO-R-2025-000042",
    place=B("示例石油城西加油站 3 号岛", "Example Petrol, West Station, island 3"),
    place_kind="customer",
    environment=(Condition(B("温度", "Temperature"), "18.6", "℃"), Condition(B("相对湿度", "Humidity"), "52", "%RH")),
    standards=(
        StandardUsed(
            B("标准金属量器", "Standard measure"),
            "EX-V20-03",
            "20 L",
            "U = 0.025 %, k = 2",
            "EX-S-2025-0518",
            date(2026, 5, 18),
        ),
        StandardUsed(
            B("数字温度计", "Digital thermometer"),
            "EX-T-11",
            "(-10 ~ 50) ℃",
            "MPE ±0.2 ℃",
            "EX-S-2025-0228",
            date(2026, 2, 28),
        ),
        StandardUsed(
            B("秒表", "Stopwatch"), "EX-W-02", "(0 ~ 3600) s", "MPE ±0.5 s/d", "EX-S-2025-0114", date(2026, 1, 13)
        ),
    ),
    results=RESULTS,
    checks=(
        CheckOutcome("seals", B("铅封", "Seals"), "ok"),
        CheckOutcome("codes", B("编码一致", "Codes match type"), "ok"),
        CheckOutcome("lock", B("错码自锁", "Self-lock"), "not_checked"),
        CheckOutcome("zero", B("示值回零", "Zero reset"), "ok"),
    ),
    banners=(
        B("本规则数据尚未由人核对原文。", "The rule data have not yet been checked against the original by a person."),
    ),
    lookup_url="http://localhost:8000/c/0123456789ABCDEFGHJKMNPQRS",
    lookup_code="0123456789ABCDEFGHJKMNPQRS",
    demo=True,
)

NOTICE = replace(
    CERTIFICATE,
    kind="result_notice",
    number="PLDEMO-T-2025-000007-3",
    conclusion=B("不合格", "Does not conform"),
    valid_until=None,
    results=replace(
        RESULTS,
        points=(
            replace(RESULTS.points[0], error="0.42", verdict="fail"),
            replace(RESULTS.points[1], repeatability="0.12", verdict="fail"),
        ),
    ),
    checks=(CheckOutcome("seals", B("铅封", "Seals"), "fail"), *CERTIFICATE.checks[1:]),
    failed_items=(
        B(
            "大流量示值误差 +0.42 %，超过最大允许误差 ±0.30 %",
            "High flow: error of indication +0.42 % exceeds the limit ±0.30 %",
        ),
        B("小流量重复性 0.12 %，超过 0.10 %", "Low flow: repeatability 0.12 % exceeds 0.10 %"),
        B("铅封不完整", "Seals not intact"),
    ),
)

DRAFT = replace(CERTIFICATE, number=None, issued_on=None, lookup_url="", lookup_code="")
