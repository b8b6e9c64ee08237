r"""Answers which DCC XML records a certificate: the signed original, of which every other form is a view.

DCC schema 3.3.0 (PTB) with D-SI 2.2.1. A DCC has no "valid until": it is a statement with a date and a conformity
(refType `plumbline_validUntil`). Chinese is the mandatory language, English stands beside it where it is known.
Validation is left to `schema`, reading back to `facts`.
"""

from __future__ import annotations

from lxml import etree

from plumbline import __version__
from plumbline.errors import InputError, say
from plumbline.evidence.document.content import (
    CHINA,
    Act,
    Bilingual,
    CertificateContent,
    CheckOutcome,
    Column,
    Condition,
    PointResult,
    StandardUsed,
)
from plumbline.evidence.document.dsi import dsi_unit

DCC = "https://ptb.de/dcc"
SI = "https://ptb.de/si"
SCHEMA_VERSION = "3.3.0"

Element = etree._Element


def build_dcc(content: CertificateContent) -> bytes:
    """Return the DCC of an issued certificate or result notice. Same content, same bytes.

    Raises: InputError for a draft (it has no number), an unknown unit, or a text that XML cannot hold.
    """
    if content.number is None:
        raise InputError(say("草稿没有编号，不能生成 DCC"), remedy=say("先签发"))
    schema = f"{DCC} https://ptb.de/dcc/v{SCHEMA_VERSION}/dcc.xsd"
    instance = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
    root = etree.Element(
        f"{{{DCC}}}digitalCalibrationCertificate",
        {instance: schema, "schemaVersion": SCHEMA_VERSION},
        nsmap={"dcc": DCC, "si": SI, "xsi": "http://www.w3.org/2001/XMLSchema-instance"},
    )
    try:
        _administrative_data(root, content)
        _measurement_results(root, content)
    except ValueError as error:  # lxml refuses control characters
        raise InputError(say("证书内容里有 XML 不能保存的字符"), remedy=say("删除名称和编号里的控制字符")) from error
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


# ---- administrative data --------------------------------------------------------------------------------------------


def _administrative_data(root: Element, content: CertificateContent) -> None:
    data = _add(root, "administrativeData")
    software = _add(_add(data, "dccSoftware"), "software")
    _text(software, "name", text=Bilingual("准绳", "Plumbline"))
    _value(software, "release", value=__version__)
    _core_data(data, content)
    _item(data, content)
    _laboratory(data, content)
    persons = _add(data, "respPersons")
    for act in content.acts:
        _person(persons, act)
    customer = _add(data, "customer")
    _text(customer, "name", text=content.applicant.name)
    _location(customer, content.applicant.address, postcode="")
    _statements(data, content)


def _core_data(data: Element, content: CertificateContent) -> None:
    core = _add(data, "coreData")
    _value(core, "countryCodeISO3166_1", value="CN")
    for tag, language in (("used", "zh"), ("used", "en"), ("mandatory", "zh")):
        _value(core, f"{tag}LangCodeISO639_1", value=language)
    _value(core, "uniqueIdentifier", value=content.number or "")
    identifications = _add(core, "identifications")
    _identification(identifications, "calibrationLaboratory", value=content.raw_record_number, ref="rawRecord")
    _identification(identifications, "calibrationLaboratory", value=content.lookup_code, ref="lookupCode")
    _identification(identifications, "calibrationLaboratory", value=content.kind, ref="kind")
    _value(core, "beginPerformanceDate", value=content.performed_on.isoformat())
    _value(core, "endPerformanceDate", value=content.performed_on.isoformat())
    _value(core, "performanceLocation", value=content.place_kind)
    if content.issued_on is not None:
        _value(core, "issueDate", value=content.issued_on.isoformat())
    if content.supersedes is not None:
        amended = _add(core, "reportAmendedSubstituted")
        _value(amended, "typeOfChange", value="substituted")
        _value(amended, "replacedUniqueIdentifier", value=content.supersedes)


