"""Keys, envelopes and statements."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any  # shape of the vectors

import pytest

from plumbline.errors import InputError, ProofError, StateError
from plumbline.evidence.canonical import encode_base64, jcs, parse_strict
from plumbline.evidence.seal.dsse import open_envelope, pre_authentication_encoding, seal, verify_envelope
from plumbline.evidence.seal.signer import SoftwareSigner, key_id_of, verify_signature
from plumbline.evidence.statement import (
    TYPES,
    CertificateStatement,
    FileEntry,
    certificate_fields,
    key_fields,
    leaf_bytes,
    make_payload,
    read_payload,
)
from tests.evidence.vectors import load

SIGNER = SoftwareSigner.from_seed(bytes(range(32)))
SALT = bytes(16)
NOTE = {"note": "hello"}


def _wycheproof() -> list[tuple[str, dict[str, str]]]:
    groups = load("wycheproof_ed25519_part.json")["testGroups"]
    return [(group["publicKey"]["pk"], case) for group in groups for case in group["tests"]]


def _issued(**changes: Any) -> CertificateStatement:
    given: dict[str, Any] = {
        "cert_no": "DEMO-J-2026-000001-X",
        "kind": "verification",
        "result": "pass",
        "performed_on": date(2026, 11, 20),
        "valid_until": date(2027, 5, 19),
        "issued_at": datetime(2026, 11, 21, 8, tzinfo=UTC),
        "instrument": {"maker": "m", "model": "x", "serial": "1", "code": "PL-0000-0000-00-0"},
        "files": (FileEntry.of("dcc.xml", "application/xml", data=b"<x/>"),),
        "evidence": (3,),
        "authz": {"officer": "p1", "qualification": 0, "scope": 1, "standard": [2]},
    }
    return CertificateStatement(**{**given, **changes})


@pytest.mark.parametrize(("public_key", "case"), _wycheproof(), ids=lambda value: str(value)[:12])
def test_signature_edge_cases_of_wycheproof(public_key: str, case: dict[str, str]) -> None:
    accepted = True
    try:
        verify_signature(bytes.fromhex(public_key), bytes.fromhex(case["sig"]), message=bytes.fromhex(case["msg"]))
    except ProofError:
        accepted = False
    assert accepted == (case["result"] == "valid")


def test_new_key_file_is_private_and_is_read_back(tmp_path: Path) -> None:
    signer = SoftwareSigner.create(tmp_path / "keys" / "body.key")
    assert (tmp_path / "keys" / "body.key").stat().st_mode & 0o777 == 0o600
    assert SoftwareSigner.load(tmp_path / "keys" / "body.key").public_key == signer.public_key
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["body.key"]


def test_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    first = SoftwareSigner.load_or_create(tmp_path / "a.key")
    with pytest.raises(StateError):
        SoftwareSigner.create(tmp_path / "a.key")
    assert SoftwareSigner.load_or_create(tmp_path / "a.key").key_id == first.key_id


def test_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    SoftwareSigner.create(tmp_path / "a.key")
    (tmp_path / "a.key").chmod(0o640)
    with pytest.raises(InputError):
        SoftwareSigner.load(tmp_path / "a.key")


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_damaged_key_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(content)
    (tmp_path / "a.key").chmod(0o600)
    with pytest.raises(InputError):
        SoftwareSigner.load(tmp_path / "a.key")


def test_private_key_is_not_shown() -> None:
    assert repr(SIGNER) == f"SoftwareSigner({key_id_of(SIGNER.public_key)})"


def test_signed_bytes_are_those_of_dsse() -> None:
    assert pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_envelope_is_read_back_and_names_its_signer() -> None:
    envelope = seal(b"payload", [SIGNER])
    assert open_envelope(envelope).payload == b"payload"
    assert verify_envelope(envelope, {SIGNER.key_id: SIGNER.public_key}) == (SIGNER.key_id,)
    assert jcs(parse_strict(envelope, 10**6)) == envelope


def test_envelope_of_an_unknown_key_is_refused() -> None:
    with pytest.raises(ProofError):
        verify_envelope(seal(b"payload", [SIGNER]), {})


@pytest.mark.parametrize("member", ["payload", "payloadType", "signatures"])
def test_changed_envelope_is_refused(member: str) -> None:
    value = json.loads(seal(b"payload", [SIGNER]))
    other = json.loads(seal(b"another", [SoftwareSigner.from_seed(bytes(32))]))
    value[member] = {**other, "payloadType": "text/plain"}[member]
    with pytest.raises(ProofError):
        verify_envelope(jcs(value), {SIGNER.key_id: SIGNER.public_key})


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"[]",
        b'{"payload":1,"payloadType":"x","signatures":[]}',
        b'{"payload":"","payloadType":"x","signatures":[]}',
    ],
)
def test_malformed_envelope_is_refused(envelope: bytes) -> None:
    with pytest.raises(ProofError):
        open_envelope(envelope)


def test_second_signature_by_a_known_key_must_be_right_too() -> None:
    value = json.loads(seal(b"payload", [SIGNER]))
    value["signatures"].append({"keyid": SIGNER.key_id, "sig": encode_base64(bytes(64))})
    with pytest.raises(ProofError):
        verify_envelope(jcs(value), {SIGNER.key_id: SIGNER.public_key})


# ---- statements -----------------------------------------------------------------------------------------------------


def test_statement_types_are_those_of_the_design() -> None:
    assert len(TYPES) == 30
    assert {"certificate.issued", "measurement.committed", "key.added", "log.note"} <= TYPES


def test_certificate_statement_says_what_the_design_asks_for() -> None:
    payload = make_payload("certificate.issued", "body-1", fields=certificate_fields(_issued()), salt=SALT, demo=True)
    value = read_payload(payload)
    assert list(value) == sorted(value)
    assert value["demo"] is True
    assert value["issued_at"] == "2026-11-21T08:00:00Z"
    assert value["files"] == [
        {
            "name": "dcc.xml",
            "media": "application/xml",
            "bytes": 4,
            "sha256": hashlib.sha256(b"<x/>").hexdigest(),
            "sm3": FileEntry.of("a", "b", data=b"<x/>").sm3,
        }
    ]


def test_sm3_of_a_file_is_the_published_one() -> None:
    assert FileEntry.of("a", "b", data=b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_statement_outside_the_demo_does_not_speak_of_it() -> None:
    assert "demo" not in read_payload(make_payload("log.note", "p", fields=NOTE, salt=SALT, demo=False))


def test_another_salt_gives_another_hash() -> None:
    one, other = (make_payload("log.note", "p", fields=NOTE, salt=bytes([i]) * 16, demo=False) for i in (1, 2))
    assert hashlib.sha256(one).digest() != hashlib.sha256(other).digest()


@pytest.mark.parametrize(
    ("kind", "fields", "salt"),
    [
        ("log.joke", NOTE, SALT),
        ("log.note", {}, SALT),
        ("log.note", NOTE, b"short"),
        ("log.note", {**NOTE, "x": 0.5}, SALT),
        ("log.note", {**NOTE, "x": [{"y": 1.5}]}, SALT),
        ("log.note", {**NOTE, "issuer": "other"}, SALT),
        ("log.note", {**NOTE, "demo": False}, SALT),
    ],
)
def test_wrong_statement_is_refused(kind: str, fields: dict[str, Any], salt: bytes) -> None:
    with pytest.raises(InputError):
        make_payload(kind, "p", fields=fields, salt=salt, demo=False)


@pytest.mark.parametrize(
    "changes", [{"kind": "calibration"}, {"result": "maybe"}, {"result": "fail"}, {"evidence": ()}]
)
def test_wrong_certificate_statement_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        _issued(**changes)


def test_naive_time_of_issue_is_refused() -> None:
    with pytest.raises(InputError):
        certificate_fields(_issued(issued_at=datetime(2026, 11, 21, 8)))  # noqa: DTZ001  wrong on purpose


@pytest.mark.parametrize(
    "payload", [b"{}", b"[]", b'{"v":1,"type":"log.note","issuer":"p" }', b'{"issuer":"p","type":"no","v":1}']
)
def test_bytes_that_are_no_statement_are_refused(payload: bytes) -> None:
    with pytest.raises(ProofError):
        read_payload(payload)


def test_leaf_is_small_public_and_names_issuer_type_and_reference() -> None:
    payload = make_payload(
        "certificate.revoked", "body-1", fields={"ref": 7, "cert_no": "N", "reason": "r"}, salt=SALT, demo=False
    )
    envelope = seal(payload, [SIGNER])
    leaf = leaf_bytes(payload, envelope)
    assert json.loads(leaf) == {
        "v": 1,
        "type": "certificate.revoked",
        "issuer": "body-1",
        "stmt": hashlib.sha256(payload).hexdigest(),
        "env": hashlib.sha256(envelope).hexdigest(),
        "ref": 7,
    }
    assert b"cert_no" not in leaf


def test_leaf_of_a_replacing_certificate_names_the_replaced_leaf() -> None:
    payload = make_payload(
        "certificate.issued", "b", fields=certificate_fields(_issued(supersedes=12)), salt=SALT, demo=True
    )
    assert json.loads(leaf_bytes(payload, b"x"))["ref"] == 12


def test_leaf_of_a_first_certificate_names_nothing() -> None:
    payload = make_payload("certificate.issued", "b", fields=certificate_fields(_issued()), salt=SALT, demo=True)
    assert json.loads(leaf_bytes(payload, b"x"))["ref"] is None


def test_leaf_that_no_bundle_can_hold_is_refused() -> None:
    payload = make_payload("log.note", "b" * 70_000, fields=NOTE, salt=SALT, demo=False)
    with pytest.raises(InputError):
        leaf_bytes(payload, b"x")


def test_log_key_needs_its_verifier_text() -> None:
    days = (date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(InputError):
        key_fields(SIGNER, "p", usage="log", span=days)
    key: Any = key_fields(SIGNER, "p", usage="seal", span=days)["key"]
    assert key["id"] == SIGNER.key_id
