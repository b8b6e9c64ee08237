"""Which port this copy listens on, without disturbing another program or another copy.

The web server binds with SO_REUSEPORT, so that a second copy on the same port would start without a word and share
the traffic. Therefore: ask the port with SO_REUSEADDR only, and hold an abstract socket named after it as long as we
live; the kernel gives that name back when we end, however we end.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from plumbline.errors import StateError, say

FIRST_PORT, LAST_PORT = 8000, 8099


@dataclass
class HeldPort:
    """A port no other copy on this machine will take while `claim` is open."""

    port: int
    claim: socket.socket

    def release(self) -> None:
        """Let others have it."""
        self.claim.close()


def hold_port(host: str, wanted: int | None) -> HeldPort:
    """Return the wanted port if it is free, else the first free one of 8000 to 8099. Raises StateError if none is."""
    candidates = [*([wanted] if wanted else []), *range(FIRST_PORT, LAST_PORT + 1)]
    for port in candidates:
        held = _try(host, port)
        if held is not None:
            return held
    raise StateError(
        say("端口 {first} 至 {last} 都已被占用", first=FIRST_PORT, last=LAST_PORT),
        remedy=say("停止占用端口的程序，或用 --port 指定另一个端口"),
    )


def _try(host: str, port: int) -> HeldPort | None:
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0plumbline-port-{port}")
    except OSError:
        claim.close()
        return None
    if not is_free(host, port):
        claim.close()
        return None
    return HeldPort(port, claim)


def is_free(host: str, port: int) -> bool:
    """Say whether no program listens on this port of this host."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True