def _item(data: Element, content: CertificateContent) -> None:
    instrument = content.instrument
    item = _add(_add(data, "items"), "item")
    _text(item, "name", text=instrument.name)
    if instrument.position.zh:
        _text(item, "description", text=instrument.position, ref="plumbline_position")
    if instrument.maker.zh:
        _text(_add(item, "manufacturer"), "name", text=instrument.maker)
    _value(item, "model", value=instrument.model)
    identifications = _add(item, "identifications")
    _identification(identifications, "manufacturer", value=instrument.serial, ref="serial")
    _identification(identifications, "other", value=instrument.code, ref="instrumentCode")
    _identification(identifications, "other", value=instrument.range, ref="range")
    _identification(identifications, "other", value=instrument.accuracy_class, ref="accuracyClass")


def _laboratory(data: Element, content: CertificateContent) -> None:
    institution = content.institution
    laboratory = _add(data, "calibrationLaboratory")
    _value(laboratory, "calibrationLaboratoryCode", value=institution.authorisation_number)
    contact = _add(laboratory, "contact")
    _text(contact, "name", text=institution.name)
    _value(contact, "eMail", value=institution.email)
    _value(contact, "phone", value=institution.phone)
    _value(contact, "fax", value=institution.fax)
    _location(contact, institution.address, postcode=institution.postcode)


def _person(persons: Element, act: Act) -> None:
    person = _add(persons, "respPerson", ref=f"plumbline_{act.role}")
    _text(_add(person, "person"), "name", text=act.name)
    number = f"，资格编号 {act.qualification_number}" if act.qualification_number else ""
    number_en = f", qualification {act.qualification_number}" if act.qualification_number else ""
    moment = act.at.astimezone(CHINA).isoformat(timespec="seconds")
    _text(person, "description", text=Bilingual(f"时间 {moment}{number}", f"at {moment}{number_en}"))
    _value(person, "role", value=act.role)
    _value(person, "mainSigner", value="true" if act.role == "approver" else "false")


def _statements(data: Element, content: CertificateContent) -> None:
    statements = _add(data, "statements")
    conformity = "pass" if content.kind == "verification" else "fail"
    conclusion = _add(statements, "statement", ref="basic_conformity")
    _text(conclusion, "name", text=Bilingual("检定结论", "Conclusion"))
    _value(conclusion, "norm", value=f"{content.regulation.number}-{content.regulation.edition}")
    _text(conclusion, "declaration", text=content.conclusion)
    _value(conclusion, "date", value=content.performed_on.isoformat())
    _value(conclusion, "conformity", value=conformity)
    if content.valid_until is not None:
        validity = _add(statements, "statement", ref="plumbline_validUntil")
        _text(validity, "name", text=Bilingual("有效期至", "Valid until"))
        _text(
            validity,
            "declaration",
            text=Bilingual("结论在此日期（含）前有效。", "The conclusion holds up to this day."),
        )
        _value(validity, "date", value=content.valid_until.isoformat())
        _value(validity, "conformity", value=conformity)
    texts = [("failedItem", text, "fail") for text in content.failed_items]
    texts += [("statement", text, "") for text in content.statements]
    texts += [("ruleNotChecked", text, "") for text in content.banners]
    texts += [("demo", Bilingual("演示数据，没有法律效力", "DEMO data without legal effect"), "")] * content.demo
    for ref, text, verdict in texts:
        statement = _add(statements, "statement", ref=f"plumbline_{ref}")
        _text(statement, "declaration", text=text)
        _value(statement, "conformity", value=verdict)


# ---- results --------------------------------------------------------------------------------------------------------


