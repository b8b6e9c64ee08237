"""The pages of procedures: the list, one procedure, its application from the empty form to the case, its files."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plumbline.domain.cases import queries as cases
from plumbline.domain.drafts.models import Draft
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.kit import uploads
from tests.faces.conftest import SignIn
from tests.world import World

HERE = "/procedures/standard_examination/"
PDF = b"%PDF-1.7 test"
TYPED = {
    "standard_name": "压力标准装置", "kind": "new", "is_highest": "yes", "range": "(0~6) MPa", "uncertainty": "0.02 级",
    "traceable_to": "证书 1", "regulations": "规程 1", "contact_name": "测试甲", "contact_phone": "1",
    "persons.0.name": "测试甲", "persons.0.qualification": "1", "persons.1.name": "测试乙",
    "persons.1.qualification": "2",
}  # fmt: skip


def key_of(page: str) -> dict[str, str]:
    """Return the hidden inputs of a form."""
    return dict(re.findall(r'<input type="hidden" name="(request_id|seen)" value="([^"]*)"', page))


def filled(client: Client, content: bytes = PDF, **changed: str) -> str:
    """Fill the application in and go on; returns the page that follows."""
    page = client.get(f"{HERE}apply/").content.decode()
    sent = {**TYPED, **key_of(page), **changed, "report": SimpleUploadedFile("报告.pdf", content)}
    return client.post(f"{HERE}apply/", sent, follow=True).content.decode()


def submitted(client: Client) -> str:
    """Send an application; returns the number of the case."""
    page = filled(client)
    answer = client.post(f"{HERE}apply/check/", key_of(page))
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def test_a_stranger_reads_what_there_is_and_what_is_unknown(client: Client, world: World) -> None:  # rows
    listed, one = (client.get(path).content.decode() for path in ("/procedures/", HERE))
    assert HERE in listed
    assert f"{HERE}apply/" not in listed + one
    assert ("计量标准考核办法" in one, "条款不明" in one, "5 个工作日" in one) == (True, True, True)


def test_who_may_apply_is_led_there(world: World, sign_in: SignIn) -> None:  # its rows are asked
    assert f"{HERE}apply/" in sign_in("quality").get(HERE).content.decode()


def test_the_form_begins_with_what_is_known(world: World, sign_in: SignIn) -> None:  # as above
    assert 'value="测试quality"' in sign_in("quality").get(f"{HERE}apply/").content.decode()


def test_an_application_becomes_a_case_with_its_file(world: World, sign_in: SignIn) -> None:  # as above
    client = sign_in("quality")
    number = submitted(client)
    page = client.get(f"/cases/{number}/").content.decode()
    (address,) = set(re.findall(rf"/cases/{number}/files/[0-9a-f]{{64}}/", page))
    answer = client.get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with scoped(EVERYTHING):
        assert not Draft.objects.exists()


def test_clicked_twice_it_is_one_case(world: World, sign_in: SignIn) -> None:  # as above
    client = sign_in("quality")
    sent = key_of(filled(client))
    answers = [client.post(f"{HERE}apply/check/", sent).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("content", "changed", "said"),
    [
        (b"not a pdf", {}, "的文件不是要求的种类"),
        (PDF, {"persons.1.name": "", "persons.1.qualification": ""}, "至少要 2"),
        (PDF, {"kind": "again"}, "“原考核证书号”还没有填"),
        (PDF, {"standard_name": "a\u202eb"}, "看不见"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    world: World, sign_in: SignIn, content: bytes, *, changed: Mapping[str, str], said: str
) -> None:  # the world's rows are asked
    page = filled(sign_in("quality"), content, **changed)
    assert (said in page, "(0~6) MPa" in page) == (True, True)
    with scoped(EVERYTHING):
        assert not cases.listed(cases.Wanted())


def test_another_row_keeps_what_was_typed(world: World, sign_in: SignIn) -> None:  # as above
    page = filled(sign_in("quality"), step="row")
    assert ('name="persons.2.name"' in page, 'value="测试乙"' in page, "报告.pdf" in page) == (True, True, True)


def test_a_file_of_another_person_is_not_carried_along(world: World, sign_in: SignIn) -> None:  # as above
    theirs = filled(sign_in("quality"), step="save")
    (token,) = re.findall(r'name="report.kept" value="([^"]+)"', theirs)
    client = sign_in("owner")
    page = client.get(f"{HERE}apply/").content.decode()
    sent = {**TYPED, **key_of(page), "report.kept": token}
    assert "“计量标准技术报告”还没有选" in client.post(f"{HERE}apply/", sent).content.decode()


def test_a_case_hands_out_its_own_files_alone(world: World, sign_in: SignIn) -> None:  # as above
    officer = sign_in("quality")
    number = submitted(officer)
    (sha,) = set(re.findall(r"/files/([0-9a-f]{64})/", officer.get(f"/cases/{number}/").content.decode()))
    assert officer.get(f"/cases/{number}/files/{'0' * 64}/").status_code == 404
    assert sign_in("stranger").get(f"/my/cases/{number}/files/{sha}/").status_code == 404


def test_an_officer_asks_for_corrections_row_by_row(world: World, sign_in: SignIn) -> None:  # as above
    number = submitted(sign_in("quality"))
    official, examiner = sign_in("official"), sign_in("examiner")
    page = official.get(f"/cases/{number}/").content.decode()
    assert official.post(f"/cases/{number}/", {**key_of(page), "act": "accept"}).status_code == 303
    page = official.get(f"/cases/{number}/").content.decode()
    (chosen,) = re.findall(r'<option value="([^"]+)" selected>[^<]*在办 0 件', page)
    assigned = {**key_of(page), "act": "assign_examiner", "examiner": chosen}
    assert official.post(f"/cases/{number}/", assigned).status_code == 303
    asked = {"act": "ask_correction", "reason": "两处要改", "items.0.about": "不确定度", "items.0.finding": "缺分量"}
    page = examiner.get(f"/cases/{number}/").content.decode()
    again = examiner.post(f"/cases/{number}/", {**key_of(page), **asked, "step": "row"})
    assert (again.status_code, 'name="items.1.about"' in again.content.decode()) == (200, True)
    assert examiner.post(f"/cases/{number}/", {**key_of(page), **asked}).status_code == 303
    assert "缺分量" in sign_in("quality").get(f"/cases/{number}/").content.decode()


def test_what_is_to_be_mended_stands_beside_its_question(world: World, sign_in: SignIn) -> None:  # as above
    number = submitted(sign_in("quality"))
    official = sign_in("official")
    page = official.get(f"/cases/{number}/").content.decode()
    said = {"act": "return", "reason": "两处不清", "line_remarks.0.about": "range", "line_remarks.0.remark": "上限对吗"}
    assert official.post(f"/cases/{number}/", {**key_of(page), **said}).status_code == 303
    page = sign_in("quality").get(f"/cases/{number}/").content.decode()
    after = page.rpartition("上限对吗</p>")[2]
    assert after.index('name="range"') < after.index('name="uncertainty"')


def test_a_remark_on_no_question_is_refused(world: World, sign_in: SignIn) -> None:  # as above
    number = submitted(sign_in("quality"))
    official = sign_in("official")
    page = official.get(f"/cases/{number}/").content.decode()
    said = {"act": "return", "reason": "不清", "line_remarks.0.about": "nothing", "line_remarks.0.remark": "上限对吗"}
    answer = official.post(f"/cases/{number}/", {**key_of(page), **said})
    assert (answer.status_code, "没有“nothing”这一项" in answer.content.decode()) == (422, True)


def test_a_file_too_large_is_said_and_the_rest_is_kept(
    world: World,  # its rows are asked
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    page = filled(sign_in("quality"), PDF + b"x" * 200)
    assert ("文件太大" in page, "(0~6) MPa" in page) == (True, True)


def test_staff_of_the_house_that_applied_are_led_to_their_own_page(world: World, sign_in: SignIn) -> None:
    client = sign_in("quality")
    number = submitted(client)
    assert client.get(f"/my/cases/{number}/").headers["Location"] == f"/cases/{number}/"


def test_a_stranger_sees_how_far_a_public_case_is_and_no_names(client: Client, world: World, sign_in: SignIn) -> None:
    number = submitted(sign_in("quality"))
    page = client.get(f"/progress/{number}/").content.decode()
    assert ("待受理" in page, "压力标准装置" in page) == (True, True)
    assert not [word for word in ("测试甲", "测试quality", "证书 1", "报告.pdf") if word in page]


def test_of_a_case_that_is_not_public_there_is_nothing_to_see(client: Client, world: World) -> None:
    case = world.apply()
    for number in (case.number, "2026-999999"):
        assert client.get(f"/progress/{number}/").status_code == 404
