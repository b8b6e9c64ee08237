"""Documents and bundles of earlier versions are still read and checked as they were on their day."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from plumbline.evidence.document.facts import read_dcc
from plumbline.evidence.document.schema import validate_dcc
from plumbline.evidence.offline import check_bundle
from tests.evidence.city import AT
from tests.evidence.samples import CERTIFICATE
from tests.shared_data import shared_path

GOLDEN = Path(__file__).parent / "golden"


TRUST = (GOLDEN / "v1_trust.json").read_bytes()


def test_bundle_of_version_1_with_its_record_is_still_authentic() -> None:
    report = check_bundle((GOLDEN / "v1_bundle_with_record.json").read_bytes(), TRUST, at=AT)
    assert (report["code"], report["status"], report["certificate"]["leaf"]) == ("OK", "good", 6)


def test_bundle_of_version_1_whose_evidence_is_of_no_record_is_refused() -> None:
    report = check_bundle((GOLDEN / "v1_bundle.json").read_bytes(), TRUST, at=AT)
    assert (report["code"], report["exit"]) == ("KEY_NOT_VALID_AT_T", 1)


def test_bundle_of_version_1_carries_the_document() -> None:
    files = json.loads((GOLDEN / "v1_bundle.json").read_bytes())["files"]
    assert base64.b64decode(files["dcc.xml"]) == (GOLDEN / "v1_dcc.xml").read_bytes()


def test_document_of_version_1_is_still_valid_and_says_the_same() -> None:
    xml = (GOLDEN / "v1_dcc.xml").read_bytes()
    facts = read_dcc(xml)
    assert (facts.number, facts.valid_until) == (CERTIFICATE.number, CERTIFICATE.valid_until)
    assert [point.error for point in facts.points] == ["0.19", "-0.15"]
    validate_dcc(xml, shared_path("data/dcc/xsd"))
