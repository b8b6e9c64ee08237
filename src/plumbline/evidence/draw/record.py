"""A finished draw in one JSON file, and its check by a stranger: everything in it is done again from the nonces.

What it proves: this list, with this chance, gives this result. That the list was frozen and the nonces were sealed
before, the log says: `draw.committed` and `draw.sealed` stand in it with these hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plumbline.errors import ProofError, say
from plumbline.evidence.canonical import Json, jcs, parse_strict
from plumbline.evidence.draw.ceremony import randomness
from plumbline.evidence.draw.manifest import MOST_BYTES, Ceremony, Manifest, manifest_of, members, rows, text
from plumbline.evidence.draw.tickets import Drawn, draw

SCHEMA = "nqi-draw-record/v1"


@dataclass(frozen=True)
class Draw:
    """A draw that was done. sealed, nonces: party -> 64 hexadecimal digits; replaces: the void draw it stands for."""

    manifest: Manifest
    sealed: Mapping[str, str]
    nonces: Mapping[str, str]
    drawn: tuple[Drawn, ...]
    replaces: str = ""


def resolved(manifest: Manifest, sealed: Mapping[str, str], *, nonces: Mapping[str, str], replaces: str = "") -> Draw:
    """Return the draw that some opened nonces give. Raises: ProofError, see `ceremony.randomness`."""
    return Draw(manifest, sealed, nonces, draw(manifest, _chance(manifest, sealed, nonces=nonces)), replaces)


def write(done: Draw) -> bytes:
    """Return the file of a draw, canonical."""
    parties: list[Json] = [
        {"id": party, "commitment": done.sealed[party], "nonce": done.nonces[party]} for party in sorted(done.sealed)
    ]
    return jcs(
        {
            "schema": SCHEMA,
            "manifest": done.manifest.json,
            "manifest_sha256": done.manifest.sha256.hex(),
            "ceremony": parties,
            "result": [_said(each) for each in done.drawn],
            "replaces": done.replaces or None,
        }
    )


def check(data: bytes) -> Draw:
    """Return the draw of a file, done again. Raises: ProofError unless list, chance and result belong together."""
    said = members(
        parse_strict(data, MOST_BYTES), "schema", "manifest", "manifest_sha256", "ceremony", "result", "replaces"
    )
    if said["schema"] != SCHEMA:
        raise _refused("schema")
    manifest = manifest_of(said["manifest"])
    if said["manifest_sha256"] != manifest.sha256.hex():
        raise _refused("manifest_sha256")
    parties = [members(each, "id", "commitment", "nonce") for each in rows(said["ceremony"])]
    sealed = {text(each["id"]): text(each["commitment"]) for each in parties}
    nonces = {text(each["id"]): text(each["nonce"]) for each in parties}
    replaces = said["replaces"]
    if len(sealed) < len(parties) or not (replaces is None or isinstance(replaces, str)):
        raise _refused("ceremony")
    done = resolved(manifest, sealed, nonces=nonces, replaces=replaces or "")
    if [_said(each) for each in done.drawn] != said["result"]:
        raise ProofError(say("重算的结果和文件里写的不同"), remedy=say("不要采信这次抽签；向主持单位和主管部门反映"))
    return done


def _chance(manifest: Manifest, sealed: Mapping[str, str], *, nonces: Mapping[str, str]) -> bytes:
    if not isinstance(manifest.chance, Ceremony):
        raise ProofError(say("这次抽签用的是公共信标，本版只能核对当场的仪式"), remedy=say("用能核对信标签名的工具"))
    return randomness(manifest.chance, sealed, nonces=nonces)


def _said(drawn: Drawn) -> dict[str, Json]:
    teams: dict[str, Json] = {unit: None if team is None else list(team) for unit, team in drawn.teams.items()}
    return {"id": drawn.id, "selected": list(drawn.selected), "reserve": list(drawn.reserve), "teams": teams}


def _refused(name: str) -> ProofError:
    return ProofError(say("抽签文件的 {name} 不对", name=name), remedy=say("不要采信；向主持单位索取原始文件"))
