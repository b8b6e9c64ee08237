"""Applications from a file: a case for each reference, groups by further lines, bad ones left, nothing twice."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.cases import queries as cases
from plumbline.domain.files import actions as files
from plumbline.domain.files import queries as kept
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.faces.conftest import SignIn, work_off
from tests.world import World

HERE = "/procedures/standard_examination/import/"
HEADS = (
    "自编号", "standard_name", "申请类别", "最高计量标准", "测量范围", "uncertainty", "traceable_to", "regulations",
    "report", "persons.name", "persons.qualification", "联系人", "联系电话",
)  # fmt: skip


@pytest.fixture
def token(world: World) -> str:
    with scoped(EVERYTHING):
        (sha256,) = files.keep([(b"%PDF-1.7 test", "application/pdf")])
    said = {"sha256": sha256, "name": "报告.pdf", "size": 13, "kind": "pdf"}
    return kept.token_of(said, world.actor("quality"))


def head(ref: str, token: str, *, kind: str = "新建", name: str = "压力标准装置") -> list[str]:
    """Return the first line of an application, with its first person."""
    return [ref, name, kind, "是", "6 MPa", "0.02 级", "证书 1", "规程 1；规程 2", token, "测试甲", "1", "测试甲", "1"]


def further(ref: str) -> list[str]:
    """Return a further line: its second person."""
    return [ref, *[""] * 8, "测试乙", "2", "", ""]


def brought(client: Client, *lines: list[str], take: str = "good") -> tuple[str, str]:
    """Bring a file in; return what was found before it is taken in, and what the page says after."""
    data = "\r\n".join("\t".join(line) for line in (HEADS, *lines)).encode()
    address = client.post(HERE, {"file": SimpleUploadedFile("a.csv", data)})["Location"]
    work_off()
    client.post(address, {"take": "columns"})
    work_off()
    before = client.get(address).content.decode()
    client.post(address, {"take": take})
    work_off()
    return before, client.get(address).content.decode()


def opened() -> list[str]:
    with scoped(EVERYTHING):
        return sorted(each.title for each in cases.listed(cases.Wanted()))


def test_each_reference_becomes_a_case_with_its_group(world: World, sign_in: SignIn, token: str) -> None:
    lines = [head("A", token), further("A"), head("B", token, name="电能标准装置"), further("B")]
    before, after = brought(sign_in("quality"), *lines, take="all")
    assert ("4 行可以导入" in before, "已导入 4 行" in after) == (True, True)
    assert opened() == ["压力标准装置", "电能标准装置"]
    with scoped(EVERYTHING):
        details = cases.listed(cases.Wanted())[0].details
    assert (details["is_highest"], details["kind"], details["regulations"]) == (True, "new", ["规程 1", "规程 2"])
    persons = details["persons"]
    assert isinstance(persons, list)
    assert [each["name"] for each in persons] == ["测试甲", "测试乙"]


def test_bad_applications_are_told_and_only_the_good_ones_taken(world: World, sign_in: SignIn, token: str) -> None:
    client = sign_in("quality")
    lines = [
        head("good", token), further("good"),
        head("one person", token),
        head("no old number", token, kind="复查"), further("no old number"),
        head("no such kind", token, kind="别的"), further("no such kind"),
        head("no file", "x"), further("no file"),
    ]  # fmt: skip
    before, after = brought(client, *lines)
    said = ("至少要 2", "这一格是空的", "没有“别的”这个选项", "没有上传过这个文件", "别的行有错")
    assert [words for words in said if words not in before] == []
    assert ("已导入 2 行" in after, opened()) == (True, ["压力标准装置"])


def test_the_same_file_again_opens_nothing_and_other_words_are_refused(
    world: World, sign_in: SignIn, token: str
) -> None:
    client = sign_in("quality")
    brought(client, head("A", token), further("A"))
    again, _after = brought(client, head("A", token), further("A"))
    other, _after = brought(client, head("A", token, name="别的名称"), further("A"))
    assert ("没有新的" in again, "内容与这次不同" in other, len(opened())) == (True, True, 1)


def test_the_template_offers_its_choices(world: World, sign_in: SignIn) -> None:
    client = sign_in("quality")
    answer = client.get(f"{HERE}template.xlsx")
    assert (answer.status_code, answer.getvalue()[:2]) == (200, b"PK")
    assert f'href="{HERE}"' in client.get("/procedures/standard_examination/").content.decode()


def test_who_may_not_apply_brings_nothing_in(world: World, sign_in: SignIn) -> None:
    told = sign_in("official").get(HERE), sign_in("official").get(f"{HERE}{uuid4()}/")
    assert [each.status_code for each in told] == [403, 403]
