"""Pure decisions: is a proof fresh and strong enough for an act, are codes locked, what is a device called."""

from __future__ import annotations

from datetime import datetime, timedelta

from plumbline.domain.accounts.types import DEMO, PROGRAM, Assurance
from plumbline.domain.credentials.types import CODE, PASSKEY, PASSWORD

TRUSTED = frozenset({PROGRAM.by, DEMO.by})
"""Whoever holds the machine, and the told story, show nothing to a page."""
STRONG = frozenset({PASSKEY, CODE})
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Chromium", "Chromium"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def ways_of(*, has_second: bool, is_demo: bool) -> frozenset[str]:
    """Return the ways that confirm an act: a passkey or a code; the password of who has neither, and of the demo, whose
    passwords everybody is told.
    """
    if not has_second:
        return STRONG | {PASSWORD}
    return STRONG | {PASSWORD} if is_demo else STRONG


def is_fresh(assurance: Assurance, *, ways: frozenset[str], at: datetime, within: timedelta) -> bool:
    """Tell whether it was shown lately enough, in one of these ways, who acts."""
    if assurance.by in TRUSTED:
        return True
    return assurance.by in ways and assurance.at is not None and at - assurance.at <= within


def locked_until(count: int, last_at: datetime, *, tries: int, lock: timedelta, at: datetime) -> datetime | None:
    """Return until when codes are not even looked at; None if they are."""
    until = last_at + lock
    return until if count >= tries and at < until else None


def device_name(words: str) -> str:
    """Return browser and system of what a browser says of itself, as `Chrome · Windows`; without what is unknown."""
    browser = next((name for mark, name in BROWSERS if mark in words), "")
    system = next((name for mark, name in SYSTEMS if mark in words), "")
    return " · ".join(part for part in (browser, system) if part)


def plain_code(typed: str) -> str:
    """Return a code as it is compared: small letters and digits only, however it was typed."""
    return "".join(each for each in typed.lower() if each.isascii() and each.isalnum())
