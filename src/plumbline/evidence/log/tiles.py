"""Answers how a log is cut into files: their names and their bytes.

C2SP tlog-tiles with height 8: 256 hashes a tile, entry bundles with 16-bit big-endian lengths. Reading and writing
the files is left to `store`.  Source: c2sp.org/tlog-tiles.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

from plumbline.errors import InputError, ProofError, say
from plumbline.evidence.log.merkle import HASH_BYTES

TILE_WIDTH = 256
MAX_ENTRY_BYTES = 65_535
ENTRIES = "entries"

_SERVED = re.compile(
    r"checkpoint|tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


def tile_path(level: int | str, number: int, *, width: int = TILE_WIDTH) -> str:
    """Return the path of a tile or, with level "entries", of an entry bundle; `.p/<width>` when it is partial."""
    if number < 0 or not 1 <= width <= TILE_WIDTH:
        raise InputError(say("没有这样的瓦片：第 {number} 片，宽 {width}", number=number, width=width))
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
    suffix = "" if width == TILE_WIDTH else f".p/{width}"
    return f"tile/{level}/{name}{suffix}"


def is_served(relative: str) -> bool:
    """Return whether `relative` is the name of a log file at all; nothing else may be read from the folder."""
    return _SERVED.fullmatch(relative) is not None


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle. Raises: InputError for an entry of more than 65,535 bytes."""
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise InputError(say("日志条目超过 {limit} 字节", limit=MAX_ENTRY_BYTES))
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the `width` entries of a bundle. Raises: ProofError if the bytes do not hold exactly so many."""
    entries: list[bytes] = []
    position = 0
    while position + 2 <= len(data) and len(entries) < width:
        (length,) = struct.unpack_from(">H", data, position)
        entries.append(data[position + 2 : position + 2 + length])
        position += 2 + length
    if position != len(data) or len(entries) != width:
        raise ProofError(say("日志条目文件已损坏"), remedy=say("从备份恢复日志文件夹后重新核对"))
    return entries


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """Return the `width` hashes of a tile. Raises: ProofError for another length."""
    if len(data) != width * HASH_BYTES:
        raise ProofError(say("日志瓦片文件已损坏"), remedy=say("从备份恢复日志文件夹后重新核对"))
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]
