"""Files for the national system: given by an office, answered, taken in once; nothing of another area in them."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.accounts.models import Membership
from plumbline.domain.partners.models import Answer, Package
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.gateways.partners.files import Row, decoded
from plumbline.gateways.partners.national_instruments import PARTNER
from tests.faces.conftest import SignIn, work_off
from tests.world import COUNTY, World

GIVE = "/partners/national_instruments/give/"
IMPORT = "/partners/answers/import/"
HEAD = ("format", "package", "record", "key", "outcome", "their_id", "reason")


@pytest.fixture
def office(world: World, sign_in: SignIn) -> Client:
    return sign_in("county")


def given(client: Client, which: str = "all") -> tuple[str, list[Row]]:
    """Take a file away; return its package and its rows."""
    answer = client.post(GIVE, {"which": which})
    text = answer.getvalue().decode()
    package = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))["package"]
    return package, list(decoded(PARTNER, io.StringIO(text, newline="")))


def answered(package: str, *rows: tuple[str, str, str, str, str]) -> bytes:
    """Return a partner's answer."""
    lines = [HEAD, *((PARTNER.format, package, *row) for row in rows)]
    return "\r\n".join(",".join(line) for line in lines).encode()


def brought(client: Client, data: bytes, take: str = "good") -> str:
    """Bring an answer in with the columns as they are guessed; return the page that says what happened."""
    sent = {"file": SimpleUploadedFile("a.csv", data), "partner": "national_instruments"}
    address = client.post(IMPORT, sent)["Location"]
    for step in ("columns", take):
        work_off()
        client.post(address, {"take": step})
    work_off()
    return client.get(address).content.decode()


def test_an_office_gives_its_instruments_with_their_results(world: World, office: Client) -> None:
    document = world.issue(world.approved())
    _package, rows = given(office)
    results = [each.values for each in rows if each.record == "result"]
    assert [each.values["serial"] for each in rows if each.record == "instrument"] == ["N1", "N2", "N3", "N4"]
    assert [(each["certificate"], each["conclusion"], each["body_name"]) for each in results] == [
        (document.number, "pass", "测试院")
    ]


def test_what_was_accepted_is_not_given_again_and_keeps_its_identifier(world: World, office: Client) -> None:
    first, second = (each.identity for each in world.nozzles()[:2])
    package, _rows = given(office)
    accepted, rejected = ("instrument", first, "accepted", "E-1", ""), ("instrument", second, "rejected", "", "缺型号")
    brought(office, answered(package, accepted, rejected))
    _package, rows = given(office, "new")
    assert [each.values["identity"] for each in rows] == [each.identity for each in world.nozzles()[1:]]
    _package, rows = given(office)
    assert rows[0].values["their_id"] == "E-1"
    assert "E-1" not in office.get("/partners/").content.decode()


def test_bad_rows_are_told_and_the_same_file_again_changes_nothing(world: World, office: Client) -> None:
    first, second, third = (each.identity for each in world.nozzles()[:3])
    package, _rows = given(office)
    data = answered(
        package, ("instrument", first, "accepted", "E-1", ""), ("instrument", second, "accepted", "E-2", ""),
        ("instrument", third, "accepted", "E-2", ""), ("instrument", "PL-0", "accepted", "E-3", ""),
        ("result", "T-1", "maybe", "", ""),
    )  # fmt: skip
    page = brought(office, data)
    assert "已导入 1 行" in page
    again = brought(office, answered(package, ("instrument", first, "accepted", "E-1", "")))
    other = brought(office, answered(package, ("instrument", first, "accepted", "E-9", "")))
    assert ("没有新的" in again, "已有别的答复" in other) == (True, True)
    with scoped(EVERYTHING):
        assert [each.their_id for each in Answer.objects.all()] == ["E-1"]


def test_an_answer_to_a_package_of_another_office_is_refused(world: World, office: Client) -> None:
    identity = world.nozzles()[0].identity
    own = ("instrument", identity, "accepted", "1", "")
    page = brought(office, answered("0193f6a0-0000-7000-8000-000000000001", own))
    assert "没有给过批号" in page


def test_an_officer_of_a_part_of_the_office_s_area_gives_what_lies_there(world: World, sign_in: SignIn) -> None:
    with scoped(EVERYTHING):
        Membership.objects.filter(user__username="county").update(region_code=COUNTY)
    _package, rows = given(sign_in("county"))
    assert {each.values["region"] for each in rows} == {COUNTY}


def test_only_an_office_gives_files(world: World, sign_in: SignIn) -> None:
    told = [sign_in(name).post(GIVE).status_code for name in ("reception", "auditor")]
    assert told == [403, 403]
    with scoped(EVERYTHING):
        assert not Package.objects.exists()