def _measurement_results(root: Element, content: CertificateContent) -> None:
    result = _add(_add(root, "measurementResults"), "measurementResult")
    _text(result, "name", text=Bilingual("检定结果", "Results"))
    method = _add(_add(result, "usedMethods"), "usedMethod", ref="plumbline_regulation")
    _text(method, "name", text=content.regulation.name)
    _value(method, "norm", value=f"{content.regulation.number}-{content.regulation.edition}")
    if content.standards:
        equipments = _add(result, "measuringEquipments")
        for standard in content.standards:
            _equipment(equipments, standard)
    conditions = _add(result, "influenceConditions")
    _place(conditions, content.place)
    for condition in content.environment:
        _condition(conditions, condition)
    results = _add(result, "results")
    for point in content.results.points:
        _point(results, point, columns=content.results.columns, unit=content.results.unit)
    if not content.results.points:
        _no_points(results)
    if content.checks:
        meta = _add(result, "measurementMetaData")
        for check in content.checks:
            _check(meta, check)


def _equipment(equipments: Element, standard: StandardUsed) -> None:
    equipment = _add(equipments, "measuringEquipment", ref="basic_standardUsed")
    _text(equipment, "name", text=standard.name)
    identifications = _add(equipment, "identifications")
    rows = {
        "number": standard.number,
        "range": standard.range,
        "accuracy": standard.accuracy,
        "certificate": standard.certificate_number,
        "validUntil": standard.valid_until.isoformat(),
    }
    for ref, value in rows.items():
        _identification(identifications, "calibrationLaboratory", value=value, ref=ref)


def _place(conditions: Element, place: Bilingual) -> None:
    condition = _add(conditions, "influenceCondition", ref="plumbline_place")
    _text(condition, "name", text=Bilingual("检定地点", "Place of verification"))
    _text(_add(condition, "data"), "text", text=place)


def _condition(conditions: Element, given: Condition) -> None:
    condition = _add(conditions, "influenceCondition", ref="plumbline_environment")
    _text(condition, "name", text=given.name)
    quantity = _add(_add(condition, "data"), "quantity")
    _real(quantity, given.value, unit=given.unit)


def _point(results: Element, point: PointResult, *, columns: tuple[Column, ...], unit: str) -> None:
    result = _add(results, "result", ref=f"plumbline_point plumbline_point_{point.code}")
    _text(result, "name", text=point.name)
    table = _add(_add(result, "data"), "list")
    for number, column in enumerate(columns if point.runs else ()):
        quantity = _add(table, "quantity", ref=f"plumbline_run plumbline_run_{column.code}")
        _text(quantity, "name", text=column.name)
        _real_list(quantity, [run[number] for run in point.runs], unit=column.unit)
    error = _add(table, "quantity", ref="basic_measurementError")
    _text(error, "name", text=Bilingual("示值误差（平均）", "Error of indication (mean)"))
    _real(error, point.error, unit=unit, uncertainty=(point.U, point.k, point.coverage or "NaN"))
    _limits(error, point, unit=unit)
    if point.repeatability is not None:
        repeatability = _add(table, "quantity", ref="plumbline_repeatability")
        _text(repeatability, "name", text=Bilingual("重复性", "Repeatability"))
        _real(repeatability, point.repeatability, unit=unit)
    if point.repeatability_limit is not None:
        limit = _add(table, "quantity", ref="plumbline_repeatabilityLimit")
        _text(limit, "name", text=Bilingual("重复性限", "Repeatability limit"))
        _real(limit, point.repeatability_limit, unit=unit)


def _limits(quantity: Element, point: PointResult, *, unit: str) -> None:
    """Write verdict and limits beside the error, as the good-practice files do."""
    meta = _add(_add(quantity, "measurementMetaData"), "metaData", ref="basic_conformity")
    _text(meta, "name", text=Bilingual("符合性", "Conformity"))
    _value(meta, "conformity", value=point.verdict if point.verdict != "unknown" else "")
    if point.mpe is None:
        return
    data = _add(meta, "data")
    limits = (("Lower", "下限", f"-{point.mpe}"), ("Upper", "上限", point.mpe))
    for side, name, value in limits:
        limit = _add(data, "quantity", ref=f"basic_toleranceLimit{side}")
        _text(limit, "name", text=Bilingual(f"最大允许误差{name}", f"{side} maximum permissible error"))
        _real(limit, value, unit=unit)


