"""Draws: the worked example, what a unit more or less changes, the ceremony, and files that lie."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any  # the worked example and broken files have several shapes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError, ProofError
from plumbline.evidence.canonical import jcs
from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import commitment, randomness
from plumbline.evidence.draw.manifest import Ceremony, Inspector, Manifest, Stratum, in_order, read_manifest
from plumbline.evidence.draw.tickets import draw, seed_of, unit_ticket
from tests.shared_data import shared_path

PARTIES = ("applicant", "body", "third")
NONCES = {party: bytes([number] * 32).hex() for number, party in enumerate(PARTIES, start=1)}
SEALED = {party: commitment(party, bytes.fromhex(nonce)) for party, nonce in NONCES.items()}
PEOPLE = tuple(Inspector(f"I-{number}", 1) for number in range(1, 7))
MANIFEST = Manifest(
    "2026-1/1", Ceremony(PARTIES), (Stratum("case", 1, 0, ("2026-1",)),), PEOPLE, 2, {"2026-1": ("I-2", "I-5")}
)
units = st.sets(st.from_regex(r"[A-Z]{1,3}-[0-9]{1,4}", fullmatch=True), min_size=2, max_size=40)
chance = st.binary(min_size=32, max_size=32)


def example() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared_path("data/trust/draw_example.json").read_text())
    return found


def one_stratum(names: set[str], *, take: int = 1) -> Manifest:
    return Manifest("d", Ceremony(PARTIES), (Stratum("s", take, len(names), in_order(names)),))


def test_the_worked_example_is_reproduced() -> None:
    given_example = example()
    manifest = read_manifest(given_example["manifest_jcs"].encode())
    expected = given_example["expected"]
    random = bytes.fromhex(expected["beacon_randomness"])
    seed = seed_of(manifest, random)
    assert (manifest.sha256.hex(), seed.hex()) == (expected["manifest_sha256"], expected["seed"])
    drawn = draw(manifest, random)
    assert [
        {
            "id": each.id,
            "selected": list(each.selected),
            "reserve": list(each.reserve),
            "first_ticket": unit_ticket(seed, each.id, unit=each.selected[0]).hex(),
            "teams": {unit: list(team or ()) for unit, team in each.teams.items()},
        }
        for each in drawn
    ] == expected["strata"]


@given(names=units, random=chance)
def test_a_unit_that_leaves_moves_no_other(names: set[str], random: bytes) -> None:
    """With the same seed: each ticket is that unit's own."""
    seed = seed_of(one_stratum(names), random)
    before = sorted(names, key=lambda unit: unit_ticket(seed, "s", unit=unit))
    fewer = set(before[1:])
    after = sorted(fewer, key=lambda unit: unit_ticket(seed, "s", unit=unit))
    assert after == before[1:]


@given(names=units, random=chance)
def test_selected_and_reserve_are_all_units_once(names: set[str], random: bytes) -> None:
    (drawn,) = draw(one_stratum(names, take=2), random)
    assert sorted((*drawn.selected, *drawn.reserve)) == sorted(names)


@given(random=chance)
def test_nobody_in_conflict_is_drawn_and_nobody_twice(random: bytes) -> None:
    team = draw(MANIFEST, random)[0].teams["2026-1"] or ()
    assert len(set(team)) == 2
    assert not {"I-2", "I-5"} & set(team)


@given(random=chance)
def test_nobody_gets_more_than_their_most(random: bytes) -> None:
    names = in_order(f"U-{number}" for number in range(6))
    manifest = replace(MANIFEST, strata=(Stratum("s", 6, 0, names),), per_unit=1, conflicts={})
    teams = [team for team in draw(manifest, random)[0].teams.values() if team]
    assert sorted(person for team in teams for person in team) == [each.id for each in PEOPLE]


def test_where_too_few_are_left_there_is_no_team() -> None:
    manifest = replace(MANIFEST, inspectors=PEOPLE[:2], conflicts={"2026-1": ("I-2",)})
    assert draw(manifest, bytes(32))[0].teams == {"2026-1": None}


