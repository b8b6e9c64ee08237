"""Answers what a signed statement says and which public leaf it leaves in the log.

The payload is private to those who hold the document (it carries a salt); the leaf is public, small and free of
personal data.  Source: the project's trust design, section 3. Sealing is left to `seal`, ordering to `log`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives import hashes

from plumbline.errors import InputError, ProofError, say
from plumbline.evidence.canonical import Json, encode_base64, jcs, parse_strict
from plumbline.evidence.seal.signer import Signer

VERSION = 1
SALT_BYTES = 16
MAX_PAYLOAD_BYTES = 500_000
MAX_LEAF_BYTES = 65_535

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "body.registered": ("body",),
    "scope.granted": ("body", "items", "valid_from", "valid_until"),
    "scope.changed": ("ref", "items", "valid_from", "valid_until"),
    "scope.withdrawn": ("ref", "reason"),
    "person.qualified": ("person", "items", "valid_from", "valid_until"),
    "person.expired": ("ref",),
    "standard.certified": ("standard", "certificate_no", "valid_from", "valid_until"),
    "measurement.committed": ("record_sha256", "instrument", "standards", "performed_on"),
    "certificate.issued": ("cert_no", "kind", "result", "performed_on", "issued_at", "instrument", "files", "authz"),
    "certificate.superseded": ("ref", "cert_no", "reason", "by"),
    "certificate.suspended": ("ref", "cert_no", "reason"),
    "certificate.reinstated": ("ref", "cert_no", "reason"),
    "certificate.revoked": ("ref", "cert_no", "reason"),
    "document.issued": ("doc_no", "kind", "holder", "granted_on", "valid_until", "issued_at", "files", "authz"),
    "document.superseded": ("ref", "doc_no", "reason", "by"),
    "document.suspended": ("ref", "doc_no", "reason"),
    "document.reinstated": ("ref", "doc_no", "reason"),
    "document.revoked": ("ref", "doc_no", "reason"),
    "key.added": ("key",),
    "key.retired": ("ref",),
    "key.compromised": ("ref", "since"),
    "register.changed": ("sha256",),
    "draw.committed": ("draw_id", "sha256"),
    "draw.sealed": ("draw_id", "party", "commitment"),
    "draw.resolved": ("ref", "draw_id"),
    "draw.substituted": ("ref", "draw_id"),
    "draw.voided": ("ref", "draw_id", "reason"),
    "status.published": ("as_of", "sha256", "count"),
    "figures.frozen": ("month", "as_of", "sha256"),
    "log.note": ("note",),
}
TYPES = frozenset(_REQUIRED)
ISSUED = ("certificate.issued", "document.issued")
"""What a holder keeps with its files; it names what it replaces by `supersedes`."""


@dataclass(frozen=True)
class FileEntry:
    """One file of a certificate as its statement names it: length and both digests, in lower-case hex."""

    name: str
    media: str
    size: int
    sha256: str
    sm3: str

    @classmethod
    def of(cls, name: str, media: str, *, data: bytes) -> FileEntry:
        """Return the entry of a file's bytes."""
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        return cls(name, media, len(data), hashlib.sha256(data).hexdigest(), digest.finalize().hex())

    def fields(self) -> dict[str, Json]:
        """Return the members as they stand in the statement."""
        return {"name": self.name, "media": self.media, "bytes": self.size, "sha256": self.sha256, "sm3": self.sm3}


@dataclass(frozen=True)
class CertificateStatement:
    """What `certificate.issued` says. `evidence` and `supersedes` are leaf indices; `authz` as in section 3."""

    cert_no: str
    kind: str
    result: str
    performed_on: date
    valid_until: date | None
    issued_at: datetime
    instrument: Mapping[str, str]
    files: tuple[FileEntry, ...]
    evidence: tuple[int, ...]
    authz: Mapping[str, Json]
    supersedes: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("verification", "result_notice") or self.result not in ("pass", "fail"):
            raise InputError(say("证书声明的种类或结论不对：{kind}、{result}", kind=self.kind, result=self.result))
        if self.result == "fail" and self.valid_until is not None:
            raise InputError(say("不合格的结果通知书没有有效期"), field="valid_until")
        if not self.evidence:
            raise InputError(say("证书声明必须指出日志里的原始测量记录"), field="evidence")


