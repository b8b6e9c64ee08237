"""Answers which one file a holder keeps so that a stranger can check a certificate with no network.

The bundle of the trust design, section 5: files, sealed statement, proof, the statements about keys and authority it
rests on, and optionally a status list. Checking is left to `offline`, which shares no code with this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plumbline.errors import InputError, say
from plumbline.evidence.canonical import Json, encode_base64, jcs, parse_strict
from plumbline.evidence.log.checkpoint import parse_vkey
from plumbline.evidence.log.proof import parse_proof
from plumbline.evidence.seal.dsse import open_envelope
from plumbline.evidence.seal.signer import key_id_of

MAX_BUNDLE_BYTES = 20_000_000
STATUS_CODES = ("revoked", "superseded", "suspended")


@dataclass(frozen=True)
class LoggedStatement:
    """A sealed statement with its place in the log: envelope bytes and tlog-proof text."""

    envelope: bytes
    proof: str

    def fields(self) -> dict[str, Json]:
        """Return the members as they stand in a bundle. Raises: ProofError if envelope or proof is malformed."""
        open_envelope(self.envelope)
        parse_proof(self.proof)
        return {"statement": parse_strict(self.envelope, MAX_BUNDLE_BYTES), "proof": self.proof}


@dataclass(frozen=True)
class StatusList:
    """A status list with the logged `status.published` statement that carries its hash."""

    list_bytes: bytes
    published: LoggedStatement


@dataclass(frozen=True)
class TrustedKey:
    """A key that a checker trusts from elsewhere: its owner's id, 32-byte public key, whether a demo key, its usage.

    usage: "seal" for a body's key, "status" for one that speaks about revocation, "log" for one that also speaks
    about the keys of others.
    """

    issuer: str
    public_key: bytes
    demo: bool
    usage: str = "seal"


def make_bundle(
    files: Mapping[str, bytes],
    statement: LoggedStatement,
    *,
    keys: Sequence[LoggedStatement],
    status: StatusList | None = None,
) -> bytes:
    """Return the bundle as JCS bytes.

    files: name -> bytes, exactly those the statement names.  keys: logged statements about the body's key, the log's
    key, scope, qualification, measurement standards and raw record; one given twice is put in once.
    Raises: InputError beyond 20 MB; ProofError for malformed parts.
    """
    value: dict[str, Json] = {
        "v": 1,
        "files": {name: encode_base64(data) for name, data in files.items()},
        **statement.fields(),
        "keys": [key.fields() for key in {key.envelope: key for key in keys}.values()],
        "status": None if status is None else {"list": encode_base64(status.list_bytes), **status.published.fields()},
    }
    data = jcs(value)
    if len(data) > MAX_BUNDLE_BYTES:
        raise InputError(say("证据包超过 {limit} 字节", limit=MAX_BUNDLE_BYTES))
    return data


def status_list_bytes(items: Sequence[tuple[int, str, int]]) -> bytes:
    """Return the bytes of `status/<leaf index>.json`: sorted [certificate leaf, code, status leaf]."""
    wrong = [code for _, code, _ in items if code not in STATUS_CODES]
    if wrong:
        raise InputError(say("没有这种状态：{code}", code=wrong[0]))
    rows: list[Json] = [[leaf, code, status_leaf] for leaf, code, status_leaf in sorted(items)]
    return jcs(rows)


def make_trust(logs: Sequence[str], keys: Sequence[TrustedKey]) -> bytes:
    """Return a trust file (trust.json, version 1, not yet signed by root keys).

    logs: verifier key texts.  keys: bodies' keys known from outside the bundle.
    """
    for text in logs:
        parse_vkey(text)
    entries: list[Json] = [
        {
            "issuer": key.issuer,
            "id": key_id_of(key.public_key),
            "algorithm": "ed25519",
            "public": encode_base64(key.public_key),
            "demo": key.demo,
            "usage": key.usage,
        }
        for key in keys
    ]
    return jcs({"v": 1, "logs": list(logs), "keys": entries})
