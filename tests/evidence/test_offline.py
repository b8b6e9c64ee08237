"""The stand-alone check: every promise of the bundle, and every way to break it."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any  # JSON

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.evidence import offline
from plumbline.evidence.bundle import LoggedStatement, StatusList, TrustedKey, make_bundle, make_trust
from plumbline.evidence.canonical import jcs
from plumbline.evidence.log.checkpoint import vkey_of
from plumbline.evidence.offline import check_bundle, main, verify_ed25519
from plumbline.evidence.seal.signer import SoftwareSigner
from tests.evidence.city import AT, BODY, BODY_SIGNER, FILES, LOG_SIGNER, ORIGIN, PLATFORM, City, certified, trust
from tests.evidence.vectors import load

GOOD = certified()
TRUST = trust()


def _verdict(data: bytes, given: bytes | None = TRUST) -> tuple[str, int]:
    report = check_bundle(data, given, at=AT)
    return report["code"], report["exit"]


def _changed(**parts: Any) -> bytes:
    return jcs({**json.loads(GOOD), **parts})


def _wycheproof() -> list[tuple[str, dict[str, str]]]:
    groups = load("wycheproof_ed25519_part.json")["testGroups"]
    return [(group["publicKey"]["pk"], case) for group in groups for case in group["tests"]]


@pytest.mark.parametrize(("public_key", "case"), _wycheproof(), ids=lambda value: str(value)[:12])
def test_own_ed25519_gives_the_published_verdicts(public_key: str, case: dict[str, str]) -> None:
    signature, message = bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])
    assert verify_ed25519(bytes.fromhex(public_key), signature, message=message) == (case["result"] == "valid")


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_own_ed25519_accepts_signatures_and_no_changed_one(seed: bytes, message: bytes, bit: int) -> None:
    signer = SoftwareSigner.from_seed(seed)
    signature = signer.sign(message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert verify_ed25519(signer.public_key, signature, message=message)
    assert not verify_ed25519(signer.public_key, bytes(changed), message=message)


def test_program_needs_only_the_standard_library() -> None:
    tree = ast.parse(Path(offline.__file__).read_text(encoding="utf-8"))
    imports = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imports |= {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imports} <= set(sys.stdlib_module_names) | {"__future__"}


def test_program_runs_alone_from_a_copy(tmp_path: Path) -> None:
    (tmp_path / "check.py").write_bytes(Path(offline.__file__).read_bytes())
    (tmp_path / "bundle.json").write_bytes(GOOD)
    (tmp_path / "trust.json").write_bytes(TRUST)
    command = [sys.executable, "-I", "check.py", "bundle.json", "--trust", "trust.json", "--at", "2026-11-22", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["code"] == "OK"


# ---- what is accepted -----------------------------------------------------------------------------------------------


def test_certificate_with_anchored_keys_is_authentic() -> None:
    report = check_bundle(GOOD, TRUST, at=AT)
    assert (report["ok"], report["code"], report["exit"], report["anchored"]) == (True, "OK", 0, True)
    assert (report["result"], report["validity"], report["status"]) == ("pass", "in_date", "unknown")
    assert [step["outcome"] for step in report["steps"]] == ["pass"] * 6 + ["unknown"] * 3 + ["pass"]
    assert [step["code"] for step in report["steps"][6:9]] == ["NO_WITNESS_TIME", "NO_WITNESS_TIME", "STATUS_UNKNOWN"]
    assert report["certificate"]["cert_no"] == "N-J-2026-000001-1"
    assert report["zh"][0] == "文件真实，内容未被改动"
    assert any("not yet witnessed" in line for line in report["en"])


def test_without_a_trust_file_it_says_that_the_keys_are_not_anchored() -> None:
    report = check_bundle(GOOD, None, at=AT)
    assert (report["ok"], report["code"], report["exit"]) == (False, "KEY_NOT_ANCHORED", 3)
    assert "keys found in the file" in report["en"][0]


@pytest.mark.parametrize("given_trust", [None, trust(demo=True)])
def test_demo_certificate_holds_but_is_never_law(given_trust: bytes | None) -> None:
    report = check_bundle(certified(demo=True), given_trust, at=AT)
    assert (report["ok"], report["code"], report["exit"], report["demo"]) == (False, "DEMO", 3, True)
    assert "没有法律效力" in report["zh"][0]


def test_demo_key_cannot_sign_a_real_certificate() -> None:
    assert _verdict(GOOD, trust(demo=True)) == ("BAD_SIGNATURE", 1)


def test_demo_key_named_in_the_bundle_cannot_sign_a_real_certificate() -> None:
    city = City(demo=True)
    city.found()
    city.demo = False
    assert _verdict(city.bundle(city.issue()), None) == ("BAD_SIGNATURE", 1)


def test_key_that_an_anchored_key_vouches_for_is_anchored() -> None:
    only_platform = make_trust(
        [vkey_of(ORIGIN, LOG_SIGNER.public_key)], [TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo=False)]
    )
    assert _verdict(GOOD, only_platform) == ("OK", 0)


def test_trusted_log_does_not_vouch_for_a_body() -> None:
    assert _verdict(GOOD, make_trust([vkey_of(ORIGIN, LOG_SIGNER.public_key)], [])) == ("KEY_NOT_ANCHORED", 3)


def test_expired_certificate_is_authentic_and_expired() -> None:
    report = check_bundle(GOOD, TRUST, at=datetime(2027, 5, 20, 4, tzinfo=UTC))
    assert (report["code"], report["exit"], report["validity"]) == ("EXPIRED", 4, "expired")


def test_validity_is_judged_by_the_day_in_china() -> None:
    assert check_bundle(GOOD, TRUST, at=datetime(2027, 5, 19, 15, 59, tzinfo=UTC))["code"] == "OK"
    assert check_bundle(GOOD, TRUST, at=datetime(2027, 5, 19, 16, 0, tzinfo=UTC))["code"] == "EXPIRED"


def test_failed_instrument_has_an_authentic_notice_without_validity() -> None:
    report = check_bundle(certified(kind="result_notice", result="fail", valid_until=None), TRUST, at=AT)
    assert (report["code"], report["validity"]) == ("OK", "none")
    assert "结论：不合格" in report["zh"]


# ---- status ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [("revoked", "REVOKED", 1), ("superseded", "SUPERSEDED", 1), ("suspended", "SUSPENDED", 1)],
)
def test_listed_certificate_is_refused_as_of_the_list(status: str, code: str, exit_code: int) -> None:
    city = City()
    city.found()
    index = city.issue()
    report = check_bundle(city.bundle(index, status=city.status([(index, status, 99)])), TRUST, at=AT)
    assert (report["code"], report["exit"], report["status"]) == (code, exit_code, status)
    assert report["status_as_of"] == "2026-11-22T00:00:00Z"


def test_certificate_that_is_not_listed_is_good_as_of_the_list() -> None:
    city = City()
    city.found()
    index = city.issue()
    report = check_bundle(city.bundle(index, status=city.status([(3, "revoked", 99)])), TRUST, at=AT)
    assert (report["code"], report["status"]) == ("OK", "good")


def test_list_older_than_the_certificate_says_nothing_about_it() -> None:
    city = City()
    city.found()
    status = city.status([])
    report = check_bundle(city.bundle(city.issue(), status=status), TRUST, at=AT)
    assert (report["code"], report["status"]) == ("OK", "unknown")


def test_status_list_of_another_body_is_refused() -> None:
    city = City()
    city.found()
    index = city.issue()
    data = b"[]"
    digest = hashlib.sha256(data).hexdigest()
    other = city.say("status.published", BODY, {"as_of": "2026-11-22T00:00:00Z", "sha256": digest, "count": 0})
    assert _verdict(city.bundle(index, status=StatusList(data, city.logged(other)))) == ("BAD_SIGNATURE", 1)


def test_changed_status_list_is_refused() -> None:
    city = City()
    city.found()
    index = city.issue()
    value = json.loads(city.bundle(index, status=city.status([(index, "revoked", 99)])))
    value["status"]["list"] = base64.b64encode(b"[]").decode()
    assert _verdict(jcs(value)) == ("FILE_MISMATCH", 1)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b'{"revoked":[[6,"revoked",7]]}', 1),
        (b'"6"', 1),
        (b"[6]", 1),
        (b'[[6,"revoked"]]', 1),
        (b'[[6,"fine",7]]', 1),
        (b'[["6","revoked",7]]', 1),
        (b'[[true,"revoked",7]]', 1),
        (b'[[9,"revoked",10],[6,"revoked",7]]', 2),
        (b'[[3,"revoked",7]]', 2),
        (b'[[3,"revoked",7]', 1),
    ],
)
def test_status_list_that_is_none_is_refused_and_never_good(data: bytes, count: int) -> None:
    city = City()
    city.found()
    index = city.issue()
    fields = {"as_of": "2026-11-22T00:00:00Z", "sha256": hashlib.sha256(data).hexdigest(), "count": count}
    published = city.say("status.published", PLATFORM, fields)
    report = check_bundle(city.bundle(index, status=StatusList(data, city.logged(published))), TRUST, at=AT)
    assert (report["code"], report["exit"], report["status"]) == ("BAD_FORMAT", 1, "unknown")


@pytest.mark.parametrize("as_of", ["", "yesterday", "2026-11-22", "2026-11-22T00:00:00", "\x1b[2J"])
def test_status_list_without_a_time_is_refused(as_of: str) -> None:
    city = City()
    city.found()
    index = city.issue()
    assert _verdict(city.bundle(index, status=city.status([], as_of=as_of))) == ("BAD_FORMAT", 1)


def test_words_say_as_of_when_it_was_not_revoked() -> None:
    city = City()
    city.found()
    index = city.issue()
    report = check_bundle(city.bundle(index, status=city.status([])), TRUST, at=AT)
    assert "As of 2026-11-22T00:00:00Z (status list): neither revoked nor replaced" in report["en"]
    assert "截至 2026-11-22T00:00:00Z 的状态清单：未撤销、未替代" in report["zh"]


def test_words_say_that_revocation_is_unknown_and_as_of_when() -> None:
    report = check_bundle(GOOD, TRUST, at=AT)
    assert "As of 2026-11-22: whether it has been revoked is unknown" in report["en"]
    assert "截至 2026-11-22：不知道是否已撤销" in report["zh"]
    assert report["en"][1] == "Conclusion: conforms; the stated period of validity ends on 2027-05-19"


def test_words_on_a_terminal_hold_no_signs_that_steer_it() -> None:
    report = check_bundle(certified(authz={"officer": "p", "qualification": 3, "scope": "\x1b[2J"}), TRUST, at=AT)
    assert not [line for line in report["en"] if not line.isprintable()]


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("position", [0, -1])
def test_certificate_with_one_changed_file_byte_is_refused(name: str, position: int) -> None:
    files = json.loads(GOOD)["files"]
    data = bytearray(base64.b64decode(files[name]))
    data[position] ^= 1
    assert _verdict(_changed(files={**files, name: base64.b64encode(data).decode()})) == ("FILE_MISMATCH", 1)


@pytest.mark.parametrize("files", [{}, {"dcc.xml": ""}, {**json.loads(GOOD)["files"], "more.txt": ""}])
def test_missing_or_added_file_is_refused(files: dict[str, str]) -> None:
    assert _verdict(_changed(files=files)) == ("FILE_MISMATCH", 1)


@pytest.mark.parametrize("with_trust", [TRUST, None])
@pytest.mark.parametrize("part", range(8))
def test_no_byte_of_a_bundle_can_be_flipped(part: int, with_trust: bytes | None) -> None:
    positions = range(part * len(GOOD) // 8, (part + 1) * len(GOOD) // 8, 83)
    verdicts = {position: _verdict(_flipped(position), with_trust) for position in positions}
    good = _verdict(GOOD, with_trust)
    assert [position for position, verdict in verdicts.items() if verdict == good] == []


def _flipped(position: int) -> bytes:
    """Return the good bundle with one bit of one byte turned, never the eighth, which would only break the text."""
    return GOOD[:position] + bytes([GOOD[position] ^ 1 << position % 7]) + GOOD[position + 1 :]


def test_statement_of_another_certificate_is_refused() -> None:
    other = json.loads(certified(cert_no="N-J-2026-000002-2"))
    assert _verdict(_changed(statement=other["statement"])) == ("NOT_IN_LOG", 1)


def test_signature_of_another_body_is_refused() -> None:
    stranger = make_trust([vkey_of(ORIGIN, LOG_SIGNER.public_key)], [TrustedKey(BODY, bytes(32), demo=False)])
    assert _verdict(_changed(keys=[]), stranger) == ("BAD_SIGNATURE", 1)


def test_checkpoint_of_another_log_is_refused() -> None:
    other = make_trust(
        [vkey_of("other.example/log", LOG_SIGNER.public_key)], [TrustedKey(BODY, BODY_SIGNER.public_key, demo=False)]
    )
    assert _verdict(GOOD, other) == ("BAD_CHECKPOINT", 1)


def test_checkpoint_signed_by_another_key_is_refused() -> None:
    other = make_trust([vkey_of(ORIGIN, bytes(32))], [TrustedKey(BODY, BODY_SIGNER.public_key, demo=False)])
    assert _verdict(GOOD, other) == ("BAD_CHECKPOINT", 1)


def test_bundle_without_any_key_is_refused() -> None:
    assert _verdict(_changed(keys=[]), None) == ("BAD_SIGNATURE", 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"authz": {}},
        {"authz": {"officer": "p", "qualification": 99, "scope": 2, "standard": [4]}},
        {"authz": {"officer": "p", "qualification": 2, "scope": 2, "standard": [4]}},
        {"authz": {"officer": "p", "qualification": 3, "scope": 2, "standard": [5]}},
        {"evidence": (6,)},
        {"evidence": (2,)},
        {"performed_on": date(2025, 12, 31)},
        {"issued_at": datetime(2027, 1, 1, tzinfo=UTC)},
    ],
)
def test_authority_that_the_log_contradicts_is_refused(changes: dict[str, Any]) -> None:
    assert _verdict(certified(**changes), None) == ("KEY_NOT_VALID_AT_T", 1)


def test_key_logged_after_the_certificate_is_refused() -> None:
    city = City()
    city.leaves.append(b"x")
    city.envelopes.append(b"x")
    authz = {"officer": "p", "qualification": 0, "scope": 0, "standard": 0}
    index = city.issue(authz=authz, evidence=(0,))
    keys = [number + 2 for number in range(2)]
    city.found()
    assert _verdict(city.bundle(index, keys=keys), None) == ("KEY_NOT_VALID_AT_T", 1)


def test_forged_authority_statement_is_refused() -> None:
    city, other = City(), City()
    city.found()
    other.found()
    index = city.issue()
    other.say(
        "scope.granted",
        PLATFORM,
        {"body": BODY, "items": ["ALL"], "valid_from": "2026-01-01", "valid_until": "2027-12-31"},
    )
    keys = [city.logged(i) for i in range(6)]
    keys[2] = LoggedStatement(other.envelopes[-1], keys[2].proof)
    assert _verdict(make_bundle(FILES, city.logged(index), keys=keys)) == ("NOT_IN_LOG", 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"v":1,"v":1}',
        b"1e400",
        b"NaN",
        b"9" * 10_000,
        GOOD + b"x",
        GOOD[:-1],
        b" " * 20_000_001,
        _changed(v=2),
        _changed(more=1),
        _changed(files=[]),
        _changed(keys={}),
        _changed(keys=[{}] * 65),
        _changed(proof=1),
        _changed(proof="x" * 64_001),
        _changed(proof="c2sp.org/tlog-proof@v1\nindex 0\n\n\n"),
        _changed(statement={}),
        _changed(status=[]),
        _changed(status={"list": "", "statement": {}, "proof": ""}),
        _changed(statement={**json.loads(GOOD)["statement"], "signatures": [{"keyid": "a", "sig": ""}] * 17}),
        _changed(statement={**json.loads(GOOD)["statement"], "payload": base64.b64encode(b"{}").decode()}),
        _changed(statement={**json.loads(GOOD)["statement"], "payload": "YR=="}),
        _changed(statement=json.loads(GOOD)["keys"][0]["statement"]),
    ],
)
def test_malformed_bundle_is_refused_with_a_verdict(data: bytes) -> None:
    assert _verdict(data, None) == ("BAD_FORMAT", 1)


@pytest.mark.parametrize(
    "given_trust",
    [
        b"",
        b"[]",
        b"{}",
        b'{"v":1,"logs":["x"],"keys":[]}',
        b'{"v":1,"logs":[],"keys":[1]}',
        b'{"v":1,"logs":1,"keys":1}',
    ],
)
def test_malformed_trust_file_is_refused_with_a_verdict(given_trust: bytes) -> None:
    assert _verdict(GOOD, given_trust) == ("BAD_FORMAT", 1)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["AAAA", "index 0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.data(), json_values)
def test_any_part_replaced_by_anything_gives_a_verdict(data: st.DataObject, value: Any) -> None:
    bundle: Any = json.loads(GOOD)
    place, key = bundle, data.draw(st.sampled_from(sorted(bundle)))
    depth = data.draw(st.integers(0, 4))
    for _ in range(depth):
        inner = place[key]
        names = sorted(inner) if isinstance(inner, dict) else list(range(len(inner))) if isinstance(inner, list) else []
        place, key = (inner, data.draw(st.sampled_from(names))) if names else (place, key)
    place[key] = value
    report = check_bundle(
        json.dumps(bundle).encode("utf-8", "surrogatepass"), data.draw(st.sampled_from([TRUST, None])), at=AT
    )
    assert report["code"] in offline.TEXTS
    assert report["exit"] in (0, 1, 3, 4)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.none() | st.binary(max_size=100))
def test_any_bytes_give_a_verdict(data: bytes, given_trust: bytes | None) -> None:
    assert _verdict(data, given_trust) == ("BAD_FORMAT", 1)


@settings(max_examples=300, deadline=None)
@given(
    json_values,
    st.sampled_from(
        ["authz", "evidence", "files", "valid_until", "instrument", "supersedes", "performed_on", "issued_at", "demo"]
    ),
)
def test_any_member_of_a_signed_statement_gives_a_verdict_without_the_last_guard(value: Any, name: str) -> None:
    main_value = {"v": 1, "type": "certificate.issued", "issuer": BODY, name: value}
    report: dict[str, Any] = {"steps": [], "certificate": {}, "demo": False}
    payload = base64.b64encode(json.dumps(main_value).encode()).decode()
    envelope = {**json.loads(GOOD)["statement"], "payload": payload}
    with pytest.raises(offline.Refused):
        offline._check(_changed(statement=envelope), None, today=AT.date().isoformat(), report=report)


# ---- the command ----------------------------------------------------------------------------------------------------


def test_command_prints_both_languages(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(GOOD)
    said: list[str] = []
    assert main([str(tmp_path / "b.json"), "--at", "2026-11-22"], said.append) == 3
    assert "KEY_NOT_ANCHORED" not in said[0]
    assert "真实性只依据文件自带的密钥" in said[0]
    assert "authenticity rests on keys" in said[0]


def test_missing_file_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    assert main([str(tmp_path / "none.json")], said.append) == 2
    assert "读不到文件" in said[0]
