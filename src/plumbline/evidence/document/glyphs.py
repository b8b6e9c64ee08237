"""Answers which characters a TrueType font can print, from its character map alone (tables `cmap` 4 and 12).

Source: the OpenType specification, chapter "cmap".
"""

from __future__ import annotations

import struct


def covered(font: bytes) -> frozenset[int]:
    """Return the code points that a font file has a glyph for."""
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for i in range(count):
        (offset,) = struct.unpack_from(">4xI", font, start + 4 + 8 * i)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if kind == 4:
            found |= _segments(font, start + offset)
        elif kind == 12:
            found |= _groups(font, start + offset)
    return frozenset(found)


def _table(font: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for i in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * i)
        if tag == name:
            return int(offset)
    raise ValueError("no such table")


def _segments(font: bytes, start: int) -> set[int]:
    """Format 4: segments of code points, each with a delta or a table of glyph numbers; glyph 0 is "missing"."""
    (twice,) = struct.unpack_from(">H", font, start + 6)
    n = twice // 2
    ends = struct.unpack_from(f">{n}H", font, start + 14)
    starts = struct.unpack_from(f">{n}H", font, start + 16 + twice)
    deltas = struct.unpack_from(f">{n}H", font, start + 16 + 2 * twice)
    places = start + 16 + 3 * twice
    offsets = struct.unpack_from(f">{n}H", font, places)
    found: set[int] = set()
    for i in range(n):
        for code in range(starts[i], ends[i] + 1):
            glyph = code
            if offsets[i]:
                (glyph,) = struct.unpack_from(">H", font, places + 2 * i + offsets[i] + 2 * (code - starts[i]))
            if glyph and (glyph + deltas[i]) % 65536 and code != 0xFFFF:
                found.add(code)
    return found


def _groups(font: bytes, start: int) -> set[int]:
    """Format 12: ranges of code points with consecutive glyph numbers."""
    (count,) = struct.unpack_from(">I", font, start + 12)
    found: set[int] = set()
    for i in range(count):
        first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * i)
        found.update(range(first if glyph else first + 1, last + 1))
    return found
