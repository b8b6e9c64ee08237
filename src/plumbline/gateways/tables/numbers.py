"""Reads numbers and yes or no as people write them: 1,234.5, １２３, 12 kW; yes, 是, √, Y, 1.

Pure: imports no dataframe engine, so that a room's rules may ask it.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_SIGNS = str.maketrans({"−": "-", "–": "-", "，": ",", "。": "."})
_YES = frozenset({"yes", "y", "true", "t", "1", "是", "对", "有", "√", "✓", "✔", "☑"})
_NO = frozenset({"no", "n", "false", "f", "0", "否", "不", "不是", "无", "没有", "×", "x", "✗", "✘", "☐"})
MOST_CHARACTERS = 60


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Return the number a text says, with the digits written; None if it says none. `unit` may stand behind it.

    A comma divides thousands and nothing else: "1,5" is refused, since it may be meant as 1.5.
    """
    bare = folded(text).translate(_SIGNS)
    if len(bare) > MOST_CHARACTERS:
        return None
    if unit and bare.casefold().endswith(folded(unit).casefold()) and folded(unit) not in {"1", ""}:
        bare = bare[: -len(folded(unit))]
    bare = "".join(bare.split())
    if not bare.isascii() or not (_GROUPED.fullmatch(bare) or _PLAIN.fullmatch(bare)):
        return None
    return Decimal(bare.replace(",", ""))


def read_yes_no(text: str) -> bool | None:
    """Return what a text says, whatever its case or width; None if it says neither."""
    bare = folded(text).casefold()
    if bare in _YES:
        return True
    return False if bare in _NO else None


def folded(text: str) -> str:
    """Return a text with full-width forms made plain and blanks taken from both ends (NFKC)."""
    return unicodedata.normalize("NFKC", text).strip()
