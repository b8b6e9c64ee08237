"""How often somebody may ask: a generous allowance that fills again evenly, of an address or of a token.

Each process of the web server counts for itself and forgets when it ends: with `n` workers somebody may reach `n` times
the setting. An exact count would cost a write to the database for every question, and would guard nothing more: codes
and tokens are too random to be guessed, so the allowance is there against load.

An IPv6 address stands for its /64, which is what one subscriber is given.
"""

from __future__ import annotations

import threading
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from django.conf import settings
from django.http import HttpRequest

from plumbline.faces.kit.client_address import client_address

MINUTE_S = 60.0
KEPT_MOST = 100_000


class Allowance:
    """What is left to each address. Full ones are forgotten when there are too many; in need, all are."""

    def __init__(self, kept_most: int = KEPT_MOST) -> None:
        self._left: dict[str, tuple[float, float]] = {}
        self._kept_most = kept_most
        self._lock = threading.Lock()

    def take(self, address: str, *, a_minute: int, now_s: float) -> int:
        """Take one look-up from an address: return 0, or after how many seconds there is one again."""
        a_second = a_minute / MINUTE_S
        with self._lock:
            left, since = self._left.get(address, (float(a_minute), now_s))
            left = min(float(a_minute), left + (now_s - since) * a_second)
            if left < 1:
                return max(1, ceil(round((1 - left) / a_second, 6)))
            self._make_room(now_s)
            self._left[address] = (left - 1, now_s)
            return 0

    def _make_room(self, now_s: float) -> None:
        if len(self._left) < self._kept_most:
            return
        self._left = {address: each for address, each in self._left.items() if now_s - each[1] < MINUTE_S}
        if len(self._left) >= self._kept_most:
            self._left = {}


_lookups = Allowance()


def wait_for_lookup(request: HttpRequest) -> int:
    """Count one look-up of whoever asks; return after how many seconds to come again, 0 while there is enough."""
    a_minute = int(settings.PLUMBLINE_LOOKUPS_PER_MINUTE)
    return _lookups.take(address_of(request), a_minute=a_minute, now_s=time.monotonic()) if a_minute else 0


def address_of(request: HttpRequest) -> str:
    """Return what is counted: the client's address, of an IPv6 address its /64."""
    text = client_address(request)
    address = ip_address(text) if text else None
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else text
