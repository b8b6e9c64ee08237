"""What a first visit costs a reader's line: every byte a browser with an empty cache takes in.

The Chinese faces of last resort are left out: a device loads one only where it has none of its own (kit/fonts.css).
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import carry_session
from tests.faces.conftest import SignIn
from tests.faces.portal.issued import issued
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("at_noon", "without_large_fonts")]
CHECK_MOST, CONSOLE_MOST = 60_000, 400_000


def taken_in(page: Page, url: str) -> int:
    """Return the bytes of every answer to a page and all it asks for, heads included."""
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: _add(sizes, event))
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(url, wait_until="networkidle")
    assert sizes
    return round(sum(sizes))


def _add(sizes: list[float], event: dict[str, Any]) -> None:
    sizes.append(event["encodedDataLength"])


def test_a_first_visit_stays_light(world: World, live_server: LiveServer, sign_in: SignIn, page: Page) -> None:
    document = issued(world)
    check = taken_in(page, f"{live_server.url}/c/{document.code}")
    carry_session(page, sign_in("reception"), url=str(live_server.url))
    console = taken_in(page, f"{live_server.url}/work/")
    assert check < CHECK_MOST
    assert console < CONSOLE_MOST
