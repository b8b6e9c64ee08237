"""Answers what a DCC of ours says, for pages that must show the verified record and never the PDF's text.

Reads only documents made by `dcc` (and tolerates members it does not know). Validity of bytes, schema and signature is
left to the callers, who check before they read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from plumbline.errors import ProofError, say
from plumbline.evidence.document.content import Bilingual
from plumbline.evidence.document.schema import parse_xml

_NS = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}


@dataclass(frozen=True)
class PointFacts:
    """Result at one point: decimal text; None where the document is silent. Units are D-SI texts."""

    code: str
    name: Bilingual
    error: str
    unit: str
    U: str
    k: str
    mpe: str | None
    repeatability: str | None
    repeatability_limit: str | None
    verdict: str | None


@dataclass(frozen=True)
class StandardFacts:
    """A measurement standard that was used."""

    name: Bilingual
    number: str
    range: str
    accuracy: str
    certificate_number: str
    valid_until: str


@dataclass(frozen=True)
class CheckFacts:
    """A visual or tamper check with its outcome: "ok", "fail" or "not_checked"."""

    name: Bilingual
    outcome: str


@dataclass(frozen=True)
class DccFacts:
    """What a certificate says, as read from its record."""

    number: str
    kind: str
    demo: bool
    institution: Bilingual
    authorisation_number: str
    phone: str
    applicant: Bilingual
    instrument: Bilingual
    position: Bilingual
    maker: Bilingual
    model: str
    serial: str
    range: str
    accuracy_class: str
    instrument_code: str
    regulation: str
    regulation_name: Bilingual
    performed_on: date
    issued_on: date | None
    valid_until: date | None
    conformity: str
    conclusion: Bilingual
    place: Bilingual
    raw_record_number: str
    lookup_code: str
    supersedes: str | None
    points: tuple[PointFacts, ...]
    standards: tuple[StandardFacts, ...]
    checks: tuple[CheckFacts, ...]
    failed_items: tuple[Bilingual, ...]
    statements: tuple[Bilingual, ...]
    banners: tuple[Bilingual, ...]


def read_dcc(xml: bytes) -> DccFacts:
    """Return the facts of a DCC. Raises: ProofError if it is no DCC or lacks what every certificate of ours has."""
    root = parse_xml(xml)
    if root.tag != f"{{{_NS['dcc']}}}digitalCalibrationCertificate":
        raise ProofError(say("这个 XML 不是 DCC"), remedy=say("向出具单位索取原始文件"))
    try:
        return _facts(root)
    except (IndexError, StopIteration, ValueError) as error:
        raise ProofError(say("DCC 缺少证书应有的内容"), remedy=say("向出具单位索取原始文件")) from error


def _facts(root: etree._Element) -> DccFacts:
    core = _find(root, "dcc:administrativeData/dcc:coreData")
    item = _find(root, "dcc:administrativeData/dcc:items/dcc:item")
    laboratory = _find(root, "dcc:administrativeData/dcc:calibrationLaboratory")
    statements = _find(root, "dcc:administrativeData/dcc:statements")
    result = _find(root, "dcc:measurementResults/dcc:measurementResult")
    conclusion = _by_ref(statements, "statement", ref="basic_conformity")[0]
    valid_until = _by_ref(statements, "statement", ref="plumbline_validUntil")
    return DccFacts(
        number=_required(core, "dcc:uniqueIdentifier"),
        kind=_identification(core, "kind"),
        demo=bool(_by_ref(statements, "statement", ref="plumbline_demo")),
        institution=_texts(laboratory, "dcc:contact/dcc:name"),
        authorisation_number=_text(laboratory, "dcc:calibrationLaboratoryCode") or "",
        phone=_text(laboratory, "dcc:contact/dcc:phone") or "",
        applicant=_texts(root, "dcc:administrativeData/dcc:customer/dcc:name"),
        instrument=_texts(item, "dcc:name"),
        position=_texts(item, "dcc:description"),
        maker=_texts(item, "dcc:manufacturer/dcc:name"),
        model=_text(item, "dcc:model") or "",
        serial=_identification(item, "serial"),
        range=_identification(item, "range"),
        accuracy_class=_identification(item, "accuracyClass"),
        instrument_code=_identification(item, "instrumentCode"),
        regulation=_required(conclusion, "dcc:norm"),
        regulation_name=_texts(result, "dcc:usedMethods/dcc:usedMethod/dcc:name"),
        performed_on=date.fromisoformat(_required(core, "dcc:endPerformanceDate")),
        issued_on=_date(_text(core, "dcc:issueDate")),
        valid_until=_date(_text(valid_until[0], "dcc:date")) if valid_until else None,
        conformity=_required(conclusion, "dcc:conformity"),
        conclusion=_texts(conclusion, "dcc:declaration"),
        place=_texts(
            result, "dcc:influenceConditions/dcc:influenceCondition[@refType='plumbline_place']/dcc:data/dcc:text"
        ),
        raw_record_number=_identification(core, "rawRecord"),
        lookup_code=_identification(core, "lookupCode"),
        supersedes=_text(core, "dcc:reportAmendedSubstituted/dcc:replacedUniqueIdentifier"),
        points=tuple(_point(part) for part in _by_ref(_find(result, "dcc:results"), "result", ref="plumbline_point")),
        standards=tuple(
            _standard(part) for part in result.iterfind("dcc:measuringEquipments/dcc:measuringEquipment", _NS)
        ),
        checks=tuple(_check(part) for part in result.iterfind("dcc:measurementMetaData/dcc:metaData", _NS)),
        failed_items=_declarations(statements, "plumbline_failedItem"),
        statements=_declarations(statements, "plumbline_statement"),
        banners=_declarations(statements, "plumbline_ruleNotChecked"),
    )


def _point(result: etree._Element) -> PointFacts:
    table = _find(result, "dcc:data/dcc:list")
    error = _by_ref(table, "quantity", ref="basic_measurementError")[0]
    meta = _find(error, "dcc:measurementMetaData/dcc:metaData")
    upper = [
        part
        for data in meta.iterfind("dcc:data", _NS)
        for part in _by_ref(data, "quantity", ref="basic_toleranceLimitUpper")
    ]
    uncertainty = "si:real/si:measurementUncertaintyUnivariate/si:expandedMU"
    return PointFacts(
        code=_code(result, "plumbline_point_"),
        name=_texts(result, "dcc:name"),
        error=_required(error, "si:real/si:value"),
        unit=_required(error, "si:real/si:unit"),
        U=_required(error, f"{uncertainty}/si:valueExpandedMU"),
        k=_required(error, f"{uncertainty}/si:coverageFactor"),
        mpe=_text(upper[0], "si:real/si:value") if upper else None,
        repeatability=_quantity(table, "plumbline_repeatability"),
        repeatability_limit=_quantity(table, "plumbline_repeatabilityLimit"),
        verdict=_text(meta, "dcc:conformity"),
    )


def _standard(equipment: etree._Element) -> StandardFacts:
    return StandardFacts(
        name=_texts(equipment, "dcc:name"),
        number=_identification(equipment, "number"),
        range=_identification(equipment, "range"),
        accuracy=_identification(equipment, "accuracy"),
        certificate_number=_identification(equipment, "certificate"),
        valid_until=_identification(equipment, "validUntil"),
    )


def _check(meta: etree._Element) -> CheckFacts:
    outcomes = {"pass": "ok", "fail": "fail"}
    return CheckFacts(_texts(meta, "dcc:name"), outcomes.get(_text(meta, "dcc:conformity") or "", "not_checked"))


def _quantity(table: etree._Element, ref: str) -> str | None:
    found = _by_ref(table, "quantity", ref=ref)
    return _text(found[0], "si:real/si:value") if found else None


def _declarations(statements: etree._Element, ref: str) -> tuple[Bilingual, ...]:
    return tuple(_texts(part, "dcc:declaration") for part in _by_ref(statements, "statement", ref=ref))


def _identification(parent: etree._Element, ref: str) -> str:
    path = f"dcc:identifications/dcc:identification[@refType='plumbline_{ref}']/dcc:value"
    return _text(parent, path) or ""


def _by_ref(parent: etree._Element, tag: str, *, ref: str) -> list[etree._Element]:
    return [part for part in parent.iterfind(f"dcc:{tag}", _NS) if ref in (part.get("refType") or "").split()]


def _code(element: etree._Element, prefix: str) -> str:
    """Return what a reference of an element names after a prefix."""
    references = (element.get("refType") or "").split()
    return next(each.removeprefix(prefix) for each in references if each.startswith(prefix))


def _find(parent: etree._Element, path: str) -> etree._Element:
    found = parent.find(path, _NS)
    if found is None:
        raise ValueError(path)
    return found


def _text(parent: etree._Element, path: str) -> str | None:
    return parent.findtext(path, None, _NS)


def _required(parent: etree._Element, path: str) -> str:
    value = _text(parent, path)
    if not value:
        raise ValueError(path)
    return value


def _texts(parent: etree._Element, path: str) -> Bilingual:
    found = parent.find(path, _NS)
    parts = {} if found is None else {part.get("lang"): part.text or "" for part in found.iterfind("dcc:content", _NS)}
    return Bilingual(parts.get("zh", ""), parts.get("en", ""))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
