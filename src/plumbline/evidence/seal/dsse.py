"""Answers how a payload is wrapped with its signatures, and who signed a wrapped one.

DSSE (Dead Simple Signing Envelope, protocol v1): the signature covers the type and the very payload bytes, so that
nothing is canonicalised on the checking side. Our envelope bytes are the JCS form of the DSSE JSON object, because the
log leaf carries their hash. Whether a key was in force is left to the checks above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plumbline.errors import InputError, ProofError, say
from plumbline.evidence.canonical import Json, decode_base64, encode_base64, jcs, parse_strict
from plumbline.evidence.seal.signer import Signer, verify_signature

PAYLOAD_TYPE = "application/vnd.nqi.statement+json"
MAX_ENVELOPE_BYTES = 1_000_000
MAX_SIGNATURES = 16


@dataclass(frozen=True)
class Envelope:
    """An opened DSSE envelope; `signatures` are (key id, signature bytes) in the order received."""

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


def seal(payload: bytes, signers: Sequence[Signer]) -> bytes:
    """Return the envelope bytes of a statement payload, signed by every signer. Store these bytes as they are."""
    if not signers or len(signers) > MAX_SIGNATURES:
        raise InputError(say("信封需要一到 {limit} 个签名", limit=MAX_SIGNATURES))
    message = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    signatures: list[Json] = [
        {"keyid": signer.key_id, "sig": encode_base64(signer.sign(message))} for signer in signers
    ]
    return jcs({"payload": encode_base64(payload), "payloadType": PAYLOAD_TYPE, "signatures": signatures})


def open_envelope(envelope: bytes) -> Envelope:
    """Return the parts of an envelope, unverified. Raises: ProofError unless it has exactly the members of DSSE."""
    value = parse_strict(envelope, MAX_ENVELOPE_BYTES)
    if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
        raise _malformed()
    payload, payload_type, signatures = value["payload"], value["payloadType"], value["signatures"]
    if not (isinstance(payload, str) and isinstance(payload_type, str) and isinstance(signatures, list)):
        raise _malformed()
    if not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise _malformed()
    return Envelope(payload_type, decode_base64(payload), tuple(_signature(item) for item in signatures))


def verify_envelope(envelope: bytes, public_keys: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the ids of the known keys that signed. Unknown keys are ignored.

    public_keys: key id -> 32-byte Ed25519 public key.
    Raises: ProofError if no known key signed, a known key's signature is wrong, or the payload type is not ours.
    """
    opened = open_envelope(envelope)
    if opened.payload_type != PAYLOAD_TYPE:
        raise ProofError(say("信封里的内容类型不是声明：{type}", type=opened.payload_type))
    message = pre_authentication_encoding(opened.payload_type, opened.payload)
    known = [(key_id, signature) for key_id, signature in opened.signatures if key_id in public_keys]
    for key_id, signature in known:
        verify_signature(public_keys[key_id], signature, message=message)
    if not known:
        raise ProofError(say("没有已知密钥的签名"), remedy=say("不要采信，向出具单位索取原始文件"))
    return tuple(key_id for key_id, _ in known)


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed: "DSSEv1" SP len(type) SP type SP len(body) SP body."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _signature(item: Json) -> tuple[str, bytes]:
    if not isinstance(item, dict) or set(item) != {"keyid", "sig"}:
        raise _malformed()
    key_id, signature = item["keyid"], item["sig"]
    if not (isinstance(key_id, str) and isinstance(signature, str)):
        raise _malformed()
    return key_id, decode_base64(signature)


def _malformed() -> ProofError:
    return ProofError(say("签名信封的格式不对"), remedy=say("向出具单位索取原始文件"))
