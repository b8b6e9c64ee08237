"""What may be typed into the search box, and what is refused with a sentence."""

from __future__ import annotations

import pytest

from plumbline.domain.rows.codes import new_identity, new_lookup_code
from plumbline.domain.rows.searching.asking import read
from plumbline.domain.rows.searching.numbers import one_slip_away
from plumbline.errors import InputError


@pytest.mark.parametrize(
    "text", ["", "   ", "水", "7", "，。！", "%_%", "&|!():*<->", "水" * 10_000, "水\0表", "水\u202e表"]
)
def test_what_cannot_be_looked_for_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)

    assert refused.value.faults[0].remedy is not None
    assert refused.value.faults[0].field == "q"


def test_full_width_signs_capitals_and_punctuation_do_not_matter() -> None:
    assert read("ＥＸ－2200（Ａ） 水、表").tokens == ("ex2200a", "水表")


def test_an_identity_is_known_by_its_shape_however_typed() -> None:
    identity = new_identity()

    assert read(identity.lower().replace("-", " ")).identity == identity
    assert read("EX0000737").identity == ""


def test_the_address_of_a_public_page_is_its_code() -> None:
    code = new_lookup_code()

    assert read(f"https://example.org/c/{code}").lookup_code == code
    assert read(code.lower()).lookup_code == code


@pytest.mark.parametrize("typed", ["EX0O737", "EX0073", "EX007337", "XE00737", "EX07037"])
def test_every_single_slip_in_a_number_is_among_those_tried(typed: str) -> None:
    assert {"EX00737"} & set(one_slip_away(typed))
