"""What is frozen before a draw: the units, the people, the conflicts between them, and whose chance it takes.

The bytes are canonical (JCS), so that one list has one hash. Source: the project's trust design, 9.1 (nqi-draw/v1).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plumbline.errors import InputError, ProofError, Text, say
from plumbline.evidence.canonical import Json, jcs, parse_strict

SCHEMA = "nqi-draw/v1"
MOST_BYTES = 64 * 2**20
MOST_UNITS, MOST_STRATA, MOST_PEOPLE = 1_000_000, 1_000, 10_000
MOST_TRIES = 10_000_000
"""Selected units times people: how many tickets of people a draw may take."""
MOST_CHARACTERS = 200
FEWEST_PARTIES, MOST_PARTIES = 3, 100


@dataclass(frozen=True)
class Stratum:
    """Units among which some are drawn. take: how many; reserve: how many stand by, in order."""

    id: str
    take: int
    reserve: int
    units: tuple[str, ...]

    def __post_init__(self) -> None:
        require_ids((self.id,), where=say("层"))
        require_ids(self.units, where=say("层 {id} 的对象", id=self.id))
        if not 1 <= self.take <= len(self.units) or not 0 <= self.reserve <= MOST_UNITS:
            raise _wrong(
                say("层 {id} 要抽 {take} 个，只有 {count} 个", id=self.id, take=self.take, count=len(self.units))
            )


@dataclass(frozen=True)
class Inspector:
    """Somebody who may be drawn. most: how many units at most fall to them in one draw."""

    id: str
    most: int

    def __post_init__(self) -> None:
        if not 1 <= self.most <= MOST_UNITS:
            raise _wrong(say("{id} 的上限 {most} 不对", id=self.id, most=self.most))


@dataclass(frozen=True)
class Ceremony:
    """Chance that independent parties make together: each seals a nonce, then all open theirs."""

    parties: tuple[str, ...]

    def __post_init__(self) -> None:
        require_ids(self.parties, where=say("参与方"))
        if not FEWEST_PARTIES <= len(self.parties) <= MOST_PARTIES:
            raise _wrong(say("要有 {fewest} 到 {most} 个互相独立的参与方", fewest=FEWEST_PARTIES, most=MOST_PARTIES))

    @property
    def said(self) -> dict[str, Json]:
        """The members in the manifest."""
        return {"kind": "ceremony", "parties": list(self.parties)}


@dataclass(frozen=True)
class Beacon:
    """Chance of a public beacon: the chain by its hash, and the round, which is still to come when this is frozen."""

    chain: str
    round: int

    def __post_init__(self) -> None:
        require_ids((self.chain,), where=say("信标"))
        if self.round < 1:
            raise _wrong(say("信标的轮次 {round} 不对", round=self.round))

    @property
    def said(self) -> dict[str, Json]:
        """The members in the manifest."""
        return {"kind": "drand", "chain": self.chain, "round": self.round}


@dataclass(frozen=True)
class Manifest:
    """What is frozen. per_unit: how many people a unit gets; conflicts: unit -> people who must not have it."""

    draw_id: str
    chance: Ceremony | Beacon
    strata: tuple[Stratum, ...]
    inspectors: tuple[Inspector, ...] = ()
    per_unit: int = 0
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = tuple(each.id for each in self.inspectors)
        units = [unit for stratum in self.strata for unit in stratum.units]
        require_ids((self.draw_id,), where=say("抽签编号"))
        if not 1 <= len(self.strata) <= MOST_STRATA or len({each.id for each in self.strata}) < len(self.strata):
            raise _wrong(say("至少要有一层，各层编号不重复"))
        if len(set(units)) < len(units) or len(units) > MOST_UNITS:
            raise _wrong(say("一个对象只能在一层里，总共不超过 {most} 个", most=MOST_UNITS))
        if people:
            require_ids(people, where=say("人员"))
        tries = sum(each.take for each in self.strata) * len(people)
        if not 0 <= self.per_unit <= max(len(people), 1) or len(people) > MOST_PEOPLE or tries > MOST_TRIES:
            raise _wrong(say("每个对象 {count} 人、共 {people} 人，不能抽", count=self.per_unit, people=len(people)))
        _require_conflicts(self.conflicts, units=frozenset(units), people=frozenset(people))

    @property
    def json(self) -> dict[str, Json]:
        """The members as they are hashed."""
        strata: list[Json] = [
            {"id": each.id, "take": each.take, "reserve": each.reserve, "units": list(each.units)}
            for each in self.strata
        ]
        return {
            "schema": SCHEMA,
            "draw_id": self.draw_id,
            "beacon": self.chance.said,
            "strata": strata,
            "inspectors": [{"id": each.id, "max": each.most} for each in self.inspectors],
            "per_unit": self.per_unit,
            "conflicts": {unit: list(people) for unit, people in self.conflicts.items()},
        }

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return jcs(self.json)

    @property
    def sha256(self) -> bytes:
        """H, the hash that is logged before any chance is known."""
        return hashlib.sha256(self.data).digest()


def _require_conflicts(said: Mapping[str, tuple[str, ...]], *, units: frozenset[str], people: frozenset[str]) -> None:
    for unit, excluded in said.items():
        require_ids(excluded, where=say("{unit} 的回避名单", unit=unit))
        if unit not in units or not people.issuperset(excluded):
            raise _wrong(say("回避名单里有名单以外的对象或人员：{unit}", unit=unit))


def require_ids(ids: Sequence[str], *, where: Text) -> None:
    """Pass if identifiers are NFC, without control characters, unique, and in the order of their UTF-8 bytes.

    Raises: InputError naming the first that is not.
    """
    before = b""
    for each in ids:
        place = each.encode("utf-8", "surrogatepass")
        if not _is_plain(each):
            raise _wrong(say("{where}：编号不规范（空、过长、未规范化或有控制字符）", where=where))
        if place <= before:
            raise _wrong(say("{where}：编号“{id}”重复，或没有按字节排序", where=where, id=each))
        before = place
    if not ids:
        raise _wrong(say("{where}：名单是空的", where=where))


def _is_plain(text: str) -> bool:
    if not 0 < len(text) <= MOST_CHARACTERS:
        return False
    if text.isascii():
        return text.isprintable()
    is_clear = all(unicodedata.category(one) not in {"Cc", "Cs"} for one in text)
    return is_clear and unicodedata.is_normalized("NFC", text)


def in_order(ids: Iterable[str]) -> tuple[str, ...]:
    """Return identifiers once each, in the order a manifest wants them."""
    return tuple(sorted(set(ids), key=lambda each: each.encode("utf-8", "surrogatepass")))


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest of some bytes. Raises: ProofError unless they are exactly the canonical bytes of one."""
    found = manifest_of(parse_strict(data, MOST_BYTES))
    if found.data != data:
        raise _refused(say("不是规范的字节"))
    return found


