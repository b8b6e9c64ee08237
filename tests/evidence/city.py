"""A small log with one body, its authority and one certificate, made with the real parts, for bundle tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any  # statements have many shapes

from plumbline.evidence.bundle import (
    LoggedStatement,
    StatusList,
    TrustedKey,
    make_bundle,
    make_trust,
    status_list_bytes,
)
from plumbline.evidence.canonical import Json, jcs
from plumbline.evidence.log.checkpoint import Checkpoint, sign_checkpoint, vkey_of
from plumbline.evidence.log.merkle import inclusion_proof, leaf_hash, root_of
from plumbline.evidence.log.proof import format_proof
from plumbline.evidence.seal.dsse import seal
from plumbline.evidence.seal.signer import SoftwareSigner
from plumbline.evidence.statement import (
    CertificateStatement,
    FileEntry,
    certificate_fields,
    key_fields,
    leaf_bytes,
    make_payload,
)

ORIGIN = "plumbline.example/nqi/2026"
PLATFORM, BODY, OTHER = "platform-1", "body-1", "body-2"
LOG_SIGNER, BODY_SIGNER = SoftwareSigner.from_seed(b"l" * 32), SoftwareSigner.from_seed(b"b" * 32)
SIGNERS = {PLATFORM: LOG_SIGNER, BODY: BODY_SIGNER, OTHER: SoftwareSigner.from_seed(b"o" * 32)}
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
PERFORMED = date(2026, 11, 20)
YEAR: Mapping[str, Any] = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
DAYS = (date(2026, 1, 1), date(2026, 12, 31))


def record(**changes: Any) -> bytes:
    """Return the raw record of the measurement, with the members a checker compares."""
    said: dict[str, Json] = {
        "v": 1,
        "instrument": {"code": "PL", "category": "MV-FUEL"},
        "performed_on": PERFORMED.isoformat(),
        "standards": [{"code": "V20", "certificate_no": "C"}],
        "verdict": "pass",
    }
    return jcs({**said, **changes})


FILES = {"dcc.xml": b"<dcc/>", "certificate.pdf": b"%PDF-1.7 x", "record.json": record()}
SCOPE: Mapping[str, Any] = {"body": BODY, "items": ["MV-FUEL"], **YEAR}
QUALIFICATION: Mapping[str, Any] = {"person": "p", "body": BODY, "items": ["MV-FUEL"], **YEAR}
STANDARD: Mapping[str, Any] = {"standard": "V20", "items": ["MV-FUEL"], "certificate_no": "C", **YEAR}
MEASURED: Mapping[str, Any] = {
    "instrument": "PL",
    "standards": ["V20"],
    "performed_on": PERFORMED.isoformat(),
}
"""What the statements that a certificate cites say; a test that forges one changes a member."""


@dataclass
class City:
    """A log being filled; `demo` marks every statement."""

    demo: bool = False
    files: Mapping[str, bytes] = field(default_factory=lambda: FILES)
    origin: str = ORIGIN
    envelopes: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)

    def say(self, kind: str, issuer: str, fields: Mapping[str, Any], signer: SoftwareSigner | None = None) -> int:
        """Seal and log a statement, by the issuer's own key unless a signer is given; return its leaf index."""
        salt = len(self.leaves).to_bytes(16, "big")
        payload = make_payload(kind, issuer, fields=fields, salt=salt, demo=self.demo)
        envelope = seal(payload, [signer or SIGNERS[issuer]])
        self.envelopes.append(envelope)
        self.leaves.append(leaf_bytes(payload, envelope))
        return len(self.leaves) - 1

    def announce(self, owner: str, *, span: tuple[date, date] = DAYS) -> int:
        """Announce a seal in the log's name; return the leaf index."""
        return self.say("key.added", PLATFORM, key_fields(SIGNERS[owner], owner, usage="seal", span=span))

    def found(self, said: Mapping[str, Mapping[str, Any]] | None = None) -> list[int]:
        """Log keys, scope, qualification, standard and measurement; return their leaf indices.

        said: type of statement -> what it says instead, with "issuer" for another speaker.
        """
        vkey = vkey_of(ORIGIN, LOG_SIGNER.public_key)
        self.say("key.added", PLATFORM, key_fields(LOG_SIGNER, PLATFORM, usage="log", vkey=vkey, span=DAYS))
        self.announce(BODY)
        usual = [
            ("scope.granted", PLATFORM, SCOPE),
            ("person.qualified", BODY, QUALIFICATION),
            ("standard.certified", BODY, STANDARD),
            ("measurement.committed", BODY, {**MEASURED, "record_sha256": self.digest()}),
        ]
        for kind, issuer, fields in usual:
            told = {"issuer": issuer, **fields, **(said or {}).get(kind, {})}
            self.say(kind, str(told.pop("issuer")), told)
        return list(range(len(self.leaves)))

    def digest(self) -> str:
        """Return the hash of the raw record among the files."""
        return hashlib.sha256(self.files["record.json"]).hexdigest()

    def issue(self, **changes: Any) -> int:
        """Log a certificate; return its leaf index."""
        return self.say("certificate.issued", BODY, self.certificate(**changes))

    def certificate(self, **changes: Any) -> Mapping[str, Any]:
        """Return what a certificate says."""
        given: dict[str, Any] = {
            "cert_no": "N-J-2026-000001-1",
            "kind": "verification",
            "result": "pass",
            "performed_on": PERFORMED,
            "valid_until": date(2027, 5, 19),
            "issued_at": datetime(2026, 11, 21, 8, tzinfo=UTC),
            "instrument": {"maker": "m", "model": "x", "serial": "1", "code": "PL"},
            "files": tuple(
                FileEntry.of(name, "application/octet-stream", data=data) for name, data in self.files.items()
            ),
            "evidence": (5,),
            "authz": {"officer": "p", "qualification": 3, "scope": 2, "standard": [4]},
        }
        return certificate_fields(CertificateStatement(**{**given, **changes}))

    def logged(self, index: int) -> LoggedStatement:
        """Return a statement with its proof in the log as it stands now."""
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        note = sign_checkpoint(Checkpoint(self.origin, len(hashes), root_of(hashes)), LOG_SIGNER)
        return LoggedStatement(self.envelopes[index], format_proof(index, inclusion_proof(hashes, index), note=note))

    def bundle(self, index: int, *, keys: range | list[int] = range(6), status: StatusList | None = None) -> bytes:
        """Return the bundle of a certificate."""
        return make_bundle(self.files, self.logged(index), keys=[self.logged(i) for i in keys], status=status)

    def status(self, rows: list[tuple[int, str, int]], as_of: str = "2026-11-22T00:00:00Z") -> StatusList:
        """Publish a status list."""
        data = status_list_bytes(rows)
        digest = FileEntry.of("status", "application/json", data=data).sha256
        index = self.say("status.published", PLATFORM, {"as_of": as_of, "sha256": digest, "count": len(rows)})
        return StatusList(data, self.logged(index))


def certified(*, demo: bool = False, **changes: Any) -> bytes:
    """Return the bundle of one certificate in a fresh log; its raw record says the same result."""
    city = City(demo, {**FILES, "record.json": record(verdict=changes.get("result", "pass"))})
    city.found()
    return city.bundle(city.issue(**changes))


def trust(*, demo: bool = False) -> bytes:
    """Return the trust file of this city."""
    keys = [TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo), TrustedKey(BODY, BODY_SIGNER.public_key, demo)]
    return make_trust([vkey_of(ORIGIN, LOG_SIGNER.public_key)], keys)
