"""A real SMTP server on loopback for the tests of mail: it takes, refuses, breaks off, or is not there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from plumbline.gateways.mail import PLAIN, Server

SENDER = "no-reply@example.org"


@dataclass
class Box:
    """What the server has taken, and how it answers. answers: by recipient, else it takes everything."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # the name and the signature aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        if self.data_answers:
            return self.data_answers.pop(0)
        content = cast("bytes", envelope.content)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class OnFreePort(Controller):
    """A controller whose port the system chooses; it says hello to itself there, to know that it answers."""

    @property
    def taken_port(self) -> int:
        """The port it listens on."""
        return int(self.server.sockets[0].getsockname()[1])  # type: ignore[union-attr]  # once started there is a server

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.taken_port), timeout=5) as hello:
            hello.recv(1024)


@dataclass
class Running:
    """A server that runs, and its address."""

    box: Box
    controller: OnFreePort

    @property
    def server(self) -> Server:
        """The settings of this server."""
        return Server("127.0.0.1", self.controller.taken_port, PLAIN, SENDER, timeout_s=5)


@pytest.fixture
def smtp() -> Iterator[Running]:
    """Run a server on a free port of loopback."""
    box = Box()
    controller = OnFreePort(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield Running(box, controller)
    controller.stop()
