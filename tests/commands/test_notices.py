"""`plumbline notices send|remind|digest`: what it does and says, with and without a mail server."""

from __future__ import annotations

from functools import partial

import pytest
from pytest_django import Settings

from plumbline.domain.notices import actions
from plumbline.domain.notices.types import Wishes
from plumbline.errors import InputError
from plumbline.faces.commands import notices
from tests.smtp import Running
from tests.world import World, moment

ADDRESS = "a@example.org"


@pytest.fixture(autouse=True)
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands speak Chinese."""
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")


def asked(world: World) -> None:
    """Let the owner leave an address, so that a confirmation is to be sent."""
    world.do("owner", partial(actions.wish, wishes=Wishes(ADDRESS, "zh-hans", {}), at=moment(hour=8)))


@pytest.mark.parametrize("what", ["send", "digest"])
@pytest.mark.django_db
def test_without_a_mail_server_it_says_that_nothing_was_sent(capsys: pytest.CaptureFixture[str], what: str) -> None:
    assert notices.run([what]) == 0
    assert "没有设置发邮件" in capsys.readouterr().err


@pytest.mark.django_db
def test_reminding_needs_no_mail_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert notices.run(["remind"]) == 0
    assert "新写了 0 项" in capsys.readouterr().out


def test_it_sends_what_is_due_and_says_how_much(
    world: World, smtp: Running, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    asked(world)
    assert notices.run(["send"]) == 0
    assert ("发出 1 封" in capsys.readouterr().out, smtp.box.recipients) == (True, [ADDRESS])


def test_a_letter_given_up_is_told_by_the_exit_code(
    world: World, smtp: Running, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.PLUMBLINE_MAIL = smtp.server
    smtp.box.answers[ADDRESS] = "550 no"
    asked(world)
    assert notices.run(["send"]) == 1
    assert "放弃 1 封" in capsys.readouterr().out


def test_anything_else_is_refused() -> None:
    with pytest.raises(InputError):
        notices.run(["shout"])
