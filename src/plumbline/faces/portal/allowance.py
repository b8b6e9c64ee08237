"""How many look-ups an address may make: a generous allowance that fills again evenly, said to whoever passes it.

The allowance is asked before the code is read, so that known and unknown codes are refused alike. Each process of the
web server counts for itself and forgets when it ends: with `n` workers an address may reach `n` times the setting. An
exact count would cost a write to the database for every look-up, and would guard nothing more: a code has 130 random
bits, so the allowance is there against load, not against guessing.

An IPv6 address stands for its /64, which is what one subscriber is given.
"""

from __future__ import annotations

import threading
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from plumbline.faces.kit.client_address import client_address

MINUTE_S = 60.0
KEPT_MOST = 100_000
TOO_MANY = 429


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


_allowance = Allowance()


def refusal(request: HttpRequest) -> HttpResponse | None:
    """Count one look-up of whoever asks; return the page that says when to come again, None while there is enough."""
    a_minute = int(settings.PLUMBLINE_LOOKUPS_PER_MINUTE)
    wait_s = _allowance.take(address_of(request), a_minute=a_minute, now_s=time.monotonic()) if a_minute else 0
    if not wait_s:
        return None
    other = "zh" if (translation.get_language() or "").startswith("en") else "en"
    context = {"wait_s": wait_s, "a_minute": a_minute, "is_demo": settings.PLUMBLINE_DEMO, "other_language": other}
    response = render(request, "portal/check_busy.html", context, status=TOO_MANY)
    response.headers["Retry-After"] = str(wait_s)
    response.headers["Cache-Control"] = "no-store"
    return response


def address_of(request: HttpRequest) -> str:
    """Return what is counted: the client's address, of an IPv6 address its /64."""
    text = client_address(request)
    address = ip_address(text) if text else None
    return str(IPv6Network((address, 64), strict=False)) if isinstance(address, IPv6Address) else text
