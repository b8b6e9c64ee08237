"""Long work: piece by piece, one transaction a piece; stopped, killed and taken up again without losing or doubling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from plumbline.config.postgres_roles import APP
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.models import Membership, User
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory.models import Organisation, Person
from plumbline.domain.errands import actions, queries
from plumbline.domain.errands.models import Errand
from plumbline.domain.errands.runner import Runner
from plumbline.domain.errands.types import ErrandFacts, NewErrand, Periodic, Progress, Work
from plumbline.domain.rows import locks
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, StateError, say
from tests.domain.databases import connected, sqlstate
from tests.world import moment

PIECES = 3


@dataclass(frozen=True)
class People:
    """A clerk, a colleague of the same company, and somebody of another."""

    clerk: Actor
    colleague: Actor
    stranger: Actor


@pytest.fixture
def people(db: None) -> People:
    """Return three people who hold a role each."""
    companies = [Organisation.objects.create(name_zh=f"{name}公司", region_code="330300", registered_at=moment())
                 for name in ("一", "二")]  # fmt: skip
    return People(*(_actor(f"person{place}", companies[place // 2]) for place in range(3)))


def _actor(username: str, company: Organisation) -> Actor:
    person = Person.objects.create(organisation=company, name_zh=username, registered_at=moment())
    user = User.objects.create(username=username, person=person)
    Membership.objects.create(user=user, organisation=company, role="enterprise", valid_from=date(2020, 1, 1))
    return accounts.actor_of(username, on=date(2026, 1, 1))


def counting(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Put one piece aside a turn, from where it stands; fail after one if it is told to."""
    for number in range(int(str(errand.cursor.get("next", 0))), PIECES):
        actions.put_aside(errand.id, number, content=str(number))
        if number == errand.asked.get("fails_at"):
            raise InputError(say("第 {n} 片做不了", n=number), remedy=say("换一片"))
        yield Progress(number + 1, PIECES, "count", {"next": number + 1}, {"last": number})


