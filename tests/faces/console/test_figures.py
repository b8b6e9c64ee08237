"""The figures: each says what it counts, opens its records, and shows nobody more than their area or house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.types import STANDINGS, StandingFacts, StandingFilter
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.certificates.issuing import issued
from tests.faces.conftest import SignIn
from tests.world import COUNTY, TODAY, World, moment


@pytest.fixture
def counted(world: World) -> World:
    """Give a world with a passed and a failed nozzle, two never verified, all counted."""
    issued(world)
    issued(world, number=1, error=0.5)
    actions.refresh(at=moment())
    return world


def test_the_figures_open_with_what_is_in_order(counted: World, sign_in: SignIn) -> None:
    text = sign_in("county").get("/figures/").content.decode()
    assert "在用器具 25.0 % 在有效期内" in text
    assert "50.0" in text  # one of two verifications failed
    assert "<desc" in text
    assert f"{TODAY:%y-%m} 2" in text  # both in one month


def test_a_figure_leads_to_its_records_and_they_to_the_instrument(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    assert f"/figures/instruments/?region={COUNTY}&amp;standing=never" in client.get("/figures/").content.decode()
    listed = client.get(f"/figures/instruments/?region={COUNTY}&standing=never").content.decode()
    never = [each.identity for each in counted.nozzles()[2:]]
    assert [listed.count(f"/instruments/{identity}/") for identity in never] == [1, 1]
    assert client.get(f"/instruments/{never[0]}/").status_code == 200


def test_every_instrument_is_behind_exactly_one_standing(counted: World) -> None:
    with scoped(EVERYTHING):
        pages = [queries.standings(StandingFilter(each), on=TODAY).rows for each in STANDINGS]
    assert [len(rows) for rows in pages] == [1, 0, 0, 1, 0, 2]


@pytest.mark.parametrize(("days", "standing"), [(0, "valid"), (150, "due"), (400, "overdue")])
def test_a_day_later_it_stands_otherwise(counted: World, days: int, standing: str) -> None:
    with scoped(EVERYTHING):
        [line] = queries.coverage("category", on=TODAY + timedelta(days=days), categories=["MV-FUEL"])
    assert getattr(line, standing) == 1
    assert line.total == 4


def test_pages_of_records_continue_without_loss(counted: World) -> None:
    with scoped(EVERYTHING):
        whole = queries.standings(StandingFilter(), on=TODAY).rows
        found: list[StandingFacts] = []
        key = ""
        for _page in range(4):
            part = queries.standings(StandingFilter(), on=TODAY, after=key, limit=1)
            found += part.rows
            key = part.next_key
    assert (tuple(found), key) == (whole, "")


def test_an_institution_sees_what_it_measured_and_no_area(counted: World, sign_in: SignIn) -> None:
    text = sign_in("checker").get("/figures/").content.decode()
    assert "检定不合格率" in text
    assert "各区县受检率" not in text


def test_an_owner_has_no_figures(counted: World, sign_in: SignIn) -> None:
    assert sign_in("owner").get("/figures/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/figures/?category=NO", "/figures/?region=999999", "/figures/instruments/?standing=x",
     "/figures/instruments/?after=x"],
)  # fmt: skip
def test_what_is_not_there_is_said(counted: World, sign_in: SignIn, address: str) -> None:
    assert sign_in("county").get(address).status_code == 422


def test_nothing_counted_yet_is_said(world: World, sign_in: SignIn) -> None:
    assert "还没有可计的数" in sign_in("county").get("/figures/").content.decode()
