"""The stand-alone check of who said what: keys, the statements a certificate cites, and what was withdrawn before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any  # statements have many shapes

import pytest

from plumbline.evidence.bundle import TrustedKey, make_trust
from plumbline.evidence.canonical import jcs
from plumbline.evidence.log.checkpoint import vkey_of
from plumbline.evidence.offline import check_bundle
from plumbline.evidence.seal.dsse import open_envelope, seal
from plumbline.evidence.seal.signer import SoftwareSigner
from plumbline.evidence.statement import key_fields
from tests.evidence.city import (
    AT,
    BODY,
    BODY_SIGNER,
    DAYS,
    FILES,
    LOG_SIGNER,
    ORIGIN,
    OTHER,
    PLATFORM,
    SCOPE,
    SIGNERS,
    YEAR,
    City,
    record,
    trust,
)

LOGS = [vkey_of(ORIGIN, LOG_SIGNER.public_key)]
ONLY_LOG = make_trust(LOGS, [TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo=False, usage="log")])
TWO_BODIES = make_trust(
    LOGS, [TrustedKey(owner, signer.public_key, demo=False) for owner, signer in sorted(SIGNERS.items())]
)
ROGUE = SoftwareSigner.from_seed(b"r" * 32)
REFUSED = ("KEY_NOT_VALID_AT_T", 1)


def founded(said: Mapping[str, Mapping[str, Any]] | None = None, **changes: Any) -> City:
    """Return a city with everything a certificate cites; changes: members of the raw record."""
    city = City(files={**FILES, "record.json": record(**changes)})
    city.found(said)
    return city


def verdict(city: City, index: int, given: bytes | None = ONLY_LOG, at: datetime = AT) -> tuple[str, int]:
    """Return code and exit code of a certificate with all of its log before it."""
    report = check_bundle(city.bundle(index, keys=list(range(index))), given, at=at)
    return report["code"], report["exit"]


# ---- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [ONLY_LOG, TWO_BODIES, trust(), None])
def test_seal_of_one_body_cannot_announce_a_key_of_another(given: bytes | None) -> None:
    city = founded()
    city.announce(OTHER)
    city.say("key.added", OTHER, key_fields(ROGUE, BODY, usage="seal", span=DAYS))
    index = city.say("certificate.issued", BODY, city.certificate(), ROGUE)
    assert verdict(city, index, given) == ("BAD_SIGNATURE", 1)


def test_seal_of_a_body_cannot_announce_a_key_of_its_own() -> None:
    city = founded()
    city.say("key.added", BODY, key_fields(ROGUE, BODY, usage="seal", span=DAYS))
    index = city.say("certificate.issued", BODY, city.certificate(), ROGUE)
    assert verdict(city, index) == ("BAD_SIGNATURE", 1)


def test_seal_cannot_announce_a_key_in_the_name_of_the_log() -> None:
    city = founded()
    city.announce(OTHER)
    city.say("key.added", PLATFORM, key_fields(ROGUE, BODY, usage="seal", span=DAYS), SIGNERS[OTHER])
    index = city.say("certificate.issued", BODY, city.certificate(), ROGUE)
    named_wrongly = make_trust(
        LOGS,
        [
            TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo=False, usage="log"),
            TrustedKey(PLATFORM, SIGNERS[OTHER].public_key, demo=False),
        ],
    )
    assert verdict(city, index, named_wrongly) == ("BAD_SIGNATURE", 1)


def test_log_key_that_announces_itself_is_nothing_beside_a_trusted_one() -> None:
    city = founded()
    fields = key_fields(ROGUE, OTHER, usage="log", vkey=vkey_of("other.example/log", ROGUE.public_key), span=DAYS)
    city.say("key.added", OTHER, fields, ROGUE)
    assert verdict(city, city.issue()) == ("BAD_SIGNATURE", 1)


def test_key_of_the_log_does_not_issue_certificates() -> None:
    city = founded({"scope.granted": {"body": PLATFORM}})
    index = city.say("certificate.issued", PLATFORM, city.certificate())
    assert verdict(city, index) == ("BAD_SIGNATURE", 1)


def test_seal_that_no_statement_of_the_bundle_announces_is_refused() -> None:
    city = founded()
    index = city.issue()
    report = check_bundle(city.bundle(index, keys=[0, 2, 3, 4, 5]), trust(), at=AT)
    assert (report["code"], report["exit"]) == REFUSED


def test_certificate_of_a_trusted_body_is_not_anchored_by_authority_of_an_unknown_log() -> None:
    city = founded()
    only_body = make_trust(LOGS, [TrustedKey(BODY, BODY_SIGNER.public_key, demo=False)])
    assert verdict(city, city.issue(), only_body) == ("KEY_NOT_ANCHORED", 3)


@pytest.mark.parametrize("spans", [(DAYS, (date(2027, 1, 1), date(2027, 12, 31)))])
@pytest.mark.parametrize(
    ("issued_at", "expected"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), ("OK", 0)),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), ("OK", 0)),
        (datetime(2027, 12, 31, 15, 59, tzinfo=UTC), ("OK", 0)),
        (datetime(2027, 12, 31, 16, tzinfo=UTC), REFUSED),
    ],
)
def test_renewed_seal_holds_for_the_days_of_each_announcement(
    spans: tuple[tuple[date, date], ...], issued_at: datetime, expected: tuple[str, int]
) -> None:
    city = founded()
    city.announce(BODY, span=spans[1])
    index = city.issue(issued_at=issued_at)
    assert verdict(city, index) == expected


@pytest.mark.parametrize(
    ("issued_at", "expected"),
    [
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), REFUSED),
        (datetime(2025, 12, 31, 16, tzinfo=UTC), ("OK", 0)),
        (datetime(2025, 12, 31, 22, tzinfo=UTC), ("OK", 0)),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), ("OK", 0)),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), REFUSED),
    ],
)
def test_days_of_a_key_are_days_in_china(issued_at: datetime, expected: tuple[str, int]) -> None:
    city = founded()
    assert verdict(city, city.issue(issued_at=issued_at), trust()) == expected


def test_announcement_after_the_certificate_does_not_count() -> None:
    city = founded()
    issued = city.issue(issued_at=datetime(2027, 2, 1, tzinfo=UTC))
    city.announce(BODY, span=(date(2027, 1, 1), date(2027, 12, 31)))
    report = check_bundle(city.bundle(issued, keys=[0, 1, 2, 3, 4, 5, 7]), ONLY_LOG, at=AT)
    assert (report["code"], report["exit"]) == REFUSED


# ---- what a certificate cites ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [2, 3, 4, 5])
def test_cited_statement_that_is_left_out_is_refused(index: int) -> None:
    city = founded()
    certificate = city.issue()
    keys = [number for number in range(6) if number != index]
    report = check_bundle(city.bundle(certificate, keys=keys), trust(), at=AT)
    assert (report["code"], report["exit"]) == REFUSED
    assert f"leaf {index} is not in the bundle" in report["steps"][-1]["detail"]


def test_certificate_that_cites_a_key_for_all_its_authority_is_refused() -> None:
    city = founded()
    authz = {"officer": "nobody", "qualification": 0, "scope": 0, "standard": [0]}
    assert verdict(city, city.issue(authz=authz, evidence=(0,)), trust()) == REFUSED


@pytest.mark.parametrize(
    ("kind", "changed", "detail"),
    [
        ("scope.granted", {"body": OTHER}, "scope: body"),
        ("scope.granted", {"items": ["MV-TAXI"]}, "scope.granted: days or items"),
        ("scope.granted", {"items": "MV-FUEL"}, "scope.granted: days or items"),
        ("scope.granted", {"valid_until": "2026-11-19"}, "scope.granted: days or items"),
        ("scope.granted", {"issuer": BODY}, "scope: said by the body itself"),
        ("person.qualified", {"person": "another"}, "qualification: person"),
        ("person.qualified", {"body": OTHER}, "qualification: body"),
        ("person.qualified", {"items": ["MV-TAXI"]}, "person.qualified: days or items"),
        ("person.qualified", {"valid_from": "2026-11-21"}, "person.qualified: days or items"),
        ("standard.certified", {"standard": "V21"}, "record.json: standards"),
        ("standard.certified", {"certificate_no": "D"}, "record.json: standards"),
        ("standard.certified", {"items": ["MV-TAXI"]}, "standard.certified: days or items"),
        ("standard.certified", {"valid_until": "2026-11-19"}, "standard.certified: days or items"),
        ("measurement.committed", {"instrument": "ANOTHER"}, "evidence: instrument"),
        ("measurement.committed", {"performed_on": "1999-01-01"}, "evidence: performed_on"),
        ("measurement.committed", {"record_sha256": "f" * 64}, "evidence: record_sha256"),
        ("measurement.committed", {"standards": ["V20", "V21"]}, "evidence: standards"),
    ],
)
def test_cited_statement_about_something_else_is_refused(kind: str, changed: Mapping[str, Any], detail: str) -> None:
    city = founded({kind: changed})
    report = check_bundle(city.bundle(city.issue()), trust(), at=AT)
    assert (report["code"], report["exit"]) == REFUSED
    assert report["steps"][-1]["detail"] == detail


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"instrument": {"code": "ANOTHER", "category": "MV-FUEL"}}, "record.json: instrument"),
        ({"instrument": {"code": "PL", "category": "MV-TAXI"}}, "scope.granted: days or items"),
        ({"performed_on": "2026-11-19"}, "record.json: performed_on"),
        ({"verdict": "fail"}, "record.json: verdict"),
        ({"standards": []}, "record.json: standards"),
        ({"standards": None}, "no instrument or no measurement standard named"),
    ],
)
def test_raw_record_that_says_something_else_is_refused(changed: Mapping[str, Any], detail: str) -> None:
    city = founded(**changed)
    report = check_bundle(city.bundle(city.issue()), trust(), at=AT)
    assert (report["code"], report["exit"]) == REFUSED
    assert report["steps"][-1]["detail"] == detail


def test_certificate_without_its_raw_record_is_refused() -> None:
    city = City()
    city.found()
    city.files = {"dcc.xml": FILES["dcc.xml"]}
    assert verdict(city, city.issue(), trust()) == REFUSED


@pytest.mark.parametrize("kind", ["person.qualified", "standard.certified", "measurement.committed"])
def test_fact_of_a_body_that_another_body_said_is_refused(kind: str) -> None:
    city = City()
    city.announce(OTHER)
    city.found({kind: {"issuer": OTHER}})
    index = city.issue(evidence=(6,), authz={"officer": "p", "qualification": 4, "scope": 3, "standard": [5]})
    assert verdict(city, index) == REFUSED


def test_scope_that_an_office_granted_holds() -> None:
    city = City()
    city.announce(OTHER)
    city.found({"scope.granted": {"issuer": OTHER}})
    index = city.issue(evidence=(6,), authz={"officer": "p", "qualification": 4, "scope": 3, "standard": [5]})
    assert verdict(city, index) == ("OK", 0)


def test_authority_said_with_a_key_announced_only_later_is_refused() -> None:
    city = City()
    city.say("scope.granted", OTHER, SCOPE)
    city.found()
    city.announce(OTHER)
    index = city.issue(evidence=(6,), authz={"officer": "p", "qualification": 4, "scope": 0, "standard": [5]})
    assert verdict(city, index) == REFUSED


def test_demo_authority_is_none_for_a_real_certificate() -> None:
    city = City()
    city.say("key.added", PLATFORM, key_fields(BODY_SIGNER, BODY, usage="seal", span=DAYS))
    city.demo = True
    city.say("scope.granted", PLATFORM, SCOPE)
    city.demo = False
    city.found()
    index = city.issue(evidence=(7,), authz={"officer": "p", "qualification": 5, "scope": 0, "standard": [6]})
    assert verdict(city, index) == REFUSED


def test_authority_in_another_log_is_refused_though_that_log_is_trusted() -> None:
    city, other = founded(), founded()
    index = city.issue()
    value = json.loads(city.bundle(index))
    other.origin = "other.example/log"
    value["keys"][2] = other.logged(2).fields()
    both = [*LOGS, vkey_of(other.origin, LOG_SIGNER.public_key)]
    given = make_trust(both, [TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo=False, usage="log")])
    assert check_bundle(jcs(value), given, at=AT)["code"] == "BAD_CHECKPOINT"


def test_certificate_that_names_no_instrument_is_refused() -> None:
    city = founded({"measurement.committed": {"instrument": None}}, instrument={"category": "MV-FUEL"})
    index = city.issue(instrument={"maker": "m"})
    assert verdict(city, index) == REFUSED


# ---- what was withdrawn before --------------------------------------------------------------------------------------

WITHDRAWN: list[tuple[str, str, dict[str, Any]]] = [
    ("key.retired", PLATFORM, {"ref": 1}),
    ("key.retired", BODY, {"ref": 1}),
    ("key.compromised", PLATFORM, {"ref": 1, "since": "2026-12-01T00:00:00Z"}),
    ("scope.withdrawn", PLATFORM, {"ref": 2, "reason": "x"}),
    ("scope.changed", PLATFORM, {"ref": 2, "items": ["MV-TAXI"], **YEAR}),
    ("person.expired", BODY, {"ref": 3}),
]


@pytest.mark.parametrize(("kind", "issuer", "fields"), WITHDRAWN)
def test_certificate_logged_after_a_withdrawal_is_refused(kind: str, issuer: str, fields: dict[str, Any]) -> None:
    city = founded()
    city.say(kind, issuer, fields)
    assert verdict(city, city.issue(), trust()) == REFUSED


@pytest.mark.parametrize(("kind", "issuer", "fields"), WITHDRAWN)
def test_certificate_logged_before_a_withdrawal_stands(kind: str, issuer: str, fields: dict[str, Any]) -> None:
    city = founded()
    index = city.issue()
    city.say(kind, issuer, fields)
    report = check_bundle(city.bundle(index, keys=[0, 1, 2, 3, 4, 5, 7]), trust(), at=AT)
    assert (report["code"], report["exit"]) == ("OK", 0)


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2026-11-21T08:00:00Z", REFUSED), ("2026-01-01T00:00:00Z", REFUSED), ("2026-11-21T08:00:01Z", ("OK", 0))],
)
def test_certificate_issued_since_the_key_was_stolen_is_refused(since: str, expected: tuple[str, int]) -> None:
    city = founded()
    index = city.issue()
    city.say("key.compromised", PLATFORM, {"ref": 1, "since": since})
    report = check_bundle(city.bundle(index, keys=[0, 1, 2, 3, 4, 5, 7]), trust(), at=AT)
    assert (report["code"], report["exit"]) == expected


def test_compromised_key_is_not_mended_by_a_new_announcement() -> None:
    city = founded()
    city.say("key.compromised", PLATFORM, {"ref": 1, "since": "2026-12-01T00:00:00Z"})
    city.announce(BODY)
    assert verdict(city, city.issue()) == REFUSED


def test_retired_key_that_is_announced_again_holds() -> None:
    city = founded()
    city.say("key.retired", PLATFORM, {"ref": 1})
    city.announce(BODY)
    assert verdict(city, city.issue()) == ("OK", 0)


def test_withdrawal_by_a_body_that_it_does_not_concern_changes_nothing() -> None:
    city = founded()
    city.announce(OTHER)
    city.say("scope.withdrawn", OTHER, {"ref": 2, "reason": "x"})
    city.say("key.compromised", OTHER, {"ref": 1, "since": "2026-01-01T00:00:00Z"})
    assert verdict(city, city.issue()) == ("OK", 0)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["revoked"], ("REVOKED", 1)),
        (["superseded"], ("SUPERSEDED", 1)),
        (["suspended"], ("SUSPENDED", 1)),
        (["suspended", "reinstated"], ("OK", 0)),
        (["revoked", "reinstated"], ("REVOKED", 1)),
    ],
)
def test_certificate_that_a_statement_of_the_bundle_ended_is_refused(
    kinds: list[str], expected: tuple[str, int]
) -> None:
    city = founded()
    index = city.issue()
    ended = [
        city.say(f"certificate.{kind}", BODY, {"ref": index, "cert_no": "N", "reason": "x", "by": 1}) for kind in kinds
    ]
    report = check_bundle(city.bundle(index, keys=[*range(6), *ended]), trust(), at=AT)
    assert (report["code"], report["exit"]) == expected


# ---- limits ---------------------------------------------------------------------------------------------------------


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a good bundle after a change of its JSON."""
    city = founded()
    value = json.loads(city.bundle(city.issue()))
    change(value)
    return jcs(value)


