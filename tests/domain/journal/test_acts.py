"""The journal: a place in a story is taken once, a request is written once, and nothing is ever changed."""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.journal import actions, queries
from plumbline.domain.journal.types import NewAct, Subject
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import Wanted
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, Scope, scoped
from plumbline.errors import StateError
from tests.domain.databases import outcome, together
from tests.world import moment

ORGANISATION = UUID(int=5)
ACTOR = Actor(UUID(int=1), UUID(int=2), ORGANISATION, role="verifier", name="示例员", organisation_name="示例院")


def about(subject_id: UUID) -> Subject:
    """Return a subject of our own."""
    return Subject("case", subject_id, ORGANISATION, None, "330302")


def add(subject_id: UUID, name: str = "accept", *, place: int | None = None, request: UUID | None = None) -> int:
    """Append an act in a transaction of its own; returns its place."""
    asked = actions.asked(request, name) if request else None
    with scoped(EVERYTHING):
        return actions.append(ACTOR, about(subject_id), act=NewAct(name, {}, place, asked), at=moment()).sequence


def named(subject_id: UUID) -> list[str]:
    """Return the names of the acts on a subject."""
    with scoped(EVERYTHING):
        return [act.name for act in queries.acts_of(subject_id)]


pytestmark = pytest.mark.django_db


def test_acts_take_the_next_place_of_their_own_story() -> None:
    story, other = new_id(), new_id()
    assert [add(story), add(other), add(story)] == [1, 1, 2]


def test_a_place_that_is_taken_is_refused() -> None:
    story = new_id()
    add(story, place=1)
    with pytest.raises(StateError, match="刚被别人办过一步"):
        add(story, place=1)


def test_an_act_comes_after_those_its_writer_may_not_see() -> None:
    story = new_id()
    add(story)
    elsewhere = Actor(UUID(int=3), UUID(int=4), UUID(int=6), role="approver", name="别院的", organisation_name="别院")
    with scoped(elsewhere.scope):
        assert queries.acts_of(story) == ()
        act = NewAct("instrument.move", {})
        assert actions.append(elsewhere, Subject("case", story), act=act, at=moment()).sequence == 2


def test_what_else_the_database_refuses_is_not_called_a_race() -> None:
    with pytest.raises(IntegrityError), scoped(EVERYTHING):
        actions.append(ACTOR, about(new_id()), act=NewAct("accept", {}, sequence=-1), at=moment())


def test_the_transaction_goes_on_after_a_refused_act() -> None:
    story = new_id()
    add(story, "first", place=1)
    with transaction.atomic():
        with pytest.raises(StateError):
            add(story, "second", place=1)
        add(story, "third", place=2)
    assert named(story) == ["first", "third"]


def test_a_request_is_written_once() -> None:
    story, request = new_id(), uuid4()
    add(story, place=1, request=request)
    with pytest.raises(StateError):
        add(story, place=2, request=request)


def test_an_act_that_kept_no_request_answers_no_request() -> None:
    story = new_id()
    with scoped(EVERYTHING):
        act = actions.append(ACTOR, about(story), act=NewAct("accept", {}), at=moment())
        with pytest.raises(StateError, match="办成过一次"):
            actions.already_done(ACTOR, actions.asked(act.id, "accept"))


def test_an_act_is_found_by_its_request() -> None:
    request = uuid4()
    add(new_id(), "accept", request=request)
    with scoped(EVERYTHING):
        found = queries.act_by_request(request)
    assert found is not None
    assert (found.id, found.name) == (request, "accept")


def test_a_request_that_wrote_nothing_is_not_found() -> None:
    assert queries.act_by_request(uuid4()) is None


def test_an_act_keeps_who_did_it_in_which_role() -> None:
    story = new_id()
    add(story)
    with scoped(EVERYTHING):
        [act] = queries.acts_of(story)
    assert (act.person_name, act.role, act.organisation_id, act.at) == ("示例员", "verifier", ORGANISATION, moment())


def test_acts_are_hidden_from_those_who_have_no_part_in_them() -> None:
    story = new_id()
    add(story)
    with scoped(Scope(organisations=(UUID(int=6),), regions=("330303",))):
        assert queries.acts_of(story) == ()


def test_acts_are_seen_by_the_area() -> None:
    story = new_id()
    add(story)
    with scoped(Scope(regions=("330302",))):
        assert len(queries.acts_of(story)) == 1


def test_the_newest_acts_are_paged_without_loss_or_repetition() -> None:
    story = new_id()
    [add(story, name) for name in "abcde"]  # of one moment: the key alone tells them apart
    spec, found, token = queries.list_of_acts(), [], ""
    with scoped(EVERYTHING):
        for _page in range(3):
            page = paging.page_of(spec, Wanted(token=token), scope=EVERYTHING, size=2)
            found += [row["fact"].name for row in page.rows]
            token = page.next
    assert found == ["e", "d", "c", "b", "a"]


@pytest.mark.django_db(transaction=True)
def test_two_persons_at_once_cannot_take_one_place() -> None:
    story = new_id()
    answers = together(*[partial(outcome, partial(add, story, place=1))] * 2)
    assert (sorted(answers), len(named(story))) == (["StateError", "done"], 1)
