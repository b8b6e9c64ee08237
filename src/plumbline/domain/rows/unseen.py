"""Characters that show nothing, or turn the direction of what stands beside them: nobody can see that they are there.

Control characters other than those that lay a text out, marks of direction (U+200E, U+200F, U+202A to U+202E, U+2066 to
U+2069), joiners and what no standard has given a meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import category

from plumbline.errors import InputError, InputErrors, say

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_LAID_OUT = frozenset("\n\r\t")
_SHOWN_MOST = 10


def unseen(text: str) -> set[str]:
    """Return the characters of a text that nobody sees."""
    if text.isprintable():  # every character that nobody sees is none that Python prints
        return set()
    return {character for character in text if category(character) in _UNSEEN} - _LAID_OUT


def unseen_fault(field: str, text: str) -> InputError | None:
    """Return the fault of a field that holds unseen characters, naming their codes; None for one without."""
    found = sorted(unseen(text))
    if not found:
        return None
    codes = "、".join(f"U+{ord(character):04X}" for character in found[:_SHOWN_MOST])
    return InputError(
        say("有看不见的字符，或改变文字方向的字符：{codes}", codes=codes),
        remedy=say("删掉这些字符；从别处复制来的，先贴成纯文本再复制"),
        field=field,
    )


def require_seen(values: Mapping[str, str]) -> None:
    """Pass if every character can be seen. values: field to text. Raises: InputErrors beside the fields at fault."""
    faults = [fault for field, text in values.items() if (fault := unseen_fault(field, text)) is not None]
    if faults:
        raise InputErrors(faults)
