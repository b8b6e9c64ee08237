"""Drafts: what is typed is kept, nobody overwrites what they have not seen, and nobody else reads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

import pytest

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.laboratory import actions, queries
from plumbline.domain.laboratory.models import Draft
from plumbline.domain.laboratory.types import DraftFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, StateError
from tests.domain.databases import outcome, together
from tests.world import World, moment, readings

FIRST, SECOND = {"observations": {"remarks": "一"}}, {"observations": {"remarks": "二"}}


def job_of(case: CaseFacts) -> UUID:
    """Return the one job of a case."""
    with scoped(EVERYTHING):
        return queries.jobs_of(case.id)[0].id


def kept(job_id: UUID) -> DraftFacts:
    """Return what is kept of a job."""
    with scoped(EVERYTHING):
        return queries.draft(job_id)


def save(
    world: World, job_id: UUID, *, content: Mapping[str, object] = FIRST, seen: int = 0, username: str = "verifier"
) -> DraftFacts:
    """Save a draft as an account, in a transaction of its own."""
    step = partial(actions.save_draft, job_id=job_id, content=content, seen=seen, at=moment())
    return world.do(username, step)


@pytest.fixture
def job_id(world: World) -> UUID:
    """Give the job of a case on site."""
    return job_of(world.on_site())


def test_nothing_typed_is_an_empty_draft_of_version_0(world: World, job_id: UUID) -> None:
    assert kept(job_id) == DraftFacts({}, 0, None)


def test_what_was_saved_comes_back_with_its_moment(world: World, job_id: UUID) -> None:
    save(world, job_id)
    assert kept(job_id) == DraftFacts(FIRST, 1, moment())


def test_each_saving_counts_one_version(world: World, job_id: UUID) -> None:
    versions = [save(world, job_id, content={"n": seen}, seen=seen).version for seen in (0, 1, 2)]
    assert versions == [1, 2, 3]


def test_what_was_saved_in_another_window_is_not_overwritten(world: World, job_id: UUID) -> None:
    save(world, job_id)
    with pytest.raises(StateError, match="在另一个窗口或由别人保存过"):
        save(world, job_id, content=SECOND, seen=0)
    assert kept(job_id).content == FIRST


def test_the_same_content_again_is_no_conflict(world: World, job_id: UUID) -> None:
    save(world, job_id)
    assert save(world, job_id, seen=0).version == 1


@pytest.mark.parametrize("username", ["verifier2", "keeper", "checker", "reception"])
def test_only_the_assigned_verifier_saves(world: World, job_id: UUID, username: str) -> None:
    save(world, job_id)
    with pytest.raises(AccessError):
        save(world, job_id, content=SECOND, seen=1, username=username)
    assert kept(job_id).content == FIRST


def test_nothing_is_typed_any_more_once_all_records_are_in(world: World) -> None:
    case = world.on_site()
    world.record(case)
    with pytest.raises(StateError, match="不能“提交原始记录”"):
        save(world, job_of(case))


def test_of_two_windows_that_begin_at_once_one_is_refused(world: World, job_id: UUID) -> None:
    world.actor("verifier")
    steps = [partial(save, world, job_id, content=content) for content in (FIRST, SECOND)]
    answers = together(*[partial(outcome, step) for step in steps])
    assert (sorted(answers), kept(job_id).version) == (["StateError", "done"], 1)


@pytest.mark.parametrize("size", [100_001, 1_000_000])
def test_a_draft_that_is_too_big_is_refused(world: World, job_id: UUID, size: int) -> None:
    with pytest.raises(InputError, match="太大"):
        save(world, job_id, content={"remarks": "x" * size})
    assert kept(job_id).version == 0


@pytest.mark.parametrize("username", ["owner", "stranger", "county"])
def test_who_is_not_of_the_institute_does_not_save(world: World, job_id: UUID, username: str) -> None:
    with pytest.raises(Hidden):
        save(world, job_id, username=username)


def test_the_owner_does_not_read_what_is_being_typed(world: World, job_id: UUID) -> None:
    save(world, job_id)
    with scoped(world.actor("owner").scope):
        assert Draft.objects.count() == 0


def test_a_draft_of_a_job_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(Hidden):
        save(world, uuid4())


def test_a_record_handed_in_ends_its_draft(world: World) -> None:
    case = world.on_site()
    save(world, job_of(case))
    world.record(case)
    assert kept(job_of(case)).version == 0


def test_a_record_sent_back_is_there_to_be_changed(world: World) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "send_back", {"reason": "温度"})
    assert kept(job_of(case)).content == {
        "observations": readings(), "standards": [str(world.standard_id)], "performed_on": "2026-11-20",
        "place": "测试站",
    }  # fmt: skip


def test_the_verifier_goes_on_from_a_record_sent_back(world: World) -> None:
    case = world.on_site()
    world.record(case)
    world.act("checker", case, "send_back", {"reason": "温度"})
    assert save(world, job_of(case), content=SECOND, seen=1).version == 2
