"""The catalogue of kinds under mandatory control."""

from __future__ import annotations

import csv

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import catalogue, regulations
from plumbline.rulebook.reading import parse_table
from tests.shared_data import shared_path


def test_the_rows_are_those_of_the_facts_pack_and_one_for_the_rest() -> None:
    with shared_path("domain/mandatory_catalogue.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["item_id"]: (row["level2_zh"], row["cycle_months_max"]) for row in csv.DictReader(file)}
    found = {
        code: (category.zh, str(category.cycle_months or ""))
        for code, category in catalogue.categories().items()
        if code != catalogue.OUTSIDE
    }
    assert found == expected
    assert list(catalogue.categories())[-1] == catalogue.OUTSIDE


def test_what_was_not_seen_is_from_memory() -> None:
    fuel = catalogue.by_code("MV-FUEL")
    assert (fuel.status_of("regulation"), fuel.status_of("cycle")) == ("verified", "from memory")


def test_outside_the_catalogue_nothing_is_mandatory() -> None:
    outside = catalogue.by_code("OUTSIDE")
    assert (outside.is_verified_periodically, outside.cycle_months) == (False, None)


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(InputError):
        catalogue.by_code("MV-NOTHING")


def test_every_regulation_names_a_category_of_the_catalogue() -> None:
    assert all(catalogue.exists(regulation.category) for regulation in regulations.all_regulations().values())


def test_a_row_seen_nowhere_but_marked_seen_is_refused() -> None:
    text = (
        'status = "from memory"\n[categories.X]\nlevel1_zh = "甲"\nzh = "乙"\nen = "x"\ncontrol = "V"\n'
        'mode = "periodic"\nuse = "trade"\nverified = ["cycle"]'
    )
    with pytest.raises(InputError) as caught:
        catalogue.read_catalogue(parse_table(text, file="probe.toml"))
    assert caught.value.field == "categories.X.source"