def _no_points(results: Element) -> None:
    result = _add(results, "result", ref="plumbline_noPoint")
    _text(result, "name", text=Bilingual("测量结果", "Measurement results"))
    _text(
        _add(result, "data"), "text", text=Bilingual("没有测量，见不合格项目。", "Not measured; see the failed items.")
    )


def _check(meta: Element, check: CheckOutcome) -> None:
    data = _add(meta, "metaData", ref=f"plumbline_check plumbline_check_{check.code}")
    _text(data, "name", text=check.name)
    words = {
        "ok": Bilingual("符合", "Pass"),
        "fail": Bilingual("不符合", "Fail"),
        "not_checked": Bilingual("未检", "Not checked"),
    }
    _text(data, "declaration", text=words[check.outcome])
    _value(data, "conformity", value={"ok": "pass", "fail": "fail"}.get(check.outcome, ""))


# ---- small parts ----------------------------------------------------------------------------------------------------


def _add(parent: Element, tag: str, *, ref: str = "") -> Element:
    element = etree.SubElement(parent, f"{{{DCC}}}{tag}")
    if ref:
        element.set("refType", ref)
    return element


def _value(parent: Element, tag: str, *, value: str) -> None:
    """Write a non-empty value without surrounding or repeated blanks; an empty one is left out."""
    if cleaned := " ".join(value.split()):
        _add(parent, tag).text = cleaned


def _text(parent: Element, tag: str, *, text: Bilingual, ref: str = "") -> None:
    element = _add(parent, tag, ref=ref)
    for language, words in (("zh", text.zh), ("en", text.en)):
        if words.strip():
            content = _add(element, "content")
            content.set("lang", language)
            content.text = " ".join(words.split())
    if not len(element):
        raise InputError(say("证书里的名称不能为空"), where=say("DCC 元素 {tag}", tag=tag))


def _identification(parent: Element, issuer: str, *, value: str, ref: str) -> None:
    if not value.strip():
        return
    element = _add(parent, "identification", ref=f"plumbline_{ref}")
    _value(element, "issuer", value=issuer)
    _value(element, "value", value=value)


def _location(parent: Element, address: Bilingual, *, postcode: str) -> None:
    location = _add(parent, "location")
    _value(location, "countryCode", value="CN")
    _value(location, "postCode", value=postcode)
    if address.zh.strip():
        _text(location, "further", text=address)


def _real(parent: Element, value: str, *, unit: str, uncertainty: tuple[str, str, str] | None = None) -> None:
    real = etree.SubElement(parent, f"{{{SI}}}real")
    etree.SubElement(real, f"{{{SI}}}value").text = value
    etree.SubElement(real, f"{{{SI}}}unit").text = dsi_unit(unit)
    if uncertainty is not None:
        expanded_value, factor, probability = uncertainty
        outer = etree.SubElement(real, f"{{{SI}}}measurementUncertaintyUnivariate")
        expanded = etree.SubElement(outer, f"{{{SI}}}expandedMU")
        etree.SubElement(expanded, f"{{{SI}}}valueExpandedMU").text = expanded_value
        etree.SubElement(expanded, f"{{{SI}}}coverageFactor").text = factor
        etree.SubElement(expanded, f"{{{SI}}}coverageProbability").text = probability


def _real_list(parent: Element, values: list[str], *, unit: str) -> None:
    real = etree.SubElement(parent, f"{{{SI}}}realListXMLList")
    etree.SubElement(real, f"{{{SI}}}valueXMLList").text = " ".join(values)
    etree.SubElement(real, f"{{{SI}}}unitXMLList").text = dsi_unit(unit)
