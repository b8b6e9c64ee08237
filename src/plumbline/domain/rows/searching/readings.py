"""With which letters the reading of a Chinese character may begin, after pypinyin's table of single characters (MIT).

Every reading counts, not only the one a phrase asks for: somebody who types initials wants the thing found, and nobody
is shown a reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

LAST_OF_THE_BASIC_PLANE = 0xFFFF


def initials_by_character() -> Mapping[str, str]:
    """Return the distinct first letters of the readings of each character, the usual reading first."""
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415  # two megabytes that only a migration needs

    found = {chr(point): _initials(readings) for point, readings in pinyin_dict.items()
             if point <= LAST_OF_THE_BASIC_PLANE}  # fmt: skip
    return {character: letters for character, letters in found.items() if letters}


def _initials(readings: str) -> str:
    """Return the first letters of readings such as "yóu,yòu", each once: "y"."""
    letters = (normalize("NFD", each)[:1].lower() for each in readings.split(","))
    return "".join(dict.fromkeys(letter for letter in letters if letter.isascii() and letter.isalpha()))