@given(names=units)
def test_a_manifest_is_read_back_as_it_was(names: set[str]) -> None:
    manifest = one_stratum(names)
    assert read_manifest(manifest.data) == manifest


@pytest.mark.parametrize(
    "names",
    [(), ("b", "a"), ("a", "a"), ("a\n",), ("e\u0301",), ("",), ("x" * 201,)],
    ids=["none", "unsorted", "twice", "control", "not-nfc", "empty", "long"],
)
def test_units_that_are_not_in_order_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        Stratum("s", 1, 0, names)


def test_two_parties_are_too_few() -> None:
    with pytest.raises(InputError, match="互相独立"):
        Ceremony(("a", "b"))


def test_a_draw_that_would_never_end_is_refused() -> None:
    names = in_order(f"{number:07}" for number in range(2_000))
    people = tuple(Inspector(f"{number:07}", 1) for number in range(6_000))
    with pytest.raises(InputError, match="不能抽"):
        Manifest("d", Ceremony(PARTIES), (Stratum("s", 2_000, 0, names),), people, 1)


def test_each_party_alone_changes_what_chance_gives() -> None:
    ceremony, other = Ceremony(PARTIES), bytes(32)
    plain = randomness(ceremony, SEALED, nonces=NONCES)
    changed = [
        randomness(ceremony, SEALED | {party: commitment(party, other)}, nonces=NONCES | {party: other.hex()})
        for party in PARTIES
    ]
    assert len({plain, *changed}) == 4


def test_who_does_not_open_is_named() -> None:
    with pytest.raises(ProofError, match="third 没有公开"):
        randomness(Ceremony(PARTIES), SEALED, nonces={key: NONCES[key] for key in PARTIES[:2]})


def test_who_opens_another_nonce_is_named() -> None:
    with pytest.raises(ProofError, match="body 公开的随机数和封存的不符"):
        randomness(Ceremony(PARTIES), SEALED, nonces=NONCES | {"body": NONCES["third"]})


def test_what_another_party_sealed_is_of_no_use() -> None:
    """The id is hashed with the nonce: a seal that was copied cannot be opened by who copied it."""
    with pytest.raises(ProofError, match="body"):
        randomness(Ceremony(PARTIES), SEALED | {"body": SEALED["third"]}, nonces=NONCES | {"body": NONCES["third"]})


def test_a_stranger_does_a_draw_again_from_its_file() -> None:
    done = record.resolved(MANIFEST, SEALED, nonces=NONCES, replaces="2026-1/0")
    assert record.check(record.write(done)) == done


def spoiled(value: Any, path: tuple[str | int, ...], *, to: Any) -> bytes:
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return jcs(value)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("schema",), "nqi-draw-record/v2"),
        (("manifest", "schema"), "nqi-draw/v2"),
        (("manifest", "draw_id"), "2026-1/2"),
        (("manifest", "per_unit"), True),
        (("manifest", "per_unit"), 1.5),
        (("manifest", "conflicts"), {}),
        (("manifest", "conflicts"), {"2026-1": ["I-9"]}),
        (("manifest", "inspectors"), "all"),
        (("manifest", "beacon"), {"kind": "lottery", "number": 123456}),
        (("manifest", "strata", 0, "take"), 0),
        (("manifest_sha256",), "00"),
        (("ceremony", 0, "nonce"), "00" * 32),
        (("ceremony", 0, "nonce"), "zz"),
        (("ceremony", 0, "commitment"), "00" * 32),
        (("ceremony", 0, "id"), "third"),
        (("ceremony",), []),
        (("result", 0, "teams", "2026-1"), ["I-1", "I-3"]),
        (("result",), None),
        (("replaces",), 1),
        (("more",), 1),
    ],
)
def test_a_file_with_one_thing_changed_is_refused(path: tuple[str | int, ...], to: Any) -> None:
    value = json.loads(record.write(record.resolved(MANIFEST, SEALED, nonces=NONCES)))
    with pytest.raises(ProofError):
        record.check(spoiled(value, path, to=to))


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"[" * 100_000, b"\xff"])
def test_what_is_no_draw_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        record.check(data)
