"""The page of one instrument as prepared answers: what it is, until when it is good, its errors, its chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.files import queries as files
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, SiteFacts, StandardFacts
from plumbline.errors import ProofError
from plumbline.evidence.canonical import parse_strict
from plumbline.faces.console.shell import Phrase
from plumbline.faces.console.words import certificate_state, document_kind, standard_state, validity
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import IssuedPoint, issued_points
from plumbline.faces.kit.shapes import ChainBranch, ChainLink
from plumbline.rulebook import catalogue
from plumbline.rulebook.regulations import Regulation, has_method

RECORD_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class CertificateRow:
    """One document in the table of an instrument."""

    day: date
    number: str
    url: str
    kind: str
    errors: Sequence[tuple[str, str, str]]
    valid_until: str
    state: str
    word: str


def answer(instrument: InstrumentFacts, newest: CertificateFacts | None, *, today: date) -> list[Phrase]:
    """Return the sentence of the page: its state, and until when."""
    kind, word = validity(newest, instrument.state, category=instrument.category, today=today)
    colour = {"ok": "ok", "due": "due", "over": "bad", "bad": "bad", "rev": "rev"}.get(kind, "")
    phrases = [Phrase(word, colour)]
    if newest is not None and newest.valid_until is not None and newest.status in {"valid", "due"}:
        phrases.append(Phrase(_("有效期至 {day}").format(day=newest.valid_until.isoformat())))
    if newest is None and not has_method(instrument.category):
        phrases.append(Phrase(_("规则库里没有这一类的规程，平台上还不能检定，也没有结果")))
    return phrases


def identity_facts(instrument: InstrumentFacts, regulation: Regulation | None) -> list[tuple[str, str]]:
    """Return what it is: name, model, number, maker, range, class, and what its category adds."""
    facts = [
        (_("名称"), instrument.name_en if formats.is_english() and instrument.name_en else instrument.name_zh),
        (_("型号"), instrument.model),
        (_("出厂编号"), instrument.serial),
        (_("制造单位"), instrument.maker),
        (_("测量范围"), instrument.range_text),
        (_("准确度等级"), instrument.accuracy_class),
    ]
    facts += _attributes(instrument, regulation)
    return [(name, value) for name, value in facts if value]


def _attributes(instrument: InstrumentFacts, regulation: Regulation | None) -> list[tuple[str, str]]:
    """Return the attributes by the words of the rule, where it has them."""
    choices = regulation.choices if regulation else {}
    facts = []
    for code, value in instrument.attributes.items():
        rule = choices.get(code)
        words = {option.value: named(option) for option in rule.options} if rule else {}
        facts.append((named(rule) if rule else code, words.get(value, value)))
    return facts


def use_facts(
    instrument: InstrumentFacts, owner: OrganisationFacts | None, *, site: SiteFacts | None
) -> list[tuple[str, str]]:
    """Return where and for what it is used."""
    category = catalogue.by_code(instrument.category)
    facts = [
        (_("使用单位"), formats.either(owner.name_zh, owner.name_en) if owner else ""),
        (_("地点"), _site_words(site)),
        (_("现场位置"), instrument.place),
        (_("类别"), named(category)),
        (_("行政区划"), instrument.region_code),
        (_("资产编号"), instrument.external_id),
        (_("购置日期"), formats.day(instrument.acquired_on) if instrument.acquired_on else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _site_words(site: SiteFacts | None) -> str:
    """Return name and address of a site."""
    if site is None:
        return ""
    words = (formats.either(site.name_zh, site.name_en), formats.either(site.address_zh, site.address_en))
    return " ".join(part for part in words if part)


def lookup_url(instrument: InstrumentFacts) -> str:
    """Return the address its code leads to."""
    return f"{settings.PLUMBLINE_BASE_URL}/C/{instrument.lookup_code}"


def certificate_rows(documents: Sequence[CertificateFacts]) -> list[CertificateRow]:
    """Return the rows of the table of documents."""
    rows = []
    for place, each in enumerate(documents):
        kind, word = certificate_state(each.status)
        kind = "unk" if kind == "over" and place > 0 else kind
        rows.append(
            CertificateRow(
                day=each.performed_on,
                number=each.number,
                url=reverse("console:certificate", args=[each.number]),
                kind=document_kind(each.kind),
                errors=[(point.name, formats.signed(point.error), point.kind) for point in issued_points(each.facts)],
                valid_until=formats.day(each.valid_until),
                state=kind,
                word=word,
            )
        )
    return rows


def chain_of(instrument: InstrumentFacts, document: CertificateFacts | None) -> list[ChainBranch]:
    """Return the traceability of the newest result: who certified the measurement standard, the standard, the result.

    What no register tells is said to be unknown; nothing above the certificate of the standard is registered here.
    """
    if document is None or document.is_load_test:
        return []
    used = _standards_used(document)
    if not used:
        return [ChainBranch((), missing=_("记录里没有写明所用的计量标准"))]
    return [ChainBranch([*_upper(each), _standard(each, document), *_ends(instrument, document)]) for each in used]


def _standards_used(document: CertificateFacts) -> list[StandardFacts]:
    """Return the measurement standards the record of a document names, as they stood on the day."""
    try:
        content = parse_strict(files.content_of(document.record_sha256), RECORD_MOST_BYTES)
    except ProofError:
        return []
    listed = content.get("standards", []) if isinstance(content, Mapping) else []
    codes = (
        [str(each.get("code", "")) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    )
    held = registers.standards_of(document.body_id, on=document.performed_on)
    return [each for code in codes for each in held if each.code == code]


def _upper(standard: StandardFacts) -> list[ChainLink]:
    return [
        ChainLink(_("上级计量标准"), word=_("上级溯源未登记"), state="unk"),
        ChainLink(
            _("溯源证书"), who=standard.certified_by, value=standard.certificate_no, state="unk", word=_("内容未登记")
        ),
    ]


def _standard(standard: StandardFacts, document: CertificateFacts) -> ChainLink:
    kind, _word = standard_state(standard.valid_from, standard.valid_to, today=document.performed_on)
    is_valid = kind in {"ok", "due"}
    words = _("检定日有效，至 {day}") if is_valid else _("检定日不在有效期，至 {day}")
    return ChainLink(
        standard.name_en if formats.is_english() and standard.name_en else standard.name_zh,
        who=standard.code,
        value=standard.uncertainty_text,
        word=words.format(day=standard.valid_to.isoformat()),
        state="ok" if is_valid else "over",
        url=reverse("console:standard", args=[standard.id]),
    )


def _ends(instrument: InstrumentFacts, document: CertificateFacts) -> list[ChainLink]:
    points = issued_points(document.facts)
    worst = max(points, key=lambda point: abs(float(point.error or 0)), default=None)
    kind, word = certificate_state(document.status)
    rule = document.facts.get("rule", {})
    title = f"{rule.get('number', '')}-{rule.get('edition', '')}" if isinstance(rule, Mapping) else ""
    verification = ChainLink(
        _("{day} 检定").format(day=document.performed_on.isoformat()),
        who=title,
        value=f"U = {formats.quantity(worst.U, worst.unit)}" if worst and worst.U else "",
        word=word,
        state={"ok": "ok", "over": "due"}.get(kind, "unk"),
        url=reverse("console:certificate", args=[document.number]),
    )
    end = ChainLink(
        instrument.place or formats.either(instrument.name_zh, instrument.name_en),
        who=instrument.identity,
        value=_("误差 {value}").format(value=formats.quantity(formats.signed(worst.error), worst.unit))
        if worst
        else "",
        word=_("限值 {limits}").format(limits=worst.limits.words) if worst else "",
        state={"ok": "ok", "over": "due"}.get(kind, "unk"),
        ratio=_ratio(worst),
        is_end=True,
    )
    return [verification, end]


def _ratio(point: IssuedPoint | None) -> str:
    """Return U : MPE as 1 : n, empty where one is unknown."""
    if point is None or not point.U or not point.mpe or float(point.U) == 0:
        return ""
    return f"1 : {float(point.mpe) / float(point.U):.1f}"
