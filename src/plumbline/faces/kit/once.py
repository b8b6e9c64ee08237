"""What is sent under a key is done once, also where the action itself keeps no key: forms, and requests of programs.

The journal holds an act that says only that it was sent, and what it made; the act on the thing stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct, Subject

SENT = "form.sent"


@dataclass(frozen=True)
class Sent:
    """What was sent. form: what it is; words: all it says, by which it is told from another under the same key."""

    key: UUID
    form: str
    words: object


def made_before(actor: Actor, sent: Sent) -> str | None:
    """Return what it has made when it came before, None if it has not. Raises: as `journal.already_done`."""
    done = journal.already_done(actor, journal.asked(sent.key, SENT, sent.form, sent.words))
    return None if done is None else str(done.data.get("made", ""))


def keep(actor: Actor, sent: Sent, *, made: str = "", at: datetime) -> None:
    """Keep that it is done, and what it made, in the transaction that did it."""
    asked = journal.asked(sent.key, SENT, sent.form, sent.words)
    data = {"form": sent.form, "made": made} if made else {"form": sent.form}
    journal.append(actor, Subject("form", sent.key), act=NewAct(SENT, data, asked=asked), at=at)
