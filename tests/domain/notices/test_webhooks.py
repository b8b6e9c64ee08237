"""Webhooks: left with the act, signed, tried again, given up visibly, sent once more; only where they may go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from plumbline.domain.notices import jobs, queries
from plumbline.domain.notices.models import Delivery
from plumbline.domain.notices.rules import WEBHOOK_WAITS
from plumbline.domain.notices.types import Delivered, DeliveryFacts, SubscriptionFacts
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, StateError
from tests.domain.notices.receiver import receiving
from tests.world import World, moment


@pytest.fixture
def private(settings: Settings) -> None:
    """Allow messages to this machine, where the server of a test is."""
    settings.PLUMBLINE_WEBHOOKS_PRIVATE = True


def subscribed(world: World, url: str, *kinds: str, username: str = "owner") -> tuple[SubscriptionFacts, str]:
    wanted = kinds or ("case.moved",)
    return world.do(
        username, lambda actor: registers.subscribe(actor, url, kinds=wanted, request_id=uuid4(), at=moment())
    )


def messages(world: World, webhook: SubscriptionFacts) -> tuple[DeliveryFacts, ...]:
    return world.do("owner", lambda actor: queries.deliveries_of(actor.organisation_id, webhook.id).deliveries)


@pytest.mark.usefixtures("private")
def test_a_message_of_an_act_arrives_signed(world: World) -> None:
    with receiving() as receiver:
        webhook, secret = subscribed(world, receiver.url)
        case = world.apply()
        assert jobs.deliver_due(moment()) == Delivered(taken=1)
    headers, body = receiver.took[0]
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert json.loads(body)["data"] == {
        "case": case.number, "procedure": "verification", "act": "submit", "state": "submitted", "sequence": 1,
    }  # fmt: skip
    assert [(each.state, each.answered) for each in messages(world, webhook)] == [("delivered", 204)]


@pytest.mark.usefixtures("private")
def test_a_certificate_is_told_to_its_owner(world: World) -> None:
    with receiving() as receiver:
        subscribed(world, receiver.url, "certificate.issued")
        issued = world.issue(world.approved())
        jobs.deliver_due(moment())
    assert [json.loads(body)["data"]["certificate"] for _headers, body in receiver.took] == [issued.number]


@pytest.mark.usefixtures("private")
def test_nothing_is_left_of_an_act_that_was_undone(world: World) -> None:
    webhook, _secret = subscribed(world, "http://127.0.0.1:9/")
    with transaction.atomic():
        world.apply()
        transaction.set_rollback(True)
    assert messages(world, webhook) == ()


@pytest.mark.usefixtures("private")
def test_a_stranger_is_told_nothing(world: World) -> None:
    with receiving() as receiver:
        subscribed(world, receiver.url, username="stranger")
        world.apply()
        assert jobs.deliver_due(moment()) == Delivered()
    assert receiver.took == []


@pytest.mark.usefixtures("private")
def test_a_message_not_taken_is_tried_again_after_its_pause(world: World) -> None:
    with receiving(status=500) as receiver:
        subscribed(world, receiver.url)
        world.apply()
        first = jobs.deliver_due(moment())
        early = jobs.deliver_due(moment() + WEBHOOK_WAITS[0] - timedelta(seconds=1))
        receiver.status = 200
        later = jobs.deliver_due(moment() + WEBHOOK_WAITS[0])
    assert (first, early, later) == (Delivered(to_retry=1), Delivered(), Delivered(taken=1))
    assert receiver.took[0][0]["webhook-id"] == receiver.took[1][0]["webhook-id"]


@pytest.mark.usefixtures("private")
def test_a_message_never_taken_is_given_up_and_its_organisation_told_once(world: World) -> None:
    with receiving(status=503) as receiver:
        webhook, _secret = subscribed(world, receiver.url)
        world.apply()
        world.apply(first=1)
        done = [jobs.deliver_due(moment() + timedelta(days=day)) for day in range(len(WEBHOOK_WAITS) + 1)]
    assert (done[-1], len(receiver.took)) == (Delivered(given_up=2), 2 * (len(WEBHOOK_WAITS) + 1))
    told = world.do("owner", queries.latest)
    assert [str(each.text) for each in told if "推送" in str(each.text)] == [
        f"推送到 {receiver.url} 多次没有成功，已放弃一条"
    ]
    assert messages(world, webhook)[0].state == "given_up"


@pytest.mark.usefixtures("private")
def test_a_message_given_up_is_sent_once_more_on_request(world: World) -> None:
    with receiving() as receiver:
        webhook, _secret = subscribed(world, receiver.url)
        world.apply()
        with scoped(EVERYTHING):
            Delivery.objects.update(state="given_up", next_at=None)
        key = messages(world, webhook)[0].id
        world.do("owner", lambda actor: registers.redeliver(actor, key, at=moment()))
        assert jobs.deliver_due(moment()) == Delivered(taken=1)


@pytest.mark.usefixtures("private")
def test_a_redirection_is_not_followed(world: World) -> None:
    with receiving() as inner, receiving(status=307, location=inner.url) as outer:
        subscribed(world, outer.url)
        world.apply()
        assert jobs.deliver_due(moment()) == Delivered(to_retry=1)
    assert inner.took == []


@pytest.mark.usefixtures("private")
def test_an_ended_subscription_is_sent_nothing_more(world: World) -> None:
    with receiving() as receiver:
        webhook, _secret = subscribed(world, receiver.url)
        world.apply()
        world.do("owner", lambda actor: registers.end_subscription(actor, webhook.id, at=moment()))
        assert jobs.deliver_due(moment()) == Delivered()


@pytest.mark.usefixtures("private")
def test_a_renewed_secret_signs_from_then_on(world: World) -> None:
    webhook, old = subscribed(world, "http://127.0.0.1:9/")
    _webhook, new = world.do("owner", lambda actor: registers.renew_secret(actor, webhook.id, at=moment()))
    assert old != new


def test_a_name_that_leads_inward_is_refused_when_it_is_called(world: World) -> None:
    webhook, _secret = subscribed(world, "https://localhost/")
    world.apply()
    assert jobs.deliver_due(moment()) == Delivered(to_retry=1)
    assert messages(world, webhook)[0].fault == "localhost 是本机或内网的地址，不能推送到那里"


def test_an_address_that_may_not_be_called_is_refused_when_it_is_given(world: World) -> None:
    with pytest.raises(InputError, match="内网"):
        subscribed(world, "https://127.0.0.1/")


def test_one_request_subscribes_once_and_shows_the_secret_once(world: World) -> None:
    key = uuid4()
    first, again = (
        world.do(
            "owner",
            lambda actor: registers.subscribe(
                actor, "https://example.com/", kinds=["case.moved"], request_id=key, at=moment()
            ),
        )
        for _ in range(2)
    )
    assert (first[0], again[1]) == (again[0], "")


def test_who_may_not_manage_interfaces_subscribes_nobody(world: World) -> None:
    with pytest.raises(AccessError):
        subscribed(world, "https://example.com/", username="verifier")


def test_a_message_that_waits_is_not_sent_twice(world: World) -> None:
    webhook, _secret = subscribed(world, "https://example.com/")
    world.apply()
    key = messages(world, webhook)[0].id
    with pytest.raises(StateError, match="还在等着发"):
        world.do("owner", lambda actor: registers.redeliver(actor, key, at=moment()))
