"""Bringing one's own instruments in from a file: checked first, every bad row named, only one's own, and done once."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from uuid import uuid4

import polars
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.files import queries as files
from plumbline.domain.journal.models import Act
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import SiteEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn, work_off
from tests.world import COUNTY, World, moment

GOOD = "资产编号,器具名称,器具类别,出厂编号\nA-1,油枪,MV-FUEL,S-1\nA-2,油枪,MV-FUEL,S-2\n"
ONE_BAD = GOOD + "A-3,油枪,NO-SUCH,S-3\n"


@pytest.fixture
def owner(sign_in: SignIn) -> Client:
    return sign_in("owner")


def laid_aside(client: Client, table: str | bytes = GOOD, **given: str) -> str:
    """Hand a file in and return the address that shows how it goes, once it is opened."""
    content = table if isinstance(table, bytes) else table.encode()
    posted = {"file": SimpleUploadedFile("器具.csv", content), "site": "", "category": "", **given}
    answer = client.post("/my/import/", posted)
    work_off()
    return answer["Location"]


def upload(client: Client, table: str | bytes = GOOD, **given: str) -> tuple[str, str]:
    """Hand a file in, take its columns as they are named, and return the address and what was found."""
    address = laid_aside(client, table, **given)
    client.post(address, {"take": "columns"})
    work_off()
    return address, client.get(address).content.decode()


def take(client: Client, address: str, what: str = "all") -> str:
    """Decide what is taken in; return the page that says what happened."""
    client.post(address, {"take": what})
    work_off()
    return client.get(address).content.decode()


def held(world: World) -> set[str]:
    return {each.external_id for each in world.nozzles()}


def test_long_work_of_the_portal_lists_the_import_stops_it_and_leads_to_it(owner: Client) -> None:
    address = laid_aside(owner)
    page = owner.get("/my/long-work/").content.decode()
    assert (f'href="{address}"' in page, 'href="/my/long-work/"' in owner.get("/my/instruments/").content.decode()) == (
        True, True,
    )  # fmt: skip
    answer = owner.post("/my/long-work/", {"stop": address.rstrip("/").rpartition("/")[2]})
    assert answer["Location"] == "/my/long-work/"
    assert "已停止" in owner.get("/my/long-work/").content.decode()


def test_long_work_of_others_is_not_listed(owner: Client, sign_in: SignIn) -> None:
    address = laid_aside(owner)
    assert address not in sign_in("stranger").get("/my/long-work/").content.decode()


def test_a_file_is_checked_before_anything_is_written(world: World, owner: Client) -> None:
    _address, text = upload(owner)
    assert ("2 行可以导入" in text, held(world)) == (True, {"X1", "X2", "X3", "X4"})


def test_what_was_checked_is_taken_in_at_the_site_chosen(world: World, owner: Client) -> None:
    site = world.nozzles()[0].site_id
    address, _text = upload(owner, site=str(site))
    said = take(owner, address)
    new = [each for each in world.nozzles() if each.external_id in {"A-1", "A-2"}]
    assert "已导入 2 行" in said
    assert {(each.site_id, each.region_code, each.owner_id) for each in new} == {
        (site, COUNTY, world.organisations["company"])
    }


def test_a_parquet_file_is_taken_in_too(world: World, owner: Client) -> None:
    file = io.BytesIO()
    polars.DataFrame({"external_id": ["P-1"], "name_zh": ["油枪"]}).write_parquet(file)
    address, _text = upload(owner, file.getvalue(), category="MV-FUEL")
    take(owner, address)
    assert "P-1" in held(world)


def test_a_bad_row_is_named_with_its_column_reason_and_remedy(world: World, owner: Client) -> None:
    _address, text = upload(owner, ONE_BAD)
    told = ["1 行要改，2 行可以导入", "NO-SUCH", "器具类别", "不在目录里", "从目录里选一类"]
    assert [each for each in told if each not in text] == []


def test_with_a_bad_row_all_is_not_taken_and_the_good_ones_are_on_request(world: World, owner: Client) -> None:
    address, _text = upload(owner, ONE_BAD)
    refused, before = take(owner, address), held(world)
    take(owner, address, "good")
    assert ("没有写入" in refused, "A-1" in before, held(world) >= {"A-1", "A-2"}) == (True, False, True)
    assert "A-3" not in held(world)


def test_the_bad_rows_can_be_saved_after_the_good_ones_were_taken(owner: Client) -> None:
    address, _text = upload(owner, ONE_BAD)
    take(owner, address, "good")
    assert owner.get(f"{address}bad-rows.xlsx").status_code == 200


def test_the_report_holds_every_finding_as_a_file(world: World, owner: Client) -> None:
    address, _text = upload(owner, ONE_BAD)
    lines = b"".join(owner.get(f"{address}report.csv")).decode("utf-8-sig").splitlines()
    assert lines[0] == "行,列,内容,级别,说明,办法"
    assert [line for line in lines if line.startswith("4,器具类别,NO-SUCH,错误")] != []


def test_the_template_downloaded_and_filled_in_is_understood(world: World, owner: Client) -> None:
    template = owner.get("/my/import/template.csv").content.decode("utf-8-sig").strip()
    assert template.split(",")[:2] == ["资产编号", "器具名称"]
    address, _text = upload(owner, f"{template}\nT-1,油枪{',' * (template.count(',') - 1)}\n", category="MV-FUEL")
    take(owner, address)
    assert "T-1" in held(world)


def test_a_double_click_takes_in_once(world: World, owner: Client) -> None:
    address, _text = upload(owner)
    answers = [owner.post(address, {"take": "all"}).status_code for _ in range(2)]
    work_off()
    assert (answers, len(held(world))) == ([303, 409], 6)


def test_the_same_file_again_says_that_nothing_is_new(world: World, owner: Client) -> None:
    address, _text = upload(owner)
    take(owner, address)
    assert "没有新的" in upload(owner)[1]


def test_the_import_stands_in_the_journal_under_who_did_it(world: World, owner: Client) -> None:
    address, _text = upload(owner)
    take(owner, address)
    with scoped(EVERYTHING):
        act = Act.objects.get(name="intake.run")
    assert (act.person_id, act.data["new"]) == (world.actor("owner").person_id, 2)


def test_what_was_taken_in_is_kept_as_it_came(owner: Client) -> None:
    address, _text = upload(owner)
    take(owner, address)
    assert files.content_of(hashlib.sha256(GOOD.encode()).hexdigest()) == GOOD.encode()


def test_an_import_of_somebody_else_is_as_one_that_is_not_there(owner: Client, sign_in: SignIn) -> None:
    address, stranger = laid_aside(owner), sign_in("stranger")
    assert [stranger.get(f"{address}{end}").status_code for end in ("", "bad-rows.xlsx", "report.csv")] == [404] * 3


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


def test_an_empty_file_is_refused_beside_its_field(owner: Client) -> None:
    answer = owner.post("/my/import/", {"file": SimpleUploadedFile("a.csv", b""), "site": ""})
    assert (answer.status_code, "这里收 1 到" in answer.content.decode()) == (422, True)
    assert 'id="file-e"' in answer.content.decode()


@pytest.mark.parametrize(
    ("table", "told"),
    [(b"\xff\xfe\x00\x01", "UTF-16"), (GOOD.encode() + b"x" * 5000, "有一格超过"), (b"a,a\n1,2\n", "重名的列")],
)
def test_a_file_that_cannot_be_read_is_told_where_it_is_looked_at(owner: Client, table: bytes, told: str) -> None:
    _address, text = upload(owner, table)
    assert ("没有导入，什么也没有写入" in text, told in text) == (True, True)


def test_a_required_column_that_is_missing_is_said(owner: Client) -> None:
    answer = owner.post(laid_aside(owner, "a,b\n1,2\n"), {"take": "columns"})
    assert (answer.status_code, "文件缺少必需的列" in answer.content.decode()) == (422, True)


def test_without_a_file_it_is_said(owner: Client) -> None:
    assert "没有选文件" in owner.post("/my/import/", {"site": ""}).content.decode()


def test_a_file_that_was_cleared_away_is_asked_for_again(world: World, owner: Client) -> None:
    address = laid_aside(owner)
    for file in (Path(settings.PLUMBLINE_DATA) / "parked").iterdir():
        file.unlink()
    owner.post(address, {"take": "columns"})
    work_off()
    assert "重新选文件上传" in owner.get(address).content.decode()
