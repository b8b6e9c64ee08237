"""One clerk who issues certificates and does not give up: the same request again until it is answered.

asked: {"number", "work": [{"job", "case", "request"}], "answers": path, "at": ISO time, "patience_s"}. Every answer is
a line of the file at once; what was refused on the way is counted by its reason.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any  # what is asked is JSON
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.procedures import verification
from plumbline.errors import StateError
from plumbline.faces.commands.demo.acting import Cast

ACCOUNT = "approver"
AGAIN_EVERY = 5
"""Every so many answered requests one is sent once more, as by a double click."""


def main(asked: dict[str, Any]) -> dict[str, int]:
    """Issue all that was asked; returns how often each refusal was met, and "not answered" if some never was."""
    clerk = Clerk(datetime.fromisoformat(asked["at"]), asked["patience_s"], number=asked["number"])
    with Path(asked["answers"]).open("a", encoding="utf-8") as answers:
        for place, item in enumerate(asked["work"]):
            for _ in range(2 if place % AGAIN_EVERY == AGAIN_EVERY - 1 else 1):
                line = {**item, **clerk.insist(item), "clerk": asked["number"]}
                print(json.dumps(line), file=answers, flush=True)
    return dict(clerk.refusals)


class Clerk:
    """One who asks again: with the same request id, after a short pause, on a fresh connection where it broke."""

    def __init__(self, at: datetime, patience_s: float, *, number: int = 0) -> None:
        self.refusals: Counter[str] = Counter()
        self._at, self._patience_s, self._chance = at, patience_s, random.Random(number)
        self._cast = Cast(at.date())

    def insist(self, item: Mapping[str, str]) -> dict[str, object]:
        """Ask until it is answered or patience ends; returns the number, the tries and the seconds."""
        begun, tries = time.monotonic(), 0
        while time.monotonic() - begun < self._patience_s:
            tries += 1
            try:
                number = self._cast.do(ACCOUNT, partial(self._issue, item))
            except (OperationalError, InterfaceError) as err:
                self.refusals[type(err).__name__] += 1
                connection.close()
            except StateError as err:
                self.refusals[err.what.template] += 1
            else:
                return {"number": number, "tries": tries, "seconds": round(time.monotonic() - begun, 3)}
            time.sleep(self._chance.uniform(0.02, 0.2))
        self.refusals["not answered"] += 1
        return {"number": "", "tries": tries, "seconds": round(time.monotonic() - begun, 3)}

    def _issue(self, item: Mapping[str, str], actor: Actor) -> str:
        seen = cases.case(UUID(item["case"])).sequence
        asked = ActRequest("issue", {}, seen=seen, request_id=UUID(item["request"]))
        return verification.issue(actor, UUID(item["job"]), request=asked, at=self._at).number
