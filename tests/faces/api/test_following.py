"""Following from outside: the feed of cases and the push of the catalogue, each told once and to who may know."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from plumbline.domain.notices import jobs
from plumbline.domain.notices import queries as notices
from plumbline.domain.notices.types import SubscriptionFacts
from plumbline.domain.procedures.jobs import publish_catalogue
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import procedures
from tests.faces.api.asking import Ask
from tests.world import World, moment

FEED = "/changes/cases"


def subscribed(world: World) -> SubscriptionFacts:
    made, _secret = world.do(
        "owner",
        lambda actor: registers.subscribe(
            actor, "http://127.0.0.1:9/", kinds=("procedures.published",), request_id=uuid4(), at=moment()
        ),
    )
    return made


def test_the_feed_tells_each_case_once_as_it_stands_and_goes_on_from_there(world: World, ask: Ask) -> None:
    first, second = world.apply(), world.apply(first=1)
    owner = ask("owner", "cases:read")
    assert owner.get(FEED).json() == {"items": [], "next": 0}
    jobs.number_changes(moment())
    told = owner.get(FEED, size=1).json()
    assert [(each["case"], each["state"]) for each in told["items"]] == [(first.number, "submitted")]
    world.act("reception", first, "accept")
    jobs.number_changes(moment())
    told = owner.get(FEED, after=told["next"]).json()
    assert [(each["case"], each["act"]) for each in told["items"]] == [
        (second.number, "submit"), (first.number, "accept"),
    ]  # fmt: skip
    assert owner.get(FEED, after=told["next"]).json() == {"items": [], "next": told["next"]}


def test_the_feed_tells_nobody_of_cases_of_others(world: World, ask: Ask) -> None:
    world.apply()
    jobs.number_changes(moment())
    told = {name: len(ask(name, "cases:read").get(FEED).json()["items"]) for name in ("stranger", "county", "official")}
    assert told == {"stranger": 0, "county": 1, "official": 1}


def test_a_slow_transaction_is_not_passed_over(world: World) -> None:
    first, second = world.apply(), world.apply(first=1)
    jobs.number_changes(moment())
    with scoped(EVERYTHING):
        reached = notices.changes_after(0, most=9)[-1].place
    begun, may_end = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            world.act("reception", first, "accept")
            begun.set()
            may_end.wait(20)
        connections.close_all()

    thread = Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    world.act("reception", second, "accept")
    jobs.number_changes(moment())
    with scoped(EVERYTHING):
        seen = notices.changes_after(reached, most=9)
    may_end.set()
    thread.join()
    jobs.number_changes(moment())
    with scoped(EVERYTHING):
        later = notices.changes_after(seen[-1].place, most=9)
    assert ([each.case for each in seen], [each.case for each in later]) == ([second.number], [first.number])
    assert connection.vendor == "postgresql"


def test_the_catalogue_is_pushed_once_a_digest(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PLUMBLINE_WEBHOOKS_PRIVATE = True
    webhook = subscribed(world)
    assert [publish_catalogue(moment() + timedelta(minutes=each)) for each in (0, 1)] == [1, 0]
    monkeypatch.setattr(procedures, "catalogue_digest", lambda: "0" * 64)
    assert publish_catalogue(moment() + timedelta(minutes=2)) == 1
    found = world.do("owner", lambda _: notices.deliveries_of(webhook.organisation_id, webhook.id))
    newest, first = found.deliveries
    assert (newest.kind, '"digest": "000' in newest.body) == ("procedures.published", True)
    assert '"id": "standard_examination"' in first.body


def test_a_refused_act_leaves_no_change(world: World, ask: Ask) -> None:
    case = world.apply()
    told = ask("reception", "cases:act").post(f"/cases/{case.number}/acts/accept", {"seen": 9})
    jobs.number_changes(moment())
    with scoped(EVERYTHING):
        seen = notices.changes_after(0, most=9)
    assert (told.status_code, [each.data["act"] for each in seen]) == (409, ["submit"])
