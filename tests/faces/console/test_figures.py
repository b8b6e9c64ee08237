"""The figures: each says what it counts, opens its records, and shows nobody more than their area or house."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.types import Reach
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import ListSpec, Row, Wanted
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.certificates.issuing import issued, revoked
from tests.domain.ledger.log_of_its_own import tamper
from tests.faces.conftest import SignIn
from tests.world import COUNTY, TODAY, World, moment

STANDINGS = ("valid", "due", "overdue", "failed", "revoked", "never")


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
    assert f"26-10 0; {TODAY:%y-%m} 2" in text  # both in one month; one without any is not left out


def test_a_figure_leads_to_its_records_and_they_to_the_instrument(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    assert (
        f"/figures/instruments/?periodic=yes&amp;region={COUNTY}&amp;standing=never"
        in client.get("/figures/").content.decode()
    )
    listed = client.get(f"/figures/instruments/?region={COUNTY}&standing=never").content.decode()
    never = [each.identity for each in counted.nozzles()[2:]]
    assert [listed.count(f"/instruments/{identity}/") for identity in never] == [1, 1]
    assert client.get(f"/instruments/{never[0]}/").status_code == 200


def test_every_instrument_is_behind_exactly_one_standing(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    pages = [client.get(f"/figures/instruments/?standing={each}").context["list"].lines for each in STANDINGS]
    assert [len(lines) for lines in pages] == [1, 0, 0, 1, 0, 2]


def test_the_register_is_read_in_the_order_in_which_it_falls_due(counted: World) -> None:
    spec = queries.list_of_standings(TODAY)
    with scoped(EVERYTHING):
        whole = [row["id"] for row in paging.page_of(spec, Wanted(), scope=EVERYTHING).rows]
        found: list[object] = []
        token = ""
        for _page in range(4):
            page = paging.page_of(spec, Wanted(token=token), scope=EVERYTHING, size=1)
            found += [row["id"] for row in page.rows]
            token = page.next
    first = paging_first(spec)
    assert (found, token) == (whole, "")
    assert (first["standing"], first["valid_until"] is None) == ("valid", False)


def paging_first(spec: ListSpec) -> Row:
    """Return the first row of a list."""
    with scoped(EVERYTHING):
        return paging.page_of(spec, Wanted(), scope=EVERYTHING).rows[0]


def test_instruments_are_found_by_the_beginning_of_their_site_s_name(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    name = client.get("/figures/instruments/").context["list"].lines[0].cells[4][1].text
    found = [
        client.get(f"/instruments/?site_name={text}").context["list"].count for text in (name[:2], "没有这样的地点")
    ]
    assert found == ["4 条", "0 条"]


@pytest.mark.parametrize(("days", "standing"), [(0, "valid"), (150, "due"), (400, "overdue")])
def test_a_day_later_it_stands_otherwise(counted: World, days: int, standing: str) -> None:
    with scoped(EVERYTHING):
        [line] = queries.coverage(on=TODAY + timedelta(days=days), reach=Reach(("MV-FUEL",)))["category"]
    assert getattr(line, standing) == 1
    assert line.total == 4


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


def test_a_number_of_failures_opens_exactly_the_documents_it_counted(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    page = client.get("/figures/").content.decode()
    [address] = re.findall(r'href="(/certificates/\?[^"]*kind=T[^"]*maker=[^"]*)"', page)
    listed = client.get(html.unescape(address))
    assert (listed.status_code, listed.context["list"].count) == (200, "1 条")
    [whole] = set(re.findall(r'href="(/certificates/\?[^"]*category=MV-FUEL[^"]*)"', page)) - set(
        re.findall(r'href="(/certificates/\?[^"]*kind=T[^"]*)"', page)
    )
    assert client.get(html.unescape(whole)).context["list"].count == "2 条"


def test_a_revoked_document_is_behind_no_number(counted: World, sign_in: SignIn) -> None:
    revoked(counted, issued(counted, number=2))
    client = sign_in("county")
    found = [client.get(f"/certificates/?counted={word}").context["list"].count for word in ("yes", "no")]
    assert found == ["2 条", "1 条"]


def test_documents_are_found_by_the_age_of_the_instrument(counted: World, sign_in: SignIn) -> None:
    tamper("registers_instrument", "update registers_instrument set acquired_on = '2023-11-21'")
    client = sign_in("county")
    found = [client.get(f"/certificates/?age={years}").context["list"].count for years in (2, 3)]
    assert found == ["2 条", "0 条"]


@pytest.mark.parametrize(("met", "count"), [("on_time", "2 条"), ("too_late", "0 条"), ("unknown", "0 条")])
def test_cases_are_found_by_how_their_limit_was_met(counted: World, sign_in: SignIn, met: str, count: str) -> None:
    listed = sign_in("county").get(f"/cases/?phase=all&met={met}&met_on.from=2026-11-01")
    assert listed.context["list"].count == count


def test_each_part_opens_its_statement_its_conditions_and_how_new_it_is(counted: World, sign_in: SignIn) -> None:
    text = sign_in("county").get(f"/figures/?region={COUNTY}").content.decode()
    found = [
        f"indicators.{name}" in text and table in text
        for name, table in {
            "coverage": "from indicators_coverage", "handled": "from indicators_handled",
            "failures": "from indicators_measured", "work": "union all",
        }.items()
    ]  # fmt: skip
    assert found == [True] * 4
    assert "2026-11-20" in text


def test_the_figures_of_one_institution_are_its_own(counted: World, sign_in: SignIn) -> None:
    client = sign_in("county")
    [own] = set(re.findall(r'href="/figures/\?body=([^"&]+)"', client.get("/figures/").content.decode()))
    text = client.get(f"/figures/?body={own}").content.decode()
    assert "业务办结" in text
    assert "各区县受检率" not in text
    assert client.get("/figures/?body=NOBODY").status_code == 422


def test_a_province_shows_its_cities_and_a_city_its_counties(counted: World, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    texts = [client.get(f"/figures/{asked}").content.decode() for asked in ("", "?region=330000", "?region=330300")]
    assert ["各市受检率" in text for text in texts] == [True, True, False]
    assert "?region=330300" in texts[0]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_figures_are_printed_on_paper(counted: World, sign_in: SignIn, language: str) -> None:
    client = sign_in("county")
    client.cookies["django_language"] = language
    answer = client.get("/figures/figures.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
