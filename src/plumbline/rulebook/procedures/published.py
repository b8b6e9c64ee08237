"""What other systems are told of the procedures: a short line of each, and hashes of all that they say.

Unlike `Procedure.digest`, which holds running cases to what steers them, these cover the wording too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass

from plumbline.rulebook.procedures.model import Procedure


def wording_digest(procedure: Procedure) -> str:
    """Return the SHA-256 in hex of all a definition says."""
    return _hashed(_plain(procedure))


def published(procedures: Iterable[Procedure]) -> list[dict[str, str]]:
    """Return a line of each procedure: id, names, edition, the day it holds from, the hash of all it says."""
    return [
        {
            "id": each.id,
            "zh": each.zh,
            "en": each.en,
            "edition": each.edition,
            "valid_from": each.valid_from.isoformat(),
            "digest": wording_digest(each),
        }
        for each in procedures
    ]


def digest_of(lines: Iterable[Mapping[str, str]]) -> str:
    """Return the SHA-256 in hex of a whole catalogue."""
    return _hashed(sorted((each["id"], each["edition"], each["digest"]) for each in lines))


def _hashed(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)
