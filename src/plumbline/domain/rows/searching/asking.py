"""What somebody typed into the search box: read once, refused with a sentence where nothing can be looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from plumbline.domain.rows.codes import is_lookup_code, read_identity
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import InputError, Text, say

LEAST_CHARACTERS = 2
MOST_CHARACTERS = 120
MOST_TOKENS = 6
FIELD = "q"
_NO_SIGN = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"^.*/c/([0-9A-Za-z-]+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """What is looked for. text: as typed; tokens: its words, each folded; whole: all of them as one.

    wants_sure, wants_near: look for what has just that, for what is near to it; known: what was looked up for it
    already, so that rooms that ask for the same ask once.
    """

    text: str
    tokens: tuple[str, ...]
    wants_sure: bool = True
    wants_near: bool = True
    known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # Any: whatever was looked up

    @property
    def whole(self) -> str:
        """The tokens without what stood between them."""
        return "".join(self.tokens)

    @property
    def identity(self) -> str:
        """The identity of an instrument, where this is one, else nothing."""
        try:
            return read_identity(self.text)
        except InputError:
            return ""

    @property
    def lookup_code(self) -> str:
        """The public code this is, or that the address pasted here opens, else nothing."""
        code = _ADDRESS.sub(r"\1", self.text).replace("-", "").upper()
        return code if is_lookup_code(code) else ""

    @property
    def is_number_like(self) -> bool:
        """Whether this could be a piece of a number: letters and digits of ASCII, at least one digit."""
        return self.whole.isascii() and any(character.isdigit() for character in self.whole)


def folded(text: str) -> str:
    """Return a text as it is compared: compatibility forms made plain, small letters, letters and digits alone.

    The same as `rows_folded` in the database, for the numbers this is used on.
    """
    if text.isascii():
        return _NO_SIGN.sub("", text.lower())[:200]
    return "".join(each for each in normalize("NFKC", text).lower() if each.isalnum())[:200]


def read(text: str) -> Query:
    """Return what is looked for. Raises: InputError, field `q`, for what cannot be."""
    given = text.strip()
    if len(given) > MOST_CHARACTERS:
        raise _refused(say("搜索的文字太长"), say("不超过 {n} 个字符", n=MOST_CHARACTERS))
    require_seen({FIELD: given})
    tokens = tuple(part for each in given.split() if (part := folded(each)))[:MOST_TOKENS]
    if not tokens:
        raise _refused(say("没有可以搜索的字"), say("写上名称、编号里的字或数字；标点不算"))
    if len("".join(tokens)) < LEAST_CHARACTERS:
        raise _refused(say("一个字能找到的太多"), say("再写一个字，例如“水表”"))
    return Query(given, tokens)


def read_or_none(text: str) -> Query | None:
    """Return what is looked for, None where that is too little for a search: a list narrows by the beginning then."""
    try:
        return read(text)
    except InputError:
        return None


def _refused(what: Text, remedy: Text) -> InputError:
    return InputError(what, remedy=remedy, field=FIELD)
