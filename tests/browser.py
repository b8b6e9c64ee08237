"""Fixtures of the tests that need a real browser: Debian's chromium driven by Playwright, axe-core for the audit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

PASTE = """text => {
  const data = new DataTransfer();
  data.setData('text', text);
  const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""
LARGE = ["*/vendor/fonts/*"]
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the browser's program, or skip with the reason."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("not run: no chromium on this machine (as root: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def launch_arguments() -> list[str]:
    """Return the browser's arguments: its sandbox does not run as root."""
    return ["--no-sandbox"] if os.getuid() == 0 else []


@pytest.fixture(scope="session")
def axe_source() -> str:
    """Return the source of axe-core for `page.evaluate`, which a strict content policy lets through."""
    if not AXE.exists():
        pytest.skip("not run: axe-core is not installed (./plumbline setup --with-tests)")
    return AXE.read_text()


@pytest.fixture(scope="session")
def browser(chromium_path: str, launch_arguments: list[str]) -> Iterator[Browser]:
    """Run one browser for the session.

    Its running event loop gives Django other connections than before: those of earlier tests are closed first.
    """
    connections.close_all()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=launch_arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page in a context of its own: no cookie of another test."""
    context = browser.new_context(locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def without_large_fonts(page: Page) -> None:
    """Leave the Chinese faces of 10 MB out: for tests that read no glyph, as each context would load them anew."""
    page.route("**/vendor/fonts/**", lambda route: route.abort())


def carry_session(page: Page, client: Client, *, url: str) -> None:
    """Give the browser the session of a client that is signed in: two pages less to draw than by the form."""
    name = str(settings.SESSION_COOKIE_NAME)
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def without_large_files(page: Page) -> None:
    """Leave the Chinese faces of 10 MB out by the browser's own list, which keeps its cache as a route does not."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": LARGE})


def paste_text(page: Page, text: str) -> None:
    """Paste a text where the focus is, as from another program."""
    page.evaluate(PASTE, text)
