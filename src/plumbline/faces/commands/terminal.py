"""How a sentence is shown in a terminal: in the reader's language, on the right stream. Needs no Django.

`PLUMBLINE_LANG` (zh or en) decides, else the locale of the shell; English comes from the compiled catalogue.
"""

from __future__ import annotations

import gettext
import os
import sys
from functools import cache
from pathlib import Path

from plumbline.errors import InputError, PlumblineError, Term, Text

LOCALE = Path(__file__).resolve().parents[2] / "locale"
EXIT_INPUT, EXIT_REFUSED = 2, 1


def is_chinese() -> bool:
    """Say whether the reader's terminal is set to Chinese."""
    names = ("PLUMBLINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return chosen.lower().startswith("zh")


@cache
def _english() -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, languages=["en"], fallback=True)


def in_words(text: Text) -> str:
    """Return the sentence in the reader's language with its values filled in."""
    template = text.template if is_chinese() else _english().gettext(text.template)
    return template.format(**{name: _shown(value) for name, value in text.params.items()}) if text.params else template


def _shown(value: object) -> object:
    if isinstance(value, Text):
        return in_words(value)
    if isinstance(value, Term):
        return value.zh if is_chinese() else value.en
    return value


def tell(text: Text) -> None:
    """Print a sentence for the person who gave the command, at once."""
    print(in_words(text), flush=True)


def warn(text: Text) -> None:
    """Print a sentence on the error stream."""
    print(in_words(text), file=sys.stderr, flush=True)


def tell_error(error: PlumblineError) -> int:
    """Print what is wrong, where and what to do; return the exit code (2: the input can be mended, 1: refused)."""
    for each in error.faults:
        for part in (each.what, each.where, each.remedy):
            if part is not None:
                warn(part)
        if each.clause is not None:
            print(each.clause, file=sys.stderr)
    return EXIT_INPUT if isinstance(error, InputError) else EXIT_REFUSED
