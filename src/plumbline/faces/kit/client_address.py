"""Whom a request comes from: the address of the connection, or what one's own proxies say of it.

A header is believed only as far as one's own proxies have written it (`PLUMBLINE_PROXIES`): whatever stands before that
in it, anyone can make up.
"""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address, "" where what was told is none."""
    proxies = int(settings.PLUMBLINE_PROXIES)
    passed = [each.strip() for each in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    told = passed[-proxies] if proxies and len(passed) >= proxies and passed[-proxies] else ""
    try:
        return str(ip_address(told or str(request.META.get("REMOTE_ADDR", ""))))
    except ValueError:
        return ""
