"""What a file is, told by its bytes and not by its name or by what the sender says it is."""

from __future__ import annotations

import io
import zipfile

MEDIA = {
    "pdf": "application/pdf",
    "image": "application/octet-stream",
    "table": "application/octet-stream",
    "text": "text/plain; charset=utf-8",
    "package": "application/zip",
}
"""The media type a kind is kept under; what a browser might run is never told to it as such."""
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_LOOKED_AT = 4_096


def kind_of(content: bytes) -> str:
    """Return pdf, image, table, package or text; empty for anything else."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(_IMAGES):
        return "image"
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return "text" if _is_text(content) else ""


def _zipped(content: bytes) -> str:
    """Tell a workbook from another package by the names it holds; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):  # what a damaged or hostile file raises
        return ""
    return "table" if "xl/workbook.xml" in names else "package"


def _is_text(content: bytes) -> bool:
    if b"\0" in content[:_LOOKED_AT]:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
