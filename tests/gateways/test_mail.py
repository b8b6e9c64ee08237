"""Mail out, against a real SMTP server on loopback."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plumbline.errors import InputError, OutsideError
from plumbline.gateways.mail import PLAIN, STARTTLS, TLS, Mail, Post, Server, Unreached, message_of, server_of
from tests.smtp import SENDER, Running

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
MAIL = Mail("reader@example.org", "准绳：每日汇总", "第一行\n", "<p>第一行</p>", "1@example.org", AT)
KEPT: dict[str, str | int] = {"mail_host": "mail.example.org", "mail_from": SENDER}


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_a_message_arrives_with_its_id_and_in_both_forms(smtp: Running) -> None:
    with Post(smtp.server) as post:
        post.send(MAIL)
    (taken,) = smtp.box.taken
    parts = [part.get_content().strip() for part in taken.iter_parts()]
    assert (taken["Message-ID"], taken["Subject"], parts) == (
        "<1@example.org>",
        MAIL.subject,
        ["第一行", "<p>第一行</p>"],
    )
    assert (taken["From"], smtp.box.recipients) == (SENDER, [MAIL.to])


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, subject="x\r\nBcc: other@example.org"),
        replace(MAIL, to="reader@example.org\nBcc: other@example.org"),
        replace(MAIL, to="reader@example.org, other@example.org"),
        replace(MAIL, message_id="1@example.org>\r\nBcc: <other@example.org"),
        replace(MAIL, headers={"List-Unsubscribe": "<x>\nBcc: other@example.org"}),
    ],
)
def test_nothing_can_add_a_header_or_a_recipient(smtp: Running, mail: Mail) -> None:
    with Post(smtp.server) as post, pytest.raises(OutsideError) as refused:
        post.send(mail)
    assert (refused.value.may_retry, smtp.box.taken, smtp.box.recipients) == (False, [], [])


def test_what_the_server_says_of_a_recipient_decides_whether_to_try_again(smtp: Running) -> None:
    smtp.box.answers = {"a@example.org": "550 no such reader", "b@example.org": "451 later"}
    with Post(smtp.server) as post:
        with pytest.raises(OutsideError, match="550 no such reader") as for_good:
            post.send(replace(MAIL, to="a@example.org"))
        with pytest.raises(OutsideError, match="451 later") as for_now:
            post.send(replace(MAIL, to="b@example.org"))
    assert (for_good.value.may_retry, for_now.value.may_retry) == (False, True)


def test_after_one_was_refused_the_next_goes_out(smtp: Running) -> None:
    smtp.box.data_answers = ["554 not this one"]
    with Post(smtp.server) as post:
        with pytest.raises(OutsideError):
            post.send(MAIL)
        post.send(replace(MAIL, message_id="2@example.org"))
    assert [each["Message-ID"] for each in smtp.box.taken] == ["<2@example.org>"]


def test_a_server_that_is_not_there_is_said_to_be_unreached() -> None:
    with Post(Server("127.0.0.1", free_port(), PLAIN, SENDER, timeout_s=2)) as post, pytest.raises(Unreached):
        post.send(MAIL)


def test_a_server_without_encryption_is_not_spoken_to_where_encryption_is_asked_for(smtp: Running) -> None:
    with Post(replace(smtp.server, security=STARTTLS)) as post, pytest.raises(Unreached):
        post.send(MAIL)
    assert smtp.box.taken == []


def test_a_password_file_that_is_not_there_is_a_fault_to_try_again(smtp: Running) -> None:
    with Post(replace(smtp.server, user="us", secret_file="/nowhere/secret")) as post, pytest.raises(Unreached):
        post.send(MAIL)


def test_no_host_is_no_server() -> None:
    assert server_of({}) is None


def test_the_usual_port_follows_from_the_security() -> None:
    servers = [server_of({**KEPT, "mail_security": each}) for each in (STARTTLS, TLS, PLAIN)]
    assert [each.port for each in servers if each] == [587, 465, 25]


@pytest.mark.parametrize(
    "more",
    [
        {"mail_security": "open"},
        {"mail_from": ""},
        {"mail_from": "a@example.org, b@example.org"},
        {"mail_port": "x"},
        {"mail_security": PLAIN, "mail_user": "us"},
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_key(more: dict[str, str | int]) -> None:
    with pytest.raises(InputError, match="mail_"):
        server_of({**KEPT, **more})


def test_the_parts_say_that_nobody_s_absence_is_to_answer() -> None:
    message = message_of(Server("h", 25, PLAIN, SENDER), MAIL)
    assert message["Auto-Submitted"] == "auto-generated"
