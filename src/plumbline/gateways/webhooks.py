"""Messages to another system by HTTP, signed: what is signed and how, which addresses may be called, and the call.

The signature and its headers are those of the Standard Webhooks specification (standardwebhooks.com): HMAC-SHA256 over
`id.timestamp.body`, base64, with a secret written `whsec_<base64>`; its libraries check it in many languages.

Only a public address is called, unless the setting allows others: the name is resolved, every address it has must be
public, and the connection goes to the address that was checked, so that no second look-up answers differently.
Redirections are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from plumbline.errors import InputError, OutsideError, Text, say

SECRET_PREFIX = "whsec_"  # noqa: S105  # the beginning all of them have
MOST_CHARACTERS = 500
PATIENCE_S = 10.0
ANSWER_MOST_BYTES = 2_000
_NAT64 = IPv6Network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Target:
    """Where a message goes, as far as its text says."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    """What the other system said: the status and the beginning of its words."""

    status: int
    words: str

    @property
    def is_taken(self) -> bool:
        """Tell whether the message was taken."""
        return 200 <= self.status < 300


def written_secret(key: bytes) -> str:
    """Return a secret as its owner keeps it."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signed_headers(key: bytes, message_id: str, *, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers by which a message is told from a forged or an old one."""
    said = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": f"v1,{signature}"}


def read_target(url: str, *, may_be_private: bool) -> Target:
    """Return where a message goes. Raises: InputError for what may not be called, as far as the text alone says."""
    parts = _split(url)
    allowed = {"https": 443, "http": 80} if may_be_private else {"https": 443}
    if parts.scheme not in allowed or not parts.hostname:
        raise _refused(say("推送地址要写成 https:// 开头的网址"))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(say("推送地址里不能有账号、口令或 # 后面的部分"))
    literal = _literal(parts.hostname)
    if literal is not None and not may_be_private and not is_public(literal):
        raise _private(parts.hostname)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, parts.port or allowed[parts.scheme], path)


def send(target: Target, body: bytes, *, headers: Mapping[str, str], may_be_private: bool) -> Answer:
    """Send a message and return the answer. Raises: OutsideError where there is none; as `checked_address`."""
    address = checked_address(target, may_be_private=may_be_private)
    connection = HTTPConnection(target.host, target.port, timeout=PATIENCE_S)
    try:
        with _clocked(address, target.port) as plain:
            connection.sock = _secured(plain, target)
            connection.request("POST", target.path, body=body, headers={"Connection": "close", **headers})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(ANSWER_MOST_BYTES).decode("utf-8", "replace"))
    except (OSError, HTTPException, ValueError) as err:
        raise OutsideError(
            say("{host} 没有应答：{why}", host=target.host, why=str(err)[:200] or type(err).__name__),
            remedy=say("过一会儿会再试"),
            may_retry=True,
        ) from err
    finally:
        connection.close()


def checked_address(target: Target, *, may_be_private: bool) -> Address:
    """Return an address of a target that may be called. Raises: OutsideError for a name without one, InputError for
    one that has a private address among its own."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise OutsideError(
            say("找不到主机 {host}", host=target.host), remedy=say("核对推送地址；过一会儿会再试"), may_retry=True
        ) from err
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not may_be_private and not all(map(is_public, addresses)):
        raise _private(target.host)
    return addresses[0]


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public net: also what an IPv6 address carries within is looked at."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None and not is_public(inner):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _split(url: str) -> SplitResult:
    if len(url) > MOST_CHARACTERS or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused(say("推送地址太长，或有网址里不能有的字符"))
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as err:
        raise _refused(say("推送地址看不懂")) from err
    return parts


def _literal(host: str) -> Address | None:
    """Return the address a host is written as, also in the short and octal forms a resolver takes; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


@contextmanager
def _clocked(address: Address, port: int) -> Iterator[socket.socket]:
    """Have a connection that ends with the patience, whatever it is doing: one for each read would let it last."""
    plain = socket.create_connection((str(address), port), timeout=PATIENCE_S)
    again = plain.dup()  # the same connection, whoever wraps the first
    clock = threading.Timer(PATIENCE_S, _end, [again])
    clock.daemon = True
    clock.start()
    try:
        yield plain
    finally:
        clock.cancel()
        again.close()
        plain.close()


def _secured(plain: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)


def _end(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the answer came first


def _refused(what: Text) -> InputError:
    return InputError(what, remedy=say("例如 https://example.com/plumbline"), field="url")


def _private(host: str) -> InputError:
    return InputError(
        say("{host} 是本机或内网的地址，不能推送到那里", host=host),
        remedy=say("用公网地址；确要推送到内网，请管理员在设置里允许"),
        field="url",
    )
