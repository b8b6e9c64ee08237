"""What the journeys need: an installation nobody has entered anything in yet, and a visitor who only clicks."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from time import monotonic, sleep
from typing import cast

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.faces.commands.log import follow_up
from tests.journeys.forms import Form, Forms
from tests.world import PARTS, PATIENCE_S


@pytest.fixture
def installation(transactional_db: None) -> None:  # the journey commits
    """Give an empty database at the schema of today and a data folder without keys, log and files."""
    assert not settings.PLUMBLINE_DEMO
    for part in PARTS:
        shutil.rmtree(Path(settings.PLUMBLINE_DATA) / part, ignore_errors=True)


class Visitor:
    """Somebody at a browser: opens pages, fills in the forms they are shown, follows where they lead."""

    def __init__(self) -> None:
        self.client = Client()

    def sign_in(self, username: str, password: str) -> Visitor:
        """Sign in at the front door."""
        answer = self.client.post("/login/", {"username": username, "password": password})
        assert answer.status_code == 302, text_of(answer.content)
        return self

    def take_own_password(self, first: str, own: str) -> Visitor:
        """Put a password of one's own in place of the first one, which is asked before anything else."""
        assert self.client.get("/").headers["Location"] == "/password/"
        self.send("/password/", old=first, password=own, again=own)
        return self

    def page(self, address: str) -> str:
        """Return a page."""
        answer = self.client.get(address, follow=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code} {text_of(answer.content)}"
        return answer.content.decode()

    def forms(self, address: str) -> list[Form]:
        """Return the forms of a page that act."""
        return [form for form in Forms(self.page(address)).forms if form.method == "post"]

    def _post(self, address: str, typed: dict[str, object]) -> HttpResponse:
        """Type into the form of a page (the one of the act, where it has several) and send it."""
        act = [str(typed["act"])] if "act" in typed else None
        form = next(form for form in self.forms(address) if form.values.get("act") == act)
        return cast("HttpResponse", self.client.post(address, {**form.values, **typed}))

    def send(self, address: str, **typed: object) -> str:
        """Fill in the form of a page and send it; return where that leads."""
        answer = self._post(address, typed)
        assert answer.status_code in {302, 303}, f"{address}: {answer.status_code} {text_of(answer.content)}"
        return str(answer["Location"])

    def told_once(self, address: str, **typed: object) -> str:
        """Send a form that answers with a secret; return the secret."""
        answer = self._post(address, typed)
        found = re.search(r'id="secret">([^<]+)<', answer.content.decode())
        assert found is not None, text_of(answer.content)
        return found[1]

    def choice(self, address: str, words: str) -> str:
        """Return the value of the choice a page offers under some words."""
        offered = [choice for form in self.forms(address) for choice in form.choices]
        found = [value for value, label in offered if words in label]
        assert found, f"{address} offers no {words}: {offered}"
        return found[0]


def text_of(content: bytes) -> str:
    """Return the words of a page without its markup, for the message of a failed step."""
    page = re.sub(r"<(style|script|svg).*?</\1>", "", content.decode(errors="replace"), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())[:1500]


def let_the_log_catch_up() -> None:
    """Do what the sequencer of a running server does within a second.

    A request still being answered may hold the queue back for a moment.
    """
    until = monotonic() + PATIENCE_S
    for _ in range(2):
        ledger.sequence(at=timezone.now())
        while log.log_state().waiting and monotonic() < until:
            sleep(0.02)
            ledger.sequence(at=timezone.now())
        follow_up()
