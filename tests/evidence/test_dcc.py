"""The DCC: valid by the official schema, complete, repeatable, and read back as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.errors import InputError, ProofError, StateError
from plumbline.evidence.document.content import Bilingual, CertificateContent, PointResult, Results
from plumbline.evidence.document.dcc import build_dcc
from plumbline.evidence.document.dsi import _BY_SYMBOL, dsi_unit, is_dsi_unit
from plumbline.evidence.document.facts import read_dcc
from plumbline.evidence.document.schema import find_schema, parse_xml, validate_dcc
from tests.evidence.samples import CERTIFICATE, DRAFT, NOTICE
from tests.shared_data import shared_path

names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
)
decimals = st.decimals(-9, 9, places=2).map(str)


def _schemas() -> Path:
    return shared_path("data/dcc/xsd")


@pytest.mark.parametrize(
    "content", [CERTIFICATE, NOTICE, replace(CERTIFICATE, supersedes="PLDEMO-J-2025-000001-Z", demo=False)]
)
def test_document_is_valid_by_the_official_schema(content: CertificateContent) -> None:
    validate_dcc(build_dcc(content), _schemas())


@settings(max_examples=60, deadline=None)
@given(names, names, decimals, st.sampled_from(["pass", "fail", "unknown"]), st.none() | st.just("0.30"))
def test_any_content_gives_a_valid_document(name: str, serial: str, error: str, verdict: str, mpe: str | None) -> None:
    point = PointResult("q1", Bilingual(name), (), error, None, "0.06", "2.5", mpe, None, verdict)
    content = replace(
        CERTIFICATE,
        instrument=replace(CERTIFICATE.instrument, name=Bilingual(name), serial=serial, model="", code=""),
        results=Results((), (point,)),
        standards=(),
        environment=(),
        checks=(),
    )
    xml = build_dcc(content)
    validate_dcc(xml, _schemas())
    assert read_dcc(xml).points[0].verdict == (verdict if verdict != "unknown" else None)


def test_notice_without_any_measurement_is_valid() -> None:
    xml = build_dcc(replace(NOTICE, results=Results((), ())))
    validate_dcc(xml, _schemas())
    assert read_dcc(xml).points == ()


def test_same_content_gives_the_same_bytes() -> None:
    assert build_dcc(CERTIFICATE) == build_dcc(replace(CERTIFICATE))


def test_record_says_what_the_certificate_says() -> None:
    facts = read_dcc(build_dcc(CERTIFICATE))
    assert (facts.number, facts.kind, facts.conformity, facts.demo) == (
        CERTIFICATE.number,
        "verification",
        "pass",
        True,
    )
    assert facts.institution == CERTIFICATE.institution.name
    assert facts.authorisation_number == CERTIFICATE.institution.authorisation_number
    assert facts.applicant == CERTIFICATE.applicant.name
    assert (facts.instrument, facts.maker) == (CERTIFICATE.instrument.name, CERTIFICATE.instrument.maker)
    assert facts.position == CERTIFICATE.instrument.position
    assert (facts.model, facts.serial) == (CERTIFICATE.instrument.model, CERTIFICATE.instrument.serial)
    assert facts.instrument_code == CERTIFICATE.instrument.code
    assert facts.regulation == "JJG 443-2015"
    assert facts.regulation_name == CERTIFICATE.regulation.name
    assert (facts.performed_on, facts.valid_until) == (date(2025, 11, 20), date(2026, 5, 19))
    assert facts.issued_on == date(2025, 11, 21)
    assert facts.conclusion == CERTIFICATE.conclusion
    assert facts.place == CERTIFICATE.place
    assert facts.raw_record_number == CERTIFICATE.raw_record_number
    assert facts.lookup_code == CERTIFICATE.lookup_code
    assert facts.banners == CERTIFICATE.banners
    assert facts.statements == CERTIFICATE.statements


def test_record_holds_every_result_and_standard() -> None:
    facts = read_dcc(build_dcc(CERTIFICATE))
    assert [point.error for point in facts.points] == ["0.19", "-0.15"]
    assert {(p.U, p.k, p.mpe, p.repeatability, p.repeatability_limit, p.verdict, p.unit) for p in facts.points} == {
        ("0.06", "2", "0.30", "0.01", "0.10", "pass", r"\percent")
    }
    assert [(s.number, s.certificate_number, s.valid_until) for s in facts.standards] == [
        (s.number, s.certificate_number, s.valid_until.isoformat()) for s in CERTIFICATE.standards
    ]
    assert [check.outcome for check in facts.checks] == ["ok", "ok", "not_checked", "ok"]


def test_notice_has_failed_items_and_no_validity() -> None:
    facts = read_dcc(build_dcc(NOTICE))
    assert facts.valid_until is None
    assert facts.conformity == "fail"
    assert facts.failed_items == NOTICE.failed_items


def test_every_unit_of_the_document_is_a_d_si_unit() -> None:
    tree = parse_xml(build_dcc(CERTIFICATE))
    units = [element.text or "" for element in tree.iter("{https://ptb.de/si}unit", "{https://ptb.de/si}unitXMLList")]
    assert len(units) > 10
    assert all(map(is_dsi_unit, units))


@pytest.mark.parametrize("symbol", sorted(_BY_SYMBOL))
def test_every_unit_of_the_table_is_well_formed(symbol: str) -> None:
    assert is_dsi_unit(dsi_unit(symbol))


@pytest.mark.parametrize(
    "text", ["", "L", r"\litre/\minute", r"\kilo", r"\tothe{2}", r"\metre\tothe{x}", r"\litre \minute"]
)
def test_text_that_is_no_d_si_unit_is_known(text: str) -> None:
    assert not is_dsi_unit(text)


def test_unknown_unit_is_refused() -> None:
    with pytest.raises(InputError):
        build_dcc(replace(CERTIFICATE, results=replace(CERTIFICATE.results, unit="斤")))


def test_draft_has_no_record() -> None:
    with pytest.raises(InputError):
        build_dcc(DRAFT)


def test_control_character_in_a_name_is_refused() -> None:
    with pytest.raises(InputError):
        build_dcc(replace(CERTIFICATE, conclusion=Bilingual("合\x00格")))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "calibration"},
        {"valid_until": None},
        {"failed_items": (Bilingual("x"),)},
        {"issued_on": None},
        {"place_kind": "onsite"},
    ],
)
def test_contradictory_content_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        replace(CERTIFICATE, **changes)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("changes", [{"valid_until": date(2026, 1, 1)}, {"failed_items": ()}])
def test_contradictory_notice_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        replace(NOTICE, **changes)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("changes", [{"error": "0,19"}, {"verdict": "perhaps"}, {"mpe": "±0.3"}])
def test_result_that_is_no_decimal_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(InputError):
        replace(CERTIFICATE.results.points[0], **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_run_with_too_few_values_is_refused() -> None:
    with pytest.raises(InputError):
        replace(CERTIFICATE.results, columns=CERTIFICATE.results.columns[:2])


# ---- reading foreign XML --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dtd.xml", "xmlbomb2.xml"])
def test_published_xml_bomb_is_refused(name: str) -> None:
    with pytest.raises(ProofError):
        parse_xml(shared_path(f"data/trust/xml_bombs/{name}").read_bytes())


def test_harmless_xml_is_read() -> None:
    assert parse_xml(shared_path("data/trust/xml_bombs/simple.xml").read_bytes()).tag == "root"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a/>" + b" " * 5_000_001,
        b"<a>" * 101 + b"</a>" * 101,
        b"<!doctype a><a/>",
        b"<!-- x --><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a/>".encode("utf-16"),
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<a>&#0;</a>",
    ],
)
def test_hostile_xml_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        parse_xml(data)


@pytest.mark.parametrize("xml", [b"<a/>", b"<digitalCalibrationCertificate xmlns='https://ptb.de/dcc'/>"])
def test_xml_that_is_no_certificate_of_ours_is_refused(xml: bytes) -> None:
    with pytest.raises(ProofError):
        read_dcc(xml)


def test_published_invalid_document_is_refused_with_its_lines() -> None:
    xml = shared_path("data/dcc/examples/dcclib_invalid_schema.xml").read_bytes()
    with pytest.raises(ProofError, match="17:"):
        validate_dcc(xml, _schemas())


@pytest.mark.parametrize("name", ["dcclib_valid.xml", "dcclib_valid_signature.xml"])
def test_published_valid_document_is_accepted(name: str) -> None:
    validate_dcc(shared_path(f"data/dcc/examples/{name}").read_bytes(), _schemas())


def test_missing_schema_is_said(tmp_path: Path) -> None:
    assert find_schema(tmp_path) is None
    with pytest.raises(StateError):
        validate_dcc(build_dcc(CERTIFICATE), tmp_path)
