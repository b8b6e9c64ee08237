"""What a label printer is sent: ZPL II, the whole label as one graphic, so that no printer needs a Chinese font.

Source: ZPL II Programming Guide, command ^GF: ASCII hexadecimal, bytes in all, bytes of the graphic, bytes a row.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from PIL import Image

DARK_BELOW = 128
"""Grey below this is a burnt dot."""


def zpl(pictures: Iterable[bytes]) -> bytes:
    """Return the print job of labels given as PNG, one label each, in the dots of the printer."""
    return "".join(_label(picture) for picture in pictures).encode("ascii")


def _label(picture: bytes) -> str:
    with Image.open(io.BytesIO(picture)) as opened:
        dark = opened.convert("L").point(lambda grey: 255 if grey < DARK_BELOW else 0).convert("1")
    width, height = dark.size
    row_bytes = (width + 7) // 8
    count = row_bytes * height
    return f"^XA^PW{width}^LL{height}^FO0,0^GFA,{count},{count},{row_bytes},{dark.tobytes().hex().upper()}^FS^XZ\n"
