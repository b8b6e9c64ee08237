"""Bringing one's own instruments in from a file: checked first, every bad row named, only one's own, and done once."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import polars
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.journal.models import Act
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import SiteEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn
from tests.world import COUNTY, World, moment

GOOD = "资产编号,器具名称,器具类别,出厂编号\nA-1,油枪,MV-FUEL,S-1\nA-2,油枪,MV-FUEL,S-2\n"
ONE_BAD = GOOD + "A-3,油枪,NO-SUCH,S-3\n"
CHECKED = "/my/import/check/"


@pytest.fixture
def owner(sign_in: SignIn) -> Client:
    return sign_in("owner")


def upload(client: Client, table: str | bytes = GOOD, **given: str) -> str:
    """Hand a file in and return the page that this leads to."""
    content = table if isinstance(table, bytes) else table.encode()
    posted = {"file": SimpleUploadedFile("器具.csv", content), "site": "", "category": "", **given}
    return client.post("/my/import/", posted, follow=True).content.decode()


def held(world: World) -> set[str]:
    return {each.external_id for each in world.nozzles()}


def test_a_file_is_checked_before_anything_is_written(world: World, owner: Client) -> None:
    text = upload(owner)
    assert ("2 台可以导入" in text, held(world)) == (True, {"X1", "X2", "X3", "X4"})


def test_what_was_checked_is_taken_in_at_the_site_chosen(world: World, owner: Client) -> None:
    site = world.nozzles()[0].site_id
    upload(owner, site=str(site))
    answer = owner.post(CHECKED, {"take": "all"}, follow=True)
    new = [each for each in world.nozzles() if each.external_id in {"A-1", "A-2"}]
    assert "已导入 2 台器具" in answer.content.decode()
    assert {(each.site_id, each.region_code, each.owner_id) for each in new} == {
        (site, COUNTY, world.organisations["company"])
    }


def test_a_parquet_file_is_taken_in_too(world: World, owner: Client) -> None:
    file = io.BytesIO()
    polars.DataFrame({"external_id": ["P-1"], "name_zh": ["油枪"]}).write_parquet(file)
    upload(owner, file.getvalue(), category="MV-FUEL")
    owner.post(CHECKED, {"take": "all"})
    assert "P-1" in held(world)


def test_a_bad_row_is_named_with_its_column_reason_and_remedy(world: World, owner: Client) -> None:
    text = upload(owner, ONE_BAD)
    told = ["1 行要改，2 台可以导入", "NO-SUCH", "器具类别", "不在目录里", "从目录里选一类"]
    assert [each for each in told if each not in text] == []


def test_with_a_bad_row_all_is_not_taken_and_the_good_ones_are_on_request(world: World, owner: Client) -> None:
    upload(owner, ONE_BAD)
    refused = owner.post(CHECKED, {"take": "all"}).content.decode()
    before = held(world)
    owner.post(CHECKED, {"take": "good"})
    assert ("没有写入" in refused, "A-1" in before, held(world) >= {"A-1", "A-2"}) == (True, False, True)
    assert "A-3" not in held(world)


def test_the_report_holds_every_finding_as_a_file(world: World, owner: Client) -> None:
    upload(owner, ONE_BAD)
    lines = owner.get("/my/import/report.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "行,列,内容,级别,说明,办法"
    assert [line for line in lines if line.startswith("4,器具类别,NO-SUCH,错误")] != []


def test_the_template_downloaded_and_filled_in_is_understood(world: World, owner: Client) -> None:
    template = owner.get("/my/import/template.csv").content.decode("utf-8-sig").strip()
    assert template.split(",")[:2] == ["资产编号", "器具名称"]
    upload(owner, f"{template}\nT-1,油枪{',' * (template.count(',') - 1)}\n", category="MV-FUEL")
    owner.post(CHECKED, {"take": "all"})
    assert "T-1" in held(world)


def test_a_double_click_takes_in_once(world: World, owner: Client) -> None:
    upload(owner)
    answers = [owner.post(CHECKED, {"take": "all"}).status_code for _ in range(2)]
    assert (answers, len(held(world))) == ([302, 302], 6)


def test_the_same_file_again_says_that_nothing_is_new(world: World, owner: Client) -> None:
    upload(owner)
    owner.post(CHECKED, {"take": "all"})
    assert "没有新的器具" in upload(owner)


def test_the_import_stands_in_the_journal_under_who_did_it(world: World, owner: Client) -> None:
    upload(owner)
    owner.post(CHECKED, {"take": "all"})
    with scoped(EVERYTHING):
        act = Act.objects.get(name="intake.run")
    assert (act.person_id, act.data["new"]) == (world.actor("owner").person_id, 2)


def test_a_foreign_site_is_as_one_that_does_not_exist(world: World, owner: Client) -> None:
    with scoped(EVERYTHING):
        official = world.actor("county")
        foreign = registers.register_site(
            official, SiteEntry(world.organisations["other"], "别家站", COUNTY), at=moment()
        )
    answers = [
        owner.post("/my/import/", {"file": SimpleUploadedFile("a.csv", GOOD.encode()), "site": str(site)}).status_code
        for site in (foreign.id, uuid4())
    ]
    assert (answers, len(held(world))) == ([404, 404], 4)


@pytest.mark.parametrize("path", ["/my/import/", "/my/import/template.csv"])
@pytest.mark.parametrize(("username", "status"), [("verifier", 403), ("stranger", 200)])
def test_only_a_role_of_an_owner_opens_it(sign_in: SignIn, path: str, username: str, status: int) -> None:
    assert sign_in(username).get(path).status_code == status


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"", "这里收 1 到"),
        (b"a,b\n1,2\n", "文件缺少必需的列"),
        (b"\xff\xfe\x00\x01", "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(owner: Client, table: bytes, told: str) -> None:
    answer = owner.post("/my/import/", {"file": SimpleUploadedFile("a.csv", table), "site": ""})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert 'id="file-e"' in answer.content.decode()


def test_a_row_that_cannot_be_read_is_told_where_the_file_is_looked_at(owner: Client) -> None:
    answer = owner.post("/my/import/", {"file": SimpleUploadedFile("a.csv", GOOD.encode() + b"x" * 5000)}, follow=True)
    assert answer.status_code == 422
    assert "有一格超过" in answer.content.decode()


def test_without_a_file_it_is_said(owner: Client) -> None:
    assert "没有选文件" in owner.post("/my/import/", {"site": ""}).content.decode()


def test_without_a_file_that_waits_there_is_nothing_to_look_at(owner: Client) -> None:
    assert owner.get(CHECKED)["Location"] == "/my/import/"


def test_a_file_that_was_cleared_away_is_asked_for_again(world: World, owner: Client) -> None:
    upload(owner)
    for file in (Path(settings.PLUMBLINE_DATA) / "parked").iterdir():
        file.unlink()
    answer = owner.get(CHECKED)
    assert answer.status_code == 409
    assert "重新选文件上传" in answer.content.decode()
