"""Invitations by mail, through the outbox to a real SMTP server: the link lies sealed, and nowhere once it is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.models import Invitation
from plumbline.domain.credentials.types import InvitationFacts
from plumbline.domain.journal.models import Act
from plumbline.domain.notices import jobs
from plumbline.domain.notices.models import Letter
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError
from plumbline.rulebook import signing
from tests.domain.credentials.people import AT, administrator, offer
from tests.smtp import Running
from tests.world import World

ADDRESS = "newcomer@example.org"
SOON = AT + timedelta(minutes=2)
LINK = re.compile(r"https://nqi\.example\.org/invitation/([0-9A-Za-z-]+)/")


@pytest.fixture
def posted(world: World, smtp: Running, settings: Settings) -> World:
    """The small world with a mail server and an administrator."""
    settings.PLUMBLINE_MAIL = smtp.server
    settings.PLUMBLINE_BASE_URL = "https://nqi.example.org"
    administrator(world)
    return world


def invited(world: World, username: str = "newcomer", *, language: str = "zh-hans") -> tuple[str, InvitationFacts]:
    """Invite somebody new by mail; returns the code and the invitation."""
    offered = replace(offer(world, username=username), address=ADDRESS, language=language)
    return world.do("admin", partial(actions.invite, offer=offered, at=AT))


def renewed(world: World, key: UUID) -> tuple[str, InvitationFacts]:
    return world.do("admin", partial(actions.renew, invitation_id=key, at=SOON))


def letters() -> list[tuple[str, bool]]:
    """Return the state of each letter with an invitation, and whether it still holds something."""
    with scoped(EVERYTHING):
        rows = Letter.objects.filter(kind="invitation").order_by("made_at", "id")
        return [(row.state, row.sealed is not None) for row in rows]


def links(smtp: Running) -> list[str]:
    """Return the codes of the links in all that was taken, from the plain parts."""
    return [LINK.findall(str(next(each.iter_parts()).get_content()))[0] for each in smtp.box.taken]


def test_the_link_is_mailed_and_nothing_of_the_letter_is_left(posted: World, smtp: Running) -> None:
    code, _made = invited(posted)
    assert letters() == [("waiting", True)]
    jobs.send_due(SOON)
    (taken,) = smtp.box.taken
    assert (taken["To"], taken["Subject"], links(smtp)) == (ADDRESS, "准绳：请您开账号", [code])
    assert (letters(), taken["List-Unsubscribe"]) == ([("sent", False)], None)
    assert queries.invitation_by(links(smtp)[0], at=SOON).offer.username == "newcomer"


def test_the_letter_is_in_the_language_chosen(posted: World, smtp: Running) -> None:
    invited(posted, language="en")
    jobs.send_due(SOON)
    (taken,) = smtp.box.taken
    plain = str(next(taken.iter_parts()).get_content())
    assert (taken["Subject"], re.search("[\u3400-\u9fff]", plain)) == ("Plumbline: Open your account", None)


def test_code_and_address_lie_readable_in_no_letter_and_no_act(posted: World) -> None:
    code, _made = invited(posted)
    with scoped(EVERYTHING):
        held = [bytes(row.sealed or b"") for row in Letter.objects.all()]
        told = str(list(Invitation.objects.values("digest"))) + str(list(Act.objects.values_list("data")))
    assert [code.encode() in each or ADDRESS.encode() in each for each in held] == [False]
    assert (code in told, ADDRESS in told) == (False, False)


def test_a_letter_given_up_is_wiped(posted: World, smtp: Running) -> None:
    invited(posted)
    smtp.box.answers[ADDRESS] = "550 nobody here"
    jobs.send_due(SOON)
    assert letters() == [("given_up", False)]


def test_a_letter_sealed_with_another_key_is_given_up_and_others_go_out(
    posted: World, smtp: Running, settings: Settings
) -> None:
    invited(posted)
    (Path(settings.PLUMBLINE_DATA) / "keys" / "sign_in.key").write_bytes(Fernet.generate_key())
    invited(posted, "second")
    jobs.send_due(SOON)
    assert (letters(), len(smtp.box.taken)) == ([("given_up", False), ("sent", False)], 1)


def test_sent_again_it_has_a_new_link_and_the_old_one_is_dead(posted: World, smtp: Running) -> None:
    old, made = invited(posted)
    new, _made = renewed(posted, made.id)
    jobs.send_due(SOON)
    assert (letters(), links(smtp)) == ([("dropped", False), ("sent", False)], [new])
    with pytest.raises(Hidden):
        queries.invitation_by(old, at=SOON)


def test_a_withdrawn_invitation_sends_no_letter(posted: World, smtp: Running) -> None:
    _code, made = invited(posted)
    posted.do("admin", partial(actions.withdraw, invitation_id=made.id, at=AT))
    jobs.send_due(SOON)
    assert (letters(), smtp.box.taken) == ([("dropped", False)], [])


def test_an_address_is_written_to_a_few_times_a_day(posted: World) -> None:
    _code, made = invited(posted)
    for _more in range(signing.load().mails_to_one - 1):
        renewed(posted, made.id)
    with pytest.raises(InputError, match="封邀请") as refused:
        invited(posted, "second")
    assert refused.value.field == "address"


@pytest.mark.parametrize(("address", "language"), [("nobody", "zh-hans"), (ADDRESS, "xx"), ("a@b\nc@d", "zh-hans")])
def test_what_is_no_address_or_language_is_refused(posted: World, address: str, language: str) -> None:
    offered = replace(offer(posted), address=address, language=language)
    with pytest.raises(InputError) as refused:
        posted.do("admin", partial(actions.invite, offer=offered, at=AT))
    assert refused.value.field in {"address", "language"}


def test_without_mail_set_up_an_address_is_refused(world: World) -> None:
    administrator(world)
    with pytest.raises(InputError, match="没有设置发邮件"):
        invited(world)


def test_without_an_address_a_new_link_is_handed_over(world: World) -> None:
    administrator(world)
    old, made = world.do("admin", partial(actions.invite, offer=offer(world), at=AT))
    new, _made = renewed(world, made.id)
    assert (queries.invitation_by(new, at=SOON).id, letters()) == (made.id, [])
    with pytest.raises(Hidden):
        queries.invitation_by(old, at=SOON)
