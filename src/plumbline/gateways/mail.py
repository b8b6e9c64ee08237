"""Mail out by SMTP (RFC 5321): one message at a time over one connection, each with the Message-ID it is given.

A message is built by the standard library, which refuses a header with a line break in it; an address stands alone in
its header and in the envelope, whatever it holds. Leaves what is sent, when and how often to the caller.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from plumbline.errors import InputError, OutsideError, say

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
SECURITIES = (STARTTLS, TLS, PLAIN)
PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PERMANENT = range(500, 600)
FAULT_MOST = 200


class Unreached(OutsideError):  # noqa: N818  # said as it is
    """No connection to the server could be opened: nothing else will go out now either."""


@dataclass(frozen=True)
class Server:
    """Where mail goes out: host, port and security, the account there, whose password is in a file; and the sender."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    secret_file: str = ""
    timeout_s: float = 20.0


@dataclass(frozen=True)
class Mail:
    """One message. message_id: without angle brackets; headers: further ones."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


def server_of(kept: Mapping[str, str | int]) -> Server | None:
    """Return the server that settings name, None where they name none. Raises: InputError."""
    host = str(kept.get("mail_host", ""))
    if not host:
        return None
    security = str(kept.get("mail_security", STARTTLS))
    sender, user = str(kept.get("mail_from", "")), str(kept.get("mail_user", ""))
    if security not in SECURITIES:
        raise _wrong("mail_security", "、".join(SECURITIES))
    if user and security == PLAIN and host not in LOOPBACK:
        raise _wrong("mail_security", f"{STARTTLS}、{TLS}")  # a password never goes over an open line
    try:
        Address(addr_spec=sender)
        port = int(kept.get("mail_port", PORTS[security]))
    except (ValueError, IndexError, MessageError) as err:
        raise _wrong("mail_from / mail_port", "name@example.com / 587") from err
    return Server(host, port, security, sender, user, str(kept.get("mail_secret_file", "")))


def _wrong(key: str, allowed: str) -> InputError:
    return InputError(
        say("发邮件的设置 {key} 不对", key=key),
        where=say("数据目录里的 config.toml"),
        remedy=say("写成其中之一：{allowed}", allowed=allowed),
        field=key,
    )


def message_of(server: Server, mail: Mail) -> EmailMessage:
    """Return the message: plain text first, then the same as HTML. Raises: ValueError for a header that cannot be."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(addr_spec=server.sender)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: nobody's absence answers it
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    return message


class Post:
    """A connection to a server, opened when first needed and again after a fault."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: Mail) -> None:
        """Hand a message to the server. Raises: OutsideError, which says whether to try again; Unreached."""
        try:
            message = message_of(self._server, mail)
        except (ValueError, IndexError, MessageError) as err:
            raise _refused(str(err), may_retry=False) from err
        smtp = self._smtp = self._smtp or self._opened()
        try:
            smtp.send_message(message, from_addr=self._server.sender, to_addrs=[mail.to])
        except smtplib.SMTPRecipientsRefused as err:
            code, words = err.recipients[mail.to]
            self._close()
            raise _refused(f"{code} {_words(words)}", may_retry=code not in PERMANENT) from err
        except smtplib.SMTPDataError as err:
            self._close()
            may_retry = err.smtp_code not in PERMANENT
            raise _refused(f"{err.smtp_code} {_words(err.smtp_error)}", may_retry=may_retry) from err
        except (smtplib.SMTPException, OSError) as err:  # the connection broke: not this message's fault
            self._close()
            raise _refused(str(err), may_retry=True) from err

    def _opened(self) -> smtplib.SMTP:
        try:
            return self._connected()
        except (smtplib.SMTPException, OSError) as err:
            raise _unreached(str(err)) from err

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        kept_safe = ssl.create_default_context()
        if server.security == TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=kept_safe)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        try:
            if server.security == STARTTLS:
                smtp.starttls(context=kept_safe)
            if server.user:
                smtp.login(server.user, Path(server.secret_file).read_text(encoding="utf-8").strip())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _words(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _refused(reason: str, *, may_retry: bool) -> OutsideError:
    return OutsideError(
        say("邮件服务器没有收下：{reason}", reason=_one_line(reason)),
        remedy=say("核对发邮件的设置和收件地址"),
        may_retry=may_retry,
    )


def _unreached(reason: str) -> Unreached:
    return Unreached(
        say("连不上邮件服务器：{reason}", reason=_one_line(reason)),
        remedy=say("核对发邮件的设置；信留着，过一会儿再试"),
        may_retry=True,
    )


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:FAULT_MOST]
