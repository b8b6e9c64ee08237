"""The tracked region data are what the reference data give, and the loader refuses a wrong changes file."""

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import regions
from tests.domain.directory import region_builder
from tests.shared_data import shared_path


def test_tracked_file_is_built_from_the_reference_data_byte_for_byte() -> None:
    built = region_builder.build(
        shared_path("data/cn_divisions/divisions.parquet"), shared_path("data/cn_divisions/gb2260_history.parquet")
    )

    assert regions.REGIONS_CSV.read_bytes() == built


def test_key_is_code_and_level_and_name() -> None:
    keys = [(each.code, each.level, each.name) for each in regions.divisions()]

    assert len(keys) == len(set(keys)) == 4217


@pytest.mark.parametrize("code", ["441900", "442000", "460400"])
def test_code_listed_as_prefecture_and_county_is_kept_twice(code: str) -> None:
    levels = {each.level for each in regions.divisions() if each.code == code}

    assert levels == {2, 3}


def test_edition_of_june_2003_lies_between_2002_and_2003() -> None:
    ranks = [regions.EDITIONS.index(edition) for edition in ("2002", "200306", "2003", "2014", "202411")]

    assert ranks == sorted(ranks)


def test_code_that_ended_keeps_its_editions() -> None:
    dongtou = [each for each in regions.divisions() if each.code == "330322"]

    assert [(each.name, each.first_edition, each.last_edition, each.is_current) for each in dongtou] == [
        ("洞头县", "2002", "2014", False)
    ]


def test_places_outside_the_newest_list_by_scope_stay_current() -> None:
    names = {each.name for each in regions.divisions() if each.code in {"710000", "810000", "820000"}}

    assert names == {"台湾省", "香港特别行政区", "澳门特别行政区"}
    assert all(each.is_current for each in regions.divisions() if each.code[:2] in {"71", "81", "82"})


def test_every_move_has_a_source_and_known_codes() -> None:
    assert all("http" in move.source for move in regions.moves())
    assert {move.successor for move in regions.moves()} <= regions.codes()


def test_unknown_code_in_the_changes_file_is_refused_by_key() -> None:
    text = """
        [[changes]]
        name_zh = "甲"
        name_en = "A"
        seen = "somewhere"
        moves = [{ from = "999999", to = "330305", share = "all" }]
        """

    with pytest.raises(InputError) as caught:
        regions.parse_moves(text)

    assert "999999" in str(caught.value)
    assert caught.value.field == "changes[0].moves[0].from"


def test_unknown_key_in_the_changes_file_is_refused() -> None:
    text = """
        [[changes]]
        name_zh = "甲"
        name_en = "A"
        seen = "somewhere"
        when = 2015
        moves = [{ from = "330322", to = "330305", share = "all" }]
        """

    with pytest.raises(InputError, match="when"):
        regions.parse_moves(text)
