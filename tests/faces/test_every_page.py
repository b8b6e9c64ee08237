"""Every page there is, found by the address table: no finding of axe in either language, nothing wider than 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from django.test import Client
from lxml import html
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import carry_session, without_large_files
from tests.faces.conftest import begin_session
from tests.faces.furnished import REGISTER, Furnished, furnished
from tests.world import COUNTY, uscc

__all__ = ["furnished"]
CLOSED = {
    "apply/check/": "opens once an application is filled in: tests/faces/portal/test_browser.py",
    "cases/<number>/<position>/draft/": "opens between record and document: tests/faces/console/test_case.py",
    "lists/<which>/bulk/": "answers a form: tests/faces/console/test_lists.py",
    "login/second/": "opens after a password: tests/faces/portal/test_two_steps.py",
    "my/notices/confirm/<token>/": "opens with what a letter said: tests/faces/portal/test_notice_settings.py",
    "procedures/<name>/apply/check/": "opens once an application is filled in: tests/faces/portal/test_procedures.py",
    "registers/<register_id>/<number>/correct/<period_id>/": "opens for a period: tests/faces/console/test_entries.py",
    **dict.fromkeys(
        ("apply/draft/", "cases/<number>/<position>/observe/draft/", "lists/<which>/views/", "my/lists/<which>/views/",
         "procedures/<name>/apply/draft/", "partners/<partner_id>/give/",
         "login/back/", "login/with/<key>/", "login/passkey/", "login/passkey/question/", "role/",
         "my/sign-in/passkey/question/"), "takes something and shows no page of its own",
    ),
}  # fmt: skip
FURTHER = (
    *[f"{who} /work/" for who in ("reception", "verifier", "checker", "approver", "county", "auditor", "admin")],
    *[f"{who} /cases/2026-000004/" for who in ("reception", "verifier", "county")],
    *[f"{who} /cases/2026-000003/" for who in ("verifier", "approver")],
    *[f"{who} /cases/2026-000005/" for who in ("official", "examiner", "quality")],
    "checker /figures/", f"county /figures/?region={COUNTY}", "county /figures/reports/2026-11/?since=1",
    "reception /instruments/?sort=maker", "reception /search/?q=jyj", "reception /search/?q=没有这样的东西",
    "owner /", "owner /apply/", "verifier /cases/2026-000003/1/observe/", "approver /cases/2026-000001/1/",
    "bureau /register/scope/?institution=TESTY", "keeper /register/standard/?category=MV-FUEL",
    f"admin /register/invite/?organisation={uscc(2)}", "admin /register/stop-account/?username=approver",
    f"bureau /registers/{REGISTER}/?on=2026-01-01", "owner /nope/", "approver /nope/", "county /figures/?category=NO",
)  # fmt: skip
"""Pages that look different to others than to who opens them first, pages with a question, and refusals."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async (rules) => (await axe.run({runOnly: rules, resultTypes: ["violations"], selectors: false}))
  .violations.flatMap((found) => found.nodes.map((node) => found.id + ": " + node.html.slice(0, 120)))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth)
  .map((each) => "wider than the page: " + each.outerHTML.slice(0, 120)).slice(0, 3)"""


def opened(page: Page, furnished: Furnished, *, url: str, language: str) -> Iterator[str]:
    """Open every page, each as somebody who may, and yield what was opened; what is made of nothing new is left out."""
    shown: set[tuple[str, ...]] = set()
    further = {(who, path) for who, path in (each.split(" ", 1) for each in FURTHER)}
    last, headers = "", {"accept-language": language}
    client = Client(headers=headers)
    for username, path in sorted({(who, path) for path, who in furnished.pages.items()} | further):
        if username != last:
            client = begin_session(Client(headers=headers), username)
            carry_session(page, client, url=url)
        last = username
        made = makes(client.get(path).content)
        if made <= shown:
            continue
        shown |= made
        page.goto(f"{url}{path}")
        yield f"{username or 'nobody'} {path}"


def makes(content: bytes) -> set[tuple[str, ...]]:
    """Return what a page is made of: each kind of element in the kind it stands in."""
    every = html.fromstring(content).iter("*")
    return {(*_kind(each.getparent()), *_kind(each)) for each in every}


def _kind(element: html.HtmlElement | None) -> tuple[str, ...]:
    """Return an element's name with its classes and role, which decide how it looks and what it says it is."""
    return () if element is None else (element.tag, *sorted(element.classes), element.get("role", ""))


@dataclass(frozen=True)
class Looked:
    """How the pages are looked at: in which language and theme, and how wide for axe; 320 px is looked at in each."""

    language: str
    scheme: Literal["light", "dark"]
    width: int


@pytest.mark.browser
@pytest.mark.parametrize("looked", [Looked("zh-CN", "light", 1440), Looked("en", "dark", 320)], ids=["zh", "en"])
def test_every_page_satisfies_axe_and_holds_at_320_px(
    furnished: Furnished, live_server: LiveServer, browser: Browser, axe_source: str, looked: Looked
) -> None:
    context = browser.new_context(locale=looked.language, color_scheme=looked.scheme)
    context.add_init_script(axe_source)
    page = context.new_page()
    without_large_files(page)
    found = []
    for seen in opened(page, furnished, url=live_server.url, language=looked.language):
        page.set_viewport_size({"width": looked.width, "height": 900})
        faults = page.evaluate(AXE, RULES)
        page.set_viewport_size({"width": 320, "height": 900})
        found += [f"{seen}: {each}" for each in faults + page.evaluate(TOO_WIDE)]
    context.close()
    assert not found, "\n".join(found)


def test_every_address_opens_for_somebody_or_is_said_not_to(furnished: Furnished) -> None:
    assert furnished.closed == frozenset(CLOSED)