def manifest_of(value: Json) -> Manifest:
    """Return the manifest of a JSON value. Raises: ProofError for any other."""
    said = members(value, "schema", "draw_id", "beacon", "strata", "inspectors", "per_unit", "conflicts")
    if said["schema"] != SCHEMA:
        raise _refused(say("schema 不是 {schema}", schema=SCHEMA))
    conflicts = said["conflicts"]
    if not isinstance(conflicts, dict):
        raise _refused(say("conflicts 不是对照表"))
    try:
        return Manifest(
            draw_id=text(said["draw_id"]),
            chance=_chance(said["beacon"]),
            strata=tuple(_stratum(each) for each in rows(said["strata"])),
            inspectors=tuple(_inspector(each) for each in rows(said["inspectors"])),
            per_unit=whole(said["per_unit"]),
            conflicts={unit: texts(people) for unit, people in conflicts.items()},
        )
    except InputError as err:
        raise _refused(err.what) from err


def _chance(value: Json) -> Ceremony | Beacon:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "ceremony":
        return Ceremony(texts(members(value, "kind", "parties")["parties"]))
    said = members(value, "kind", "chain", "round")
    if kind != "drand":
        raise _refused(say("不认识的随机来源：{kind}", kind=kind))
    return Beacon(text(said["chain"]), whole(said["round"]))


def _stratum(value: Json) -> Stratum:
    said = members(value, "id", "take", "reserve", "units")
    return Stratum(text(said["id"]), whole(said["take"]), whole(said["reserve"]), texts(said["units"]))


def _inspector(value: Json) -> Inspector:
    said = members(value, "id", "max")
    return Inspector(text(said["id"]), whole(said["max"]))


def members(value: Json, *names: str) -> dict[str, Json]:
    """Return an object with exactly these members. Raises: ProofError."""
    if not isinstance(value, dict) or set(value) != set(names):
        raise _refused(say("成员应当正好是：{names}", names="、".join(names)))
    return value


def rows(value: Json) -> list[Json]:
    """Return a list. Raises: ProofError."""
    if not isinstance(value, list):
        raise _refused(say("应当是列表"))
    return value


def text(value: Json) -> str:
    """Return a text. Raises: ProofError."""
    if not isinstance(value, str):
        raise _refused(say("应当是文字"))
    return value


def texts(value: Json) -> tuple[str, ...]:
    """Return a list of texts. Raises: ProofError."""
    return tuple(text(each) for each in rows(value))


def whole(value: Json) -> int:
    """Return a whole number. Raises: ProofError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refused(say("应当是整数"))
    return value


def _wrong(what: Text) -> InputError:
    return InputError(what, remedy=say("改正抽签名单后再冻结"), field="manifest")


def _refused(what: Text) -> ProofError:
    return ProofError(say("抽签名单不对：{why}", why=what), remedy=say("不要采信这次抽签；向主持单位索取原始文件"))
