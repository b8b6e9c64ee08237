"""Chance made on the spot: each party seals a nonce, and opens it once all are sealed; one honest party is enough.

Source: the project's trust design, 9.4. Whoever does not open theirs voids the draw, and is named.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping

from plumbline.errors import InputError, ProofError, say
from plumbline.evidence.draw.manifest import Ceremony, in_order

NONCE_BYTES = 32
HEX = re.compile(r"[0-9a-f]{64}")


def new_nonce() -> bytes:
    """Return a fresh nonce: 32 bytes from the operating system, for who makes theirs at a terminal."""
    return secrets.token_bytes(NONCE_BYTES)


def commitment(party: str, nonce: bytes) -> str:
    """Return what a party says before it opens: SHA-256(id, 0x00, nonce), in hexadecimal."""
    return hashlib.sha256(party.encode() + b"\0" + nonce).hexdigest()


def read_hex(text: str, *, field: str) -> bytes:
    """Return the 32 bytes of 64 hexadecimal digits. Raises: InputError beside the field."""
    if not HEX.fullmatch(text):
        raise InputError(say("应当是 64 位十六进制数（0-9、a-f）"), remedy=say("整段复制，不多不少"), field=field)
    return bytes.fromhex(text)


def opens(party: str, nonce: str, *, sealed: str) -> bool:
    """Tell whether a nonce is the one a party sealed. nonce, sealed: 64 hexadecimal digits each."""
    return HEX.fullmatch(nonce) is not None and commitment(party, bytes.fromhex(nonce)) == sealed


def missing(ceremony: Ceremony, said: Iterable[str]) -> tuple[str, ...]:
    """Return the parties that have not said theirs."""
    held = frozenset(said)
    return tuple(party for party in ceremony.parties if party not in held)


def randomness(ceremony: Ceremony, sealed: Mapping[str, str], *, nonces: Mapping[str, str]) -> bytes:
    """Return R: SHA-256 of the nonces in the order of the parties' ids. sealed, nonces: party -> 64 hexadecimal digits.

    Raises: ProofError naming who has not opened theirs, or opened another than they had sealed.
    """
    if lacking := missing(ceremony, sealed) or missing(ceremony, nonces):
        raise _void(", ".join(lacking))
    if set(sealed) | set(nonces) != set(ceremony.parties):
        raise _refused(", ".join(sorted((set(sealed) | set(nonces)) - set(ceremony.parties))))
    wrong = [party for party in ceremony.parties if not opens(party, nonces[party], sealed=sealed[party])]
    if wrong:
        raise ProofError(
            say("{parties} 公开的随机数和封存的不符", parties=", ".join(wrong)), remedy=say("这次抽签作废，重新抽")
        )
    return hashlib.sha256(b"".join(bytes.fromhex(nonces[party]) for party in in_order(ceremony.parties))).digest()


def _void(parties: str) -> ProofError:
    return ProofError(say("{parties} 没有公开随机数，抽签无效", parties=parties), remedy=say("作废，重新抽"))


def _refused(parties: str) -> ProofError:
    return ProofError(say("{parties} 不是名单上的参与方", parties=parties), remedy=say("不要采信这次抽签"))