def _repeat_statement(value: dict[str, Any]) -> None:
    value["keys"].append(value["keys"][1])


def _repeat_signature(value: dict[str, Any]) -> None:
    value["keys"][1]["statement"]["signatures"] *= 2


def _many_values(value: dict[str, Any]) -> None:
    value["files"] = dict.fromkeys(map(str, range(20_001)), "")


def _note_of_many_lines(value: dict[str, Any]) -> None:
    value["proof"] += "\n" * 40_000


def _note_signed_twice(value: dict[str, Any]) -> None:
    value["proof"] += value["proof"].rstrip("\n").rsplit("\n", 1)[-1] + "\n"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_repeat_statement, "BAD_FORMAT"),
        (_repeat_signature, "BAD_FORMAT"),
        (_many_values, "BAD_FORMAT"),
        (_note_of_many_lines, "BAD_CHECKPOINT"),
        (_note_signed_twice, "BAD_CHECKPOINT"),
    ],
)
def test_repetition_is_refused(change: Callable[[dict[str, Any]], None], code: str) -> None:
    assert check_bundle(changed(change), trust(), at=AT)["code"] == code


def test_one_bundle_costs_no_more_than_its_budget_of_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[bytes] = []

    def count(public: bytes, _signature: bytes, **_: bytes) -> bool:
        computed.append(public)
        return True

    monkeypatch.setattr("plumbline.evidence.offline.verify_ed25519", count)
    city = founded()
    signers = [SoftwareSigner.from_seed(bytes([number]) * 32) for number in range(16)]
    given = make_trust(LOGS, [TrustedKey(PLATFORM, each.public_key, demo=False, usage="log") for each in signers])
    for _ in range(20):
        city.announce(BODY)
        city.envelopes[-1] = seal(open_envelope(city.envelopes[-1]).payload, signers)
    index = city.issue()
    report = check_bundle(city.bundle(index, keys=list(range(2, index))), given, at=AT)
    assert (report["code"], len(computed)) == ("BAD_FORMAT", 80)
