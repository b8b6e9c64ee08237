"""How the values of a sentence are kept until somebody reads it, how often a kind is mailed, when a letter is tried.

A term of the rulebook is kept in both its languages, so that each reader has it in theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from plumbline.domain.rows.unseen import unseen
from plumbline.errors import InputError, Term, Text, say
from plumbline.rulebook import notices

Kept = str | dict[str, object]
MOST_CHARACTERS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
                      r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # fmt: skip
LETTER_WAITS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8),
    timedelta(hours=24),
)  # fmt: skip
"""How long after each attempt that failed the next one is made; after the last of them the letter is given up."""
LEASE = timedelta(minutes=10)
"""How long whoever tries a letter has for it: after that somebody else may, as the first one may have died."""
WEBHOOK_WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (30, 2 * 60, 10 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
)
"""The same of a message to another system. A convention of ours: nine attempts in about two days."""


def kept(value: object) -> Kept:
    """Return a value as JSON can hold it: a term in both languages, a sentence within the sentence with its values."""
    if isinstance(value, Term):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Text):
        return {"template": value.template, "params": {name: kept(each) for name, each in value.params.items()}}
    return str(value)


def told(value: object) -> object:
    """Return what `kept` was given, as far as a reader sees it."""
    if not isinstance(value, Mapping):
        return value
    if "template" in value:
        params = value.get("params", {})
        return Text(str(value["template"]), {name: told(each) for name, each in params.items()})
    return Term(str(value["zh"]), str(value["en"]))


def frequency(wishes: Mapping[str, object], kind: str) -> str:
    """Return how often a reader has a kind mailed: as chosen, else as the rulebook has it until they choose."""
    chosen = wishes.get(kind)
    return chosen if isinstance(chosen, str) and chosen in notices.FREQUENCIES else notices.kind(kind).mail


def require_address(text: str) -> str:
    """Return an address as it is written to. Raises: InputError for what is none, or holds more than an address."""
    address = text.strip()
    if len(address) > MOST_CHARACTERS or unseen(address) or _ADDRESS.fullmatch(address) is None:
        raise InputError(
            say("“{text}”不是邮箱地址", text=address[:40]),
            remedy=say("写成 name@example.com 这样，只用拉丁字母、数字和常用符号"),
            field="address",
        )
    return address


def next_attempt(attempts: int, *, waits: Sequence[timedelta], at: datetime) -> datetime | None:
    """Return when a message is tried again after so many attempts; None when it is given up."""
    return at + waits[attempts - 1] if attempts <= len(waits) else None
