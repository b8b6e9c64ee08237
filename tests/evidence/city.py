"""A small log with one body, its authority and one certificate, made with the real parts, for bundle tests."""

from __future__ import annotations

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
PLATFORM, BODY = "platform-1", "body-1"
LOG_SIGNER, BODY_SIGNER = SoftwareSigner.from_seed(b"l" * 32), SoftwareSigner.from_seed(b"b" * 32)
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
FILES = {"dcc.xml": b"<dcc/>", "certificate.pdf": b"%PDF-1.7 x", "record.json": b"{}"}
YEAR: Mapping[str, Any] = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
DAYS = (date(2026, 1, 1), date(2026, 12, 31))


@dataclass
class City:
    """A log being filled; `demo` marks every statement."""

    demo: bool = False
    envelopes: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)

    def say(self, kind: str, issuer: str, fields: Mapping[str, Any]) -> int:
        """Seal and log a statement; return its leaf index."""
        salt = len(self.leaves).to_bytes(16, "big")
        payload = make_payload(kind, issuer, fields=fields, salt=salt, demo=self.demo)
        envelope = seal(payload, [LOG_SIGNER if issuer == PLATFORM else BODY_SIGNER])
        self.envelopes.append(envelope)
        self.leaves.append(leaf_bytes(payload, envelope))
        return len(self.leaves) - 1

    def found(self) -> list[int]:
        """Log keys, scope, qualification, standard and measurement; return their leaf indices."""
        vkey = vkey_of(ORIGIN, LOG_SIGNER.public_key)
        return [
            self.say("key.added", PLATFORM, key_fields(LOG_SIGNER, PLATFORM, usage="log", vkey=vkey, span=DAYS)),
            self.say("key.added", PLATFORM, key_fields(BODY_SIGNER, BODY, usage="seal", span=DAYS)),
            self.say("scope.granted", PLATFORM, {"body": BODY, "items": ["MV-FUEL"], **YEAR}),
            self.say("person.qualified", PLATFORM, {"person": "p", "items": ["MV-FUEL"], **YEAR}),
            self.say("standard.certified", BODY, {"standard": "V20", "certificate_no": "C", **YEAR}),
            self.say(
                "measurement.committed",
                BODY,
                {"record_sha256": "0" * 64, "instrument": "PL", "standards": ["V20"], "performed_on": "2026-11-20"},
            ),
        ]

    def issue(self, **changes: Any) -> int:
        """Log a certificate; return its leaf index."""
        given: dict[str, Any] = {
            "cert_no": "N-J-2026-000001-1",
            "kind": "verification",
            "result": "pass",
            "performed_on": date(2026, 11, 20),
            "valid_until": date(2027, 5, 19),
            "issued_at": datetime(2026, 11, 21, 8, tzinfo=UTC),
            "instrument": {"maker": "m", "model": "x", "serial": "1", "code": "PL"},
            "files": tuple(FileEntry.of(name, "application/octet-stream", data=data) for name, data in FILES.items()),
            "evidence": (5,),
            "authz": {"officer": "p", "qualification": 3, "scope": 2, "standard": [4]},
        }
        return self.say("certificate.issued", BODY, certificate_fields(CertificateStatement(**{**given, **changes})))

    def logged(self, index: int) -> LoggedStatement:
        """Return a statement with its proof in the log as it stands now."""
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        note = sign_checkpoint(Checkpoint(ORIGIN, len(hashes), root_of(hashes)), LOG_SIGNER)
        return LoggedStatement(self.envelopes[index], format_proof(index, inclusion_proof(hashes, index), note=note))

    def bundle(self, index: int, *, keys: range | list[int] = range(6), status: StatusList | None = None) -> bytes:
        """Return the bundle of a certificate."""
        return make_bundle(FILES, self.logged(index), keys=[self.logged(i) for i in keys], status=status)

    def status(self, rows: list[tuple[int, str, int]], as_of: str = "2026-11-22T00:00:00Z") -> StatusList:
        """Publish a status list."""
        data = status_list_bytes(rows)
        digest = FileEntry.of("status", "application/json", data=data).sha256
        index = self.say("status.published", PLATFORM, {"as_of": as_of, "sha256": digest, "count": len(rows)})
        return StatusList(data, self.logged(index))


def certified(*, demo: bool = False, **changes: Any) -> bytes:
    """Return the bundle of one certificate in a fresh log."""
    city = City(demo)
    city.found()
    return city.bundle(city.issue(**changes))


def trust(*, demo: bool = False) -> bytes:
    """Return the trust file of this city."""
    keys = [TrustedKey(PLATFORM, LOG_SIGNER.public_key, demo), TrustedKey(BODY, BODY_SIGNER.public_key, demo)]
    return make_trust([vkey_of(ORIGIN, LOG_SIGNER.public_key)], keys)
