"""What a certificate cannot print is refused where it is typed in, not on the day the certificate is made.

Which fields reach a certificate is known by the rooms that hold them: their actions ask here, their imports too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from plumbline.domain.rows.findings import Sentences
from plumbline.domain.rows.unseen import unseen
from plumbline.errors import InputError, InputErrors, say
from plumbline.evidence.document import press

UNPRINTABLE = Sentences(
    say("证书上印不出这些字符：{other}"),
    say("换一种写法（例如通行字或拼音），看不见的字符删掉；确要用这个字，请管理员把它补进证书字体"),
)
"""What is wrong, and what to do; `other` are the characters as `unprintable` names them."""
_SHOWN_MOST = 10
_printed: set[str] = set()
"""Characters that were found printable; never more than the fonts have."""


def unprintable(text: str) -> str:
    """Return the characters of a text that no certificate can show, each with its code; empty if there are none.

    They are those the certificate fonts lack, and those that show nothing: control characters and marks that hide or
    turn what stands beside them, which a reader of the certificate could not tell from their absence.
    """
    if (text.isascii() and text.isprintable()) or _printed.issuperset(text):
        return ""
    lacking = sorted(press.unprintable(text, Path(settings.PLUMBLINE_FONT_DIR)) | unseen(text))
    _printed.update(set(text) - set(lacking))
    return "、".join(_named(character) for character in lacking[:_SHOWN_MOST])


def require_printable(values: Mapping[str, object]) -> None:
    """Pass if the certificate fonts have every character. values: field to text; what is no text is left alone.

    Raises: InputErrors beside every field that holds others, naming them.
    """
    texts = {field: value for field, value in values.items() if isinstance(value, str)}
    found = {field: lacking for field, text in texts.items() if (lacking := unprintable(text))}
    if found:
        raise InputErrors(
            [
                InputError(say("证书上印不出这些字符：{other}", other=lacking), remedy=UNPRINTABLE.remedy, field=field)
                for field, lacking in found.items()
            ]
        )


def _named(character: str) -> str:
    """Return a character with its code, so that it can be told even where the reader's fonts lack it too."""
    code = f"U+{ord(character):04X}"
    return f"{character}（{code}）" if character.isprintable() else code
