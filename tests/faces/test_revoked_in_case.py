"""A case says what became of its documents: revoked in answer, row and story; replaced in the story."""

from __future__ import annotations

import pytest

from plumbline.domain.cases.types import CaseFacts
from tests.faces.conftest import SignIn, act_of
from tests.world import World, sequence


@pytest.fixture
def case(world: World, sign_in: SignIn) -> CaseFacts:
    found = world.approved()
    issued = world.issue(found)
    sequence()
    form = act_of("revoke", 0, reason="原始记录抄错", reason_code="record_wrong")
    assert sign_in("approver").post(f"/certificates/{issued.number}/", form).status_code == 303
    return world.case(found)


def test_a_case_with_a_revoked_document_says_so_first(case: CaseFacts, sign_in: SignIn) -> None:
    page = sign_in("approver").get(f"/cases/{case.number}/").content.decode()
    answer, _rest = page.split("</h1>", 1)
    row = page.split('id="job-1"')[1].split("</tr>")[0]
    story = page.split('class="tl"')[1]
    assert "1 份文件已撤销" in answer
    assert ("已撤销" in row, "检定结论：合格" in row) == (True, True)
    assert ("撤销 TESTY" in story, "原始记录抄错" in story) == (True, True)


def test_the_owner_reads_it_in_the_story_too(case: CaseFacts, sign_in: SignIn) -> None:
    page = sign_in("owner").get(f"/my/cases/{case.number}/").content.decode()
    assert "撤销 TESTY" in page.split('class="tl"')[1]


def test_what_a_person_wrote_is_marked_as_written_on_an_english_page(case: CaseFacts, sign_in: SignIn) -> None:
    client = sign_in("approver")
    page = client.get(f"/cases/{case.number}/", headers={"accept-language": "en"}).content.decode()
    assert '<span lang="zh-CN">原始记录抄错</span>' in page
    assert "As written" in page


def test_a_replacement_stands_in_the_story(world: World, sign_in: SignIn) -> None:
    found = world.approved()
    issued = world.issue(found)
    sequence()
    client = sign_in("approver")
    form = act_of("supersede", 0, reason="型号写错")
    assert client.post(f"/certificates/{issued.number}/", form).status_code == 303
    assert f"{issued.number} 由 TESTY" in client.get(f"/cases/{found.number}/").content.decode()
