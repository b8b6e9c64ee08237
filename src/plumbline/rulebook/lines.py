"""Finds the line of a key in the text of a rule file, so that a fault can be found by whoever wrote it.

The TOML reader of Python tells no lines. This reads only what rule files look like: headers, keys at the beginning of a
line, and arrays with one table a line; for anything deeper it gives the line that holds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*")(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=\s*(.*)""")
_PART = re.compile(r'"([^"]*)"|([A-Za-z0-9_-]+)')


def line_of(text: str, path: str) -> int | None:
    """Return the line of a key such as acts.return.form[0].zh, else that of the nearest part that holds it; from 1."""
    known = _lines(text)
    while path:
        inside = (f"{path}.", f"{path}[")
        line = known.get(path) or next((at for key, at in known.items() if key.startswith(inside)), None)
        if line is not None:
            return line
        path = path[: max(path.rfind("."), path.rfind("["))] if re.search(r"[.\[]", path) else ""
    return None


def _lines(text: str) -> Mapping[str, int]:
    """Return the line of every header, key and one-line table of an array, by its whole path."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    prefix, array = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.fullmatch(line):
            prefix, array = _plain(header[2]), ""
            if header[1] == "[[":
                counts[prefix] += 1
                prefix = f"{prefix}[{counts[prefix] - 1}]"
            found.setdefault(prefix, number)
        elif array and line.lstrip().startswith("{"):
            found.setdefault(f"{array}[{counts[array]}]", number)
            counts[array] += 1
        elif key := _KEY.fullmatch(line):
            whole = f"{prefix}.{_plain(key[1])}" if prefix else _plain(key[1])
            found.setdefault(whole, number)
            array = whole if key[2].rstrip() == "[" else ""
    return found


def _plain(name: str) -> str:
    return ".".join(quoted or bare for quoted, bare in _PART.findall(name))