def asking(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Ask one question, and end when it is answered."""
    if "colour" not in errand.asked:
        yield Progress(0, 1, "ask", asks=True)


def broken(actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Make a mistake of our own."""
    yield Progress(1 // len(errand.cursor))


WORKS = {"count": Work(counting), "ask": Work(asking), "broken": Work(broken)}


def turn(runner: Runner, times: int = 1) -> None:
    """Do some turns."""
    for _time in range(times):
        runner.turn(lambda: 0.0)


def asked(actor: Actor, kind: str = "count", **parameters: object) -> UUID:
    """Ask for an errand and return its key."""
    with scoped(actor.scope):
        return actions.ask(actor, NewErrand(kind, "test", parameters), at=moment()).id


def seen(errand_id: UUID) -> ErrandFacts:
    with scoped(EVERYTHING):
        return queries.errand(errand_id)


def put_aside(errand_id: UUID) -> list[str]:
    with scoped(EVERYTHING):
        return list(queries.pieces(errand_id))


def test_an_errand_is_done_piece_by_piece(people: People) -> None:
    key, runner = asked(people.clerk), Runner(WORKS)
    turn(runner)
    first, aside = seen(key), put_aside(key)
    runner.run_until_idle()
    assert (first.state, first.done, first.of, aside) == ("running", 1, PIECES, ["0"])
    assert (seen(key).state, seen(key).result, put_aside(key)) == ("done", {"last": 2}, ["0", "1", "2"])


def test_a_short_errand_does_not_wait_for_a_long_one(people: People) -> None:
    long, short, runner = asked(people.clerk), asked(people.clerk, "ask", colour="red"), Runner(WORKS)
    turn(runner)
    assert (seen(long).state, seen(short).state) == ("running", "done")


def test_a_piece_that_fails_leaves_nothing_behind_and_says_why(people: People) -> None:
    key = asked(people.clerk, fails_at=1)
    Runner(WORKS).run_until_idle()
    found = seen(key)
    assert (found.state, found.done, put_aside(key)) == ("failed", 1, ["0"])
    assert [str(each.what) for each in found.faults] == ["第 1 片做不了"]


def test_a_mistake_of_ours_ends_its_errand_alone(people: People) -> None:
    bad, good = asked(people.clerk, "broken"), asked(people.clerk)
    Runner(WORKS).run_until_idle()
    assert (seen(bad).state, seen(good).state) == ("failed", "done")
    assert "程序出错" in str(seen(bad).faults[0].what)


def test_a_stopped_errand_goes_on_from_where_it_stands(people: People) -> None:
    key, runner = asked(people.clerk), Runner(WORKS)
    turn(runner)
    with scoped(people.clerk.scope):
        actions.stop(people.clerk, key)
    turn(runner, 3)
    stopped = seen(key)
    with scoped(people.clerk.scope):
        actions.resume(people.clerk, key)
    runner.run_until_idle()
    assert (stopped.state, stopped.done) == ("stopped", 1)
    assert (seen(key).state, seen(key).done) == ("done", PIECES)


def test_what_a_killed_worker_had_in_hand_is_taken_up_by_the_next(people: People) -> None:
    key, killed = asked(people.clerk), Runner(WORKS)
    turn(killed)
    locks.let_go(locks.Kind.ERRAND, key)  # as the database does when a connection breaks
    Runner(WORKS).run_until_idle()
    assert (seen(key).state, seen(key).result) == ("done", {"last": 2})


def test_an_errand_another_worker_holds_is_left_alone(people: People) -> None:
    key = asked(people.clerk)
    with connected(APP) as other:
        other.execute("select pg_advisory_lock(%s, %s)", [locks.Kind.ERRAND.value, locks.number_of(key)])
        turn(Runner(WORKS))
        held = seen(key).state
    assert held == "waiting"


def test_an_errand_in_which_worker_after_worker_ends_is_given_up(people: People) -> None:
    key = asked(people.clerk)
    with scoped(EVERYTHING):
        Errand.objects.filter(pk=key).update(state="running", deaths=4)
    Runner(WORKS).run_until_idle()
    assert (seen(key).state, "意外结束" in str(seen(key).faults[0].what)) == ("failed", True)


def test_an_errand_waits_for_the_answer_of_its_person(people: People) -> None:
    key, runner = asked(people.clerk, "ask"), Runner(WORKS)
    runner.run_until_idle()
    waiting = seen(key).state
    with scoped(people.clerk.scope):
        actions.answer(people.clerk, key, answers={"colour": "red"})
    runner.run_until_idle()
    assert (waiting, seen(key).state) == ("asks", "done")


def test_an_answer_nobody_waits_for_is_refused(people: People) -> None:
    key = asked(people.clerk)
    with scoped(people.clerk.scope), pytest.raises(StateError):
        actions.answer(people.clerk, key, answers={})


def test_an_errand_whose_person_has_lost_the_role_is_refused(people: People) -> None:
    key = asked(replace(people.clerk, membership_id=uuid4()))
    Runner(WORKS).run_until_idle()
    assert (seen(key).state, "角色" in str(seen(key).faults[0].what)) == ("failed", True)


def test_a_kind_of_a_later_release_is_refused_with_a_sentence(people: People) -> None:
    key = asked(people.clerk, "of tomorrow")
    Runner(WORKS).run_until_idle()
    assert (seen(key).state, len(seen(key).faults)) == ("failed", 1)


def test_the_same_request_asks_once(people: People) -> None:
    request = uuid4()
    with scoped(people.clerk.scope):
        keys = {actions.ask(people.clerk, NewErrand("count", ""), at=moment(), request_id=request).id for _ in range(2)}
    assert keys == {request}


def test_a_colleague_sees_an_errand_and_may_not_stop_it(people: People) -> None:
    key = asked(people.clerk)
    with scoped(people.colleague.scope):
        listed = [each.id for each in queries.errands(people.colleague).errands]
        with pytest.raises(AccessError):
            actions.stop(people.colleague, key)
    assert listed == [key]


def test_another_organisation_neither_sees_nor_stops_an_errand(people: People) -> None:
    key = asked(people.clerk)
    with scoped(people.stranger.scope):
        listed = queries.errands(people.stranger).errands
        with pytest.raises(Hidden):
            actions.stop(people.stranger, key)
    assert listed == []


def test_who_looks_after_the_installation_may_stop_any(people: People) -> None:
    key = asked(people.clerk)
    with scoped(SYSTEM.scope):
        assert actions.stop(SYSTEM, key).state == "stopped"


def test_errands_are_paged_newest_first(people: People) -> None:
    keys = [asked(people.clerk) for _ in range(3)]
    with scoped(people.clerk.scope):
        first = queries.errands(people.clerk, limit=2)
        second = queries.errands(people.clerk, after=first.next_key, limit=2)
    assert [each.id for each in (*first.errands, *second.errands)] == keys[::-1]
    assert second.next_key == ""


def test_nobody_without_a_role_asks_for_an_errand(people: People) -> None:
    with pytest.raises(AccessError):
        asked(replace(people.clerk, membership_id=None))


def test_no_errand_is_thrown_away(people: People) -> None:
    assert sqlstate(APP, "delete from errands_errand") == "42501"


def test_pieces_nobody_comes_back_to_are_cleared_away(people: People) -> None:
    key = asked(people.clerk, fails_at=1)
    Runner(WORKS).run_until_idle()
    kept = actions.clear_forgotten(datetime.fromisoformat("2000-01-01T00:00+00:00"))
    assert (kept, actions.clear_forgotten(moment().replace(year=2100)), put_aside(key)) == (0, 1, [])


def test_the_rest_of_the_time_is_told_by_the_speed_so_far(people: People) -> None:
    key = asked(people.clerk)
    with scoped(EVERYTHING):
        Errand.objects.filter(pk=key).update(
            state="running", done=25, of=100, leg_done=5, leg_at=moment(hour=10), seen_at=moment(hour=11)
        )
    assert seen(key).left_s == pytest.approx(75 / 20 * 3600)


def test_what_is_due_is_called_and_one_that_fails_keeps_no_other_from_it(people: People) -> None:
    called: list[datetime] = []
    times = iter((0.0, 1.0, 11.0))

    def fails(_now: datetime) -> None:
        raise ValueError

    runner = Runner({}, (Periodic("fails", 1, fails), Periodic("counts", 10, called.append)))
    for at in times:
        runner.turn(lambda at=at: at)  # type: ignore[misc]  # mypy cannot infer it
    assert len(called) == 2
