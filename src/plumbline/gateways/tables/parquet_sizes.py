"""How much a Parquet file holds unpacked, asked of its footer and of every page before a byte is unpacked.

A page is unpacked into as many bytes as its own header says, and fails if it holds others: so the headers of the pages
bound what reading costs, whatever the footer declares.
Source: Apache Parquet format, parquet.thrift (FileMetaData, RowGroup, ColumnMetaData, PageHeader); Apache Thrift,
compact protocol.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Union

Value = Union[int, bytes, float, list["Value"], dict[int, "Value"]]  # noqa: UP007  # names itself
FOOTER_BYTES = 8_000_000
DEEPEST = 12
PAGES_MOST = 200_000
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)


class NotParquet(ValueError):  # noqa: N818  # said by whoever opens the file
    """What is there is not what the format says."""


@dataclass
class _Reader:
    """Reads the compact protocol from bytes, at a place that moves on."""

    data: bytes | mmap.mmap
    place: int
    end: int

    def struct(self, depth: int = 0) -> dict[int, Value]:
        """Return a struct by the numbers of its fields."""
        if depth > DEEPEST:
            raise NotParquet("too deep")
        found: dict[int, Value] = {}
        number = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            number = number + step if step else self._zigzag()
            found[number] = kind == _TRUE if kind in {_TRUE, _FALSE} else self._value(kind, depth + 1)
        return found

    def _value(self, kind: int, depth: int) -> Value:
        if kind in {_I16, _I32, _I64}:
            return self._zigzag()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind in {_LIST, _SET}:
            return self._list(depth)
        if kind == _STRUCT:
            return self.struct(depth)
        if kind in {_BYTE, _TRUE, _FALSE}:
            return self._byte()
        if kind == _DOUBLE:
            return self._take(8)
        raise NotParquet(f"type {kind}")

    def _list(self, depth: int) -> list[Value]:
        head = self._byte()
        kind, count = head & 15, head >> 4
        count = self._varint() if count == 15 else count
        if count > self.end - self.place:  # every member takes a byte at least
            raise NotParquet("a list longer than the file")
        return [self._value(kind, depth) for _member in range(count)]

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise NotParquet("a number too long")

    def _byte(self) -> int:
        if self.place >= self.end:
            raise NotParquet("cut off")
        self.place += 1
        return self.data[self.place - 1]

    def _take(self, count: int) -> bytes:
        if not 0 <= count <= self.end - self.place:
            raise NotParquet("cut off")
        self.place += count
        return bytes(self.data[self.place - count : self.place])


def unpacked_bytes(path: Path, most: int) -> int:
    """Return how many bytes the pages of a file unpack to; more than `most` is as far as it counts.

    Raises: NotParquet for a file that is not what its format says, or whose footer or number of pages is beyond reason.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        size = len(data)
        if size < 12 or data[-4:] != b"PAR1":
            raise NotParquet("no footer")
        length = int.from_bytes(data[-8:-4], "little")
        if not 0 < length <= min(FOOTER_BYTES, size - 12):
            raise NotParquet("footer")
        footer = _Reader(data, size - 8 - length, size - 8).struct()
        total = pages = 0
        for column in _columns(footer):
            for unpacked in _pages(data, column, end=size - 8 - length):
                total, pages = total + unpacked, pages + 1
                if total > most:
                    return total
                if pages > PAGES_MOST:
                    raise NotParquet("too many pages")
        return total


def _columns(footer: Mapping[int, Value]) -> list[dict[int, Value]]:
    found = []
    for group in _structs(footer.get(4)):
        for chunk in _structs(group.get(1)):
            meta = chunk.get(3)
            if not isinstance(meta, dict) or 1 in chunk:  # no meta data, or the column lies in another file
                raise NotParquet("column")
            found.append(meta)
    return found


def _pages(data: mmap.mmap, column: Mapping[int, Value], *, end: int) -> list[int]:
    """Return what each page of a column chunk unpacks to, by its header."""
    first = min(place for place in (_number(column, 9), _number(column, 11, missing=end)) if place > 0)
    last = first + _number(column, 7)
    if not 4 <= first <= last <= end:
        raise NotParquet("column outside the file")
    found, place = [], first
    while place < last:
        reader = _Reader(data, place, last)
        header = reader.struct()
        unpacked, packed = _number(header, 2), _number(header, 3)
        if unpacked < 0 or not 0 <= packed <= last - reader.place:
            raise NotParquet("page")
        found.append(unpacked)
        place = reader.place + packed
    return found


def _structs(value: Value | None) -> list[dict[int, Value]]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, dict)]


def _number(fields: Mapping[int, Value], number: int, *, missing: int | None = None) -> int:
    value = fields.get(number, missing)
    if not isinstance(value, int):
        raise NotParquet(f"field {number}")
    return value