def certificate_fields(statement: CertificateStatement) -> dict[str, Json]:
    """Return the members of a `certificate.issued` payload, for `make_payload`."""
    return {
        "cert_no": statement.cert_no,
        "kind": statement.kind,
        "result": statement.result,
        "performed_on": statement.performed_on.isoformat(),
        "valid_until": statement.valid_until.isoformat() if statement.valid_until else None,
        "issued_at": instant(statement.issued_at),
        "instrument": dict(statement.instrument),
        "files": [entry.fields() for entry in statement.files],
        "evidence": list(statement.evidence),
        "authz": dict(statement.authz),
        "supersedes": statement.supersedes,
    }


def key_fields(
    signer: Signer, owner: str, *, usage: str, span: tuple[date, date], vkey: str | None = None
) -> dict[str, Json]:
    """Return the members of a `key.added` payload.

    usage: "seal" (a body's key), "log" (needs its `vkey`, the C2SP verifier key text) or "status".
    span: the first and the last day the key is to be used.
    """
    if usage not in ("seal", "log", "status") or (usage == "log") != (vkey is not None):
        raise InputError(say("密钥用途不对：{usage}", usage=usage))
    key: dict[str, Json] = {
        "id": signer.key_id,
        "algorithm": signer.algorithm,
        "public": encode_base64(signer.public_key),
        "usage": usage,
        "owner": owner,
        "valid_from": span[0].isoformat(),
        "valid_until": span[1].isoformat(),
    }
    if vkey is not None:
        key["vkey"] = vkey
    return {"key": key}


def make_payload(kind: str, issuer: str, *, fields: Mapping[str, Json], salt: bytes, demo: bool) -> bytes:
    """Return the JCS bytes of a statement.

    kind: one of `TYPES`.  issuer: the body's public id.  salt: 16 random bytes.  demo: adds `"demo": true`.
    Raises: InputError for an unknown type, a missing member, a number that is no count, or a wrong salt.
    """
    if kind not in TYPES:
        raise InputError(say("没有这种声明：{kind}", kind=kind))
    missing = [name for name in _REQUIRED[kind] if name not in fields]
    reserved = {"v", "type", "issuer", "salt", "demo"} & set(fields)
    if missing or reserved or not issuer:
        raise InputError(say("声明 {kind} 的成员不对：{names}", kind=kind, names="、".join(missing + sorted(reserved))))
    if len(salt) != SALT_BYTES:
        raise InputError(say("盐必须是 16 个随机字节"), field="salt")
    value: dict[str, Json] = {"v": VERSION, "type": kind, "issuer": issuer, **fields, "salt": encode_base64(salt)}
    if demo:
        value["demo"] = True
    _refuse_floats(value)
    return jcs(value)


def read_payload(payload: bytes) -> dict[str, Json]:
    """Return the members of a payload. Raises: ProofError unless it is a statement of a known type in JCS form."""
    value = parse_strict(payload, MAX_PAYLOAD_BYTES)
    if not isinstance(value, dict) or value.get("v") != VERSION or jcs(value) != payload:
        raise ProofError(say("声明的格式不对"), remedy=say("向出具单位索取原始文件"))
    kind, issuer = value.get("type"), value.get("issuer")
    if not isinstance(kind, str) or kind not in TYPES or not isinstance(issuer, str) or not issuer:
        raise ProofError(say("声明的种类或出具单位不明"), remedy=say("向出具单位索取原始文件"))
    return value


def leaf_bytes(payload: bytes, envelope: bytes) -> bytes:
    """Return the public log leaf of a sealed statement.

    Type, issuer and reference are read from the payload, so that leaf and statement cannot disagree:
    `ref` is the superseded leaf of what was issued, the `ref` of any other statement, or null.
    """
    value = read_payload(payload)
    leaf = jcs(
        {
            "v": VERSION,
            "type": value["type"],
            "issuer": value["issuer"],
            "stmt": hashlib.sha256(payload).hexdigest(),
            "env": hashlib.sha256(envelope).hexdigest(),
            "ref": value.get("supersedes" if value["type"] in ISSUED else "ref"),
        }
    )
    if len(leaf) > MAX_LEAF_BYTES:
        raise InputError(say("日志条目超过 {limit} 字节", limit=MAX_LEAF_BYTES), field="issuer")
    return leaf


def instant(at: datetime) -> str:
    """Return an aware time as UTC text to the second. Raises: InputError for a naive time."""
    if at.tzinfo is None:
        raise InputError(say("时间必须带时区"))
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refuse_floats(value: Json) -> None:
    if isinstance(value, float):
        raise InputError(say("声明里的测量值必须写成十进制文本，不能写成数"))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _refuse_floats(part)
