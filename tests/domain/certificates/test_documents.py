"""The files of a certificate: what they hold, that they replay, and that a change of one byte is found."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, cast

import pytest

from plumbline.domain.certificates import queries
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.files import queries as files
from plumbline.domain.ledger import queries as log
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import Wanted
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import ProofError, StateError
from plumbline.evidence.canonical import jcs, parse_strict
from plumbline.evidence.document.schema import validate_dcc
from plumbline.evidence.offline import check_bundle
from plumbline.evidence.seal.dsse import open_envelope
from plumbline.evidence.statement import read_payload
from plumbline.rulebook import regulations
from plumbline.rulebook.regulations import task
from plumbline.rulebook.regulations.record import evaluation_as_record
from tests.domain.certificates.issuing import Certified, all_logged, bundle_of, files_of, issued
from tests.shared_data import shared_path
from tests.world import FROM, TODAY, UNTIL, World, moment, sequence

MOST_BYTES = 1_000_000


def read(data: bytes) -> dict[str, Any]:  # Any: JSON of our own
    """Return the members of a JSON file."""
    return cast("dict[str, Any]", parse_strict(data, MOST_BYTES))


def statement_of(document: CertificateFacts) -> dict[str, Any]:  # Any: JSON of our own
    """Return what the issuer said."""
    with scoped(EVERYTHING):
        return cast("dict[str, Any]", read_payload(log.statement(document.statement_id).payload))


def faults() -> list[str]:
    """Return what the audit of certificates finds, in words."""
    return [str(fault) for fault in queries.audit()[1]]


@pytest.mark.parametrize("error", [0.1, 0.45])
def test_the_document_is_valid_by_the_official_schema(world: World, error: float) -> None:
    schema = shared_path("data/dcc/xsd")
    validate_dcc(files_of(issued(world, error=error))["dcc.xml"], schema)


def test_the_raw_record_replays_to_the_results_it_holds(certified: Certified) -> None:
    record = read(files_of(certified.document)["record.json"])
    evaluation = task.evaluate(
        regulations.by_id(record["rule"]["id"]), record["observations"], standard=record["standards"][0]["parameters"]
    )
    assert (evaluation_as_record(evaluation), evaluation.verdict) == (record["results"], record["verdict"])


def test_the_raw_record_is_in_its_canonical_form(certified: Certified) -> None:
    record = files_of(certified.document)["record.json"]
    assert jcs(read(record)) == record


def test_the_statement_names_length_and_hash_of_every_file(certified: Certified) -> None:
    document = certified.document
    found = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files_of(document).items()}
    named = {each["name"]: (each["bytes"], each["sha256"]) for each in statement_of(document)["files"]}
    assert named == found


def test_everything_the_certificate_cites_stands_before_it_in_the_log(certified: Certified) -> None:
    document = certified.document
    statement = statement_of(document)
    authz = statement["authz"]
    cited = [authz["qualification"], authz["scope"], *authz["standard"], *statement["evidence"]]
    with scoped(EVERYTHING):
        place = log.index_of(document.statement_id)
    assert place is not None
    assert max(cited) < place


def test_the_measurement_it_cites_is_the_record_it_carries(certified: Certified) -> None:
    document = certified.document
    with scoped(EVERYTHING):
        envelope = log.logged(log.statements_at(statement_of(document)["evidence"]))[0].envelope
    said = read(open_envelope(envelope).payload)
    assert said["record_sha256"] == document.record_sha256


def test_the_look_up_code_is_in_the_document(certified: Certified) -> None:
    document = certified.document
    assert document.code.encode() in files_of(document)["dcc.xml"]


def test_the_pdf_is_marked_as_one_for_archives(certified: Certified) -> None:
    pdf = files_of(certified.document)["certificate.pdf"]
    assert (pdf[:5], b"pdfaid:part>3<" in pdf.replace(b" ", b"")) == (b"%PDF-", True)


def test_off_line_with_keys_from_elsewhere_the_bundle_is_authentic(certified: Certified) -> None:
    document = certified.document
    with scoped(EVERYTHING):
        trust = log.trust_root()
    verdict = check_bundle(bundle_of(document), trust, at=moment())
    assert (verdict["code"], verdict["anchored"], verdict["validity"]) == ("OK", True, "in_date")


def test_trust_file_names_each_key_once_as_its_owner_s_and_for_its_usage(certified: Certified) -> None:
    bureau = certified.actor("bureau")
    with scoped(EVERYTHING):
        registers.attest_body_key(bureau, bureau.organisation_id, valid_from=FROM, valid_to=UNTIL, at=moment())
        keys = read(log.trust_root())["keys"]
    assert [(each["issuer"], each["usage"]) for each in keys] == [
        ("PLUMBLINE-LOG", "log"), ("TESTJ", "seal"), ("TESTY", "seal"),
    ]  # fmt: skip


def test_off_line_the_bundle_holds_after_the_seals_were_renewed(certified: Certified) -> None:
    bureau = certified.actor("bureau")
    with scoped(EVERYTHING):
        for key in ("bureau", "institute"):
            body_id, later = certified.organisations[key], date(UNTIL.year + 1, 12, 31)
            registers.attest_body_key(bureau, body_id, valid_from=UNTIL, valid_to=later, at=moment())
    sequence()
    with scoped(EVERYTHING):
        trust = log.trust_root()
    assert check_bundle(bundle_of(certified.document), trust, at=moment())["code"] == "OK"


def test_off_line_with_its_own_keys_alone_the_bundle_says_so(certified: Certified) -> None:
    assert check_bundle(bundle_of(certified.document), None, at=moment())["code"] == "KEY_NOT_ANCHORED"


def test_off_line_a_certificate_newer_than_the_status_list_is_of_unknown_status(certified: Certified) -> None:
    all_logged()
    verdict = check_bundle(bundle_of(issued(certified, number=1)), None, at=moment())
    assert verdict["status"] == "unknown"


def test_a_bundle_waits_until_the_certificate_is_in_the_log(world: World) -> None:
    document = world.issue(world.approved())
    with pytest.raises(StateError, match="日志"):
        bundle_of(document)


@pytest.mark.parametrize("name", ["dcc_sha256", "pdf_sha256", "record_sha256"])
def test_a_changed_file_is_not_handed_out(certified: Certified, name: str) -> None:
    document = certified.document
    path = files.path_of(getattr(document, name))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(ProofError):
        bundle_of(document)


@pytest.mark.parametrize("name", ["dcc_sha256", "pdf_sha256", "record_sha256"])
def test_the_audit_finds_a_changed_file(certified: Certified, name: str) -> None:
    document = certified.document
    path = files.path_of(getattr(document, name))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert [document.number in fault for fault in faults()] == [True]


def test_the_audit_of_untouched_certificates_finds_nothing(certified: Certified) -> None:
    assert certified.document.number
    assert faults() == []


def test_the_newest_documents_come_first_on_pages_without_loss(world: World) -> None:
    numbers = [issued(world, number=number).number for number in range(3)]
    with scoped(EVERYTHING):
        spec = queries.list_of_certificates(TODAY)
        first = paging.page_of(spec, Wanted(), scope=EVERYTHING, size=2)
        second = paging.page_of(spec, Wanted(token=first.next), scope=EVERYTHING, size=2)
    assert [row["number"] for row in (*first.rows, *second.rows)] == numbers[::-1]


def test_the_list_narrowed_by_a_status_is_what_has_it(certified: Certified) -> None:
    spec = queries.list_of_certificates(TODAY)
    with scoped(EVERYTHING):
        found = {
            status: [row["status"] for row in paging.page_of(spec, asking.read(spec, {"status": [status]}),
                                                             scope=EVERYTHING).rows]
            for status in ("valid", "due", "failed", "revoked", "superseded")
        }  # fmt: skip
    assert found == {status: [status] if status == "valid" else [] for status in found}
