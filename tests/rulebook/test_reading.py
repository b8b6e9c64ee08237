"""The strict reader and what every rule value must say about itself."""

from __future__ import annotations

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import sources
from plumbline.rulebook.provenance import banner, take_provenance
from plumbline.rulebook.reading import RULEBOOK, Table, parse_table


def table(text: str) -> Table:
    return parse_table(text, file="probe.toml")


def test_a_key_nobody_knows_is_refused_with_file_key_and_remedy() -> None:
    with pytest.raises(InputError) as caught:
        table("surprise = 1").finish()
    assert caught.value.field == "surprise"
    assert "probe.toml" in str(caught.value.where)
    assert caught.value.remedy is not None


def test_a_missing_key_is_named_with_its_whole_path() -> None:
    inner = table("[acts.accept]\nzh = '受理'").table("acts").table("accept")
    with pytest.raises(InputError) as caught:
        inner.text("en")
    assert caught.value.field == "acts.accept.en"


@pytest.mark.parametrize("text", ["zh = ''", "zh = '  '", "zh = 3", "zh = []"])
def test_a_name_without_words_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        table(text).text("zh")


@pytest.mark.parametrize("text", ["days = 0", "days = -1", "days = true", "days = '7'", "days = 1.5"])
def test_a_count_must_be_a_positive_whole_number(text: str) -> None:
    with pytest.raises(InputError):
        table(text).positive("days")


@pytest.mark.parametrize("text", ["value = nan", "value = inf", "value = true", "value = '0.3'"])
def test_a_number_must_be_a_finite_number(text: str) -> None:
    with pytest.raises(InputError):
        table(text).decimal("value")


def test_a_number_keeps_the_digits_of_the_file() -> None:
    assert str(table("value = 0.30").decimal("value")) == "0.30"


def test_a_file_that_is_not_toml_is_refused_with_its_name() -> None:
    with pytest.raises(InputError) as caught:
        table("= 3")
    assert "probe.toml" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "status = 'sure'",
        "status = 'verified'",
        "status = 'verified'\nsource = ['S9999']",
        "status = 'pattern'\nnote_zh = '只有中文'",
        "source = ['S61']",
    ],
)
def test_a_value_without_honest_provenance_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        take_provenance(table(text))


def test_an_unseen_clause_is_none() -> None:
    assert take_provenance(table("status = 'unknown'\nclause = 'unknown'")).clause is None


def test_the_banner_stays_until_a_person_has_checked_every_value() -> None:
    unchecked = take_provenance(table("status = 'verified'\nsource = ['S61']"))
    checked = take_provenance(table("status = 'verified'\nsource = ['S61']\nchecked_by = '示例人'"))
    assert str(banner([checked, unchecked])) == "本规则数据尚未由人核对原文"
    assert banner([checked]) is None


def test_every_source_has_both_names_and_a_weak_one_is_not_linked() -> None:
    found = sources.all_sources().values()
    assert all(source.zh and source.en for source in found)
    assert not [source.id for source in found if source.is_weak and source.urls]


def test_every_source_is_cited_by_a_rule() -> None:
    files = [path for path in RULEBOOK.rglob("*.toml") if path.name != "sources.toml"]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [source_id for source_id in sources.all_sources() if f'"{source_id}"' not in text] == []


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(InputError):
        sources.by_id("S9999")
