"""Answers what the log folder holds, and adds to it so that a power cut leaves either the old log or the new one.

Order of writing: entries, tiles, fsync, re-reading, and only then (by `publish`) the checkpoint by atomic rename.
A file that a published checkpoint covers is never changed. `append` returns the root by the second, independent route
of the trust design, section 4 rule 3: from the files just re-read and the right edge of the stored tree.
Which entries come, and signing, are left to the sequencer. One writer at a time is the caller's duty.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from plumbline.errors import InputError, ProofError, StateError, say
from plumbline.evidence.log.checkpoint import parse_checkpoint_text, split_note
from plumbline.evidence.log.merkle import Frontier, consistency_path, fold_peaks, inclusion_path, leaf_hash, root_of
from plumbline.evidence.log.tiles import (
    ENTRIES,
    TILE_WIDTH,
    decode_bundle,
    decode_tile,
    encode_bundle,
    is_served,
    tile_path,
)


class TileStore:
    """The files of one log in one folder, as C2SP tlog-tiles serves them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    # ---- writing -------------------------------------------------------------------------------------------------

    def append(self, first_index: int, entries: Sequence[bytes]) -> bytes:
        """Store `entries` as number `first_index` and following; return the root recomputed from the files.

        May be repeated after a crash, with other entries too, as long as no published checkpoint covers them.
        Raises: StateError if entries before `first_index` are missing or a published one would change;
        ProofError if what was read back is not what was written.
        """
        if first_index < self.published_size():
            raise StateError(
                say("条目 {index} 已经在公布的日志里", index=first_index), remedy=say("从公布的大小接着写")
            )
        size = first_index + len(entries)
        self._write_all(self._bundle_files(first_index, entries))
        hashes = [leaf_hash(entry) for entry in entries]
        for level in range(_levels(size)):
            hashes = self._append_level(level, first_index >> (8 * level), hashes=hashes)
        self._read_back(first_index, size)
        return self.root(size)

    def publish(self, note: str) -> None:
        """Make a signed checkpoint the current one. Raises: StateError if it is smaller or its root is not ours."""
        checkpoint = parse_checkpoint_text(split_note(note)[0])
        current = self.checkpoint()
        before = None if current is None else parse_checkpoint_text(split_note(current)[0])
        published = 0 if before is None else before.size
        kept = before is None or self.root(published) == before.root
        if not kept or checkpoint.size < published or self.root(checkpoint.size) != checkpoint.root:
            raise StateError(
                say("检查点与日志文件不一致，拒绝公布"),
                where=say("已公布 {old} 条，检查点 {new} 条", old=published, new=checkpoint.size),
                remedy=say("先从日志文件夹补回缺少的条目"),
            )
        self._write_all({"checkpoint": note.encode("utf-8")})
        self._drop_partials(published, checkpoint.size)

    # ---- reading -------------------------------------------------------------------------------------------------

    def checkpoint(self) -> str | None:
        """Return the published note, or None before the first."""
        data = self.file("checkpoint")
        return None if data is None else data.decode("utf-8")

    def published_size(self) -> int:
        """Return how many entries the published checkpoint covers."""
        note = self.checkpoint()
        return 0 if note is None else parse_checkpoint_text(split_note(note)[0]).size

    def file(self, relative: str) -> bytes | None:
        """Return the bytes of one log file for serving, or None. Names that are no log file are never looked up."""
        if not is_served(relative):
            return None
        try:
            return (self.folder / relative).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def entries(self, start: int, stop: int, *, size: int) -> list[bytes]:
        """Return entries start..stop of the log of `size`."""
        self._check_range(start, stop, size=size)
        found: list[bytes] = []
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            base = number * TILE_WIDTH
            width = min(TILE_WIDTH, size - base)
            bundle = decode_bundle(self._tile(ENTRIES, number, width=width), width)
            found += bundle[max(0, start - base) : stop - base]
        return found

    def entry(self, index: int, size: int) -> bytes:
        """Return one entry of the log of `size`."""
        return self.entries(index, index + 1, size=size)[0]

    def leaf_hash(self, index: int, size: int) -> bytes:
        """Return the stored hash of one entry."""
        return self._subtree(index, index + 1, size=size)

    def root(self, size: int) -> bytes:
        """Return the root from the right edge of the stored tree."""
        return self.frontier(size).root()

    def frontier(self, size: int) -> Frontier:
        """Return the frontier of the stored tree, read from its right-edge tiles alone."""
        peaks: list[bytes] = []
        for level in reversed(range(_levels(size))):
            width = (size >> (8 * level)) % TILE_WIDTH
            if width:
                peaks += Frontier.of(self._hashes(level, (size >> (8 * level)) // TILE_WIDTH, width=width)).peaks
        return Frontier(size, peaks)

    def recompute_root(self, size: int) -> bytes:
        """Return the root recomputed from every stored entry, for the nightly audit."""
        frontier = Frontier()
        for start in range(0, size, TILE_WIDTH):
            frontier.extend(map(leaf_hash, self.entries(start, min(start + TILE_WIDTH, size), size=size)))
        return frontier.root()

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Return the audit path of entry `index` in the log of `size`."""
        return [self._subtree(start, stop, size=size) for start, stop in inclusion_path(index, size)]

    def consistency_proof(self, old_size: int, new_size: int) -> list[bytes]:
        """Return the proof that the log of `old_size` is the beginning of the one of `new_size`."""
        return [self._subtree(start, stop, size=new_size) for start, stop in consistency_path(old_size, new_size)]

    # ---- parts ---------------------------------------------------------------------------------------------------

    def _bundle_files(self, first_index: int, entries: Sequence[bytes]) -> dict[str, bytes]:
        number, width = divmod(first_index, TILE_WIDTH)
        waiting = decode_bundle(self._tile(ENTRIES, number, width=width), width) if width else []
        waiting += entries
        parts = [waiting[i : i + TILE_WIDTH] for i in range(0, len(waiting), TILE_WIDTH)]
        return {tile_path(ENTRIES, number + i, width=len(part)): encode_bundle(part) for i, part in enumerate(parts)}

    def _append_level(self, level: int, first: int, *, hashes: list[bytes]) -> list[bytes]:
        """Write the tiles of one level; return the roots of the tiles that became full."""
        number, width = divmod(first, TILE_WIDTH)
        waiting = (self._hashes(level, number, width=width) if width else []) + hashes
        parts = [waiting[i : i + TILE_WIDTH] for i in range(0, len(waiting), TILE_WIDTH)]
        self._write_all({tile_path(level, number + i, width=len(part)): b"".join(part) for i, part in enumerate(parts)})
        return [root_of(part) for part in parts if len(part) == TILE_WIDTH]

    def _read_back(self, first_index: int, size: int) -> None:
        """Compare every file just written, as it now lies on disk, with the level below it."""
        for level in range(_levels(size)):
            count, first = size >> (8 * level), first_index >> (8 * level)
            for number in range(first // TILE_WIDTH, -(-count // TILE_WIDTH)):
                width = min(TILE_WIDTH, count - number * TILE_WIDTH)
                begin = max(0, first - number * TILE_WIDTH) if level else 0
                if self._hashes(level, number, width=width)[begin:] != self._from_below(
                    level, number, begin=begin, width=width
                ):
                    raise ProofError(
                        say("写入的日志文件读回后不一致，拒绝签署"),
                        where=say("{file}", file=tile_path(level, number, width=width)),
                        remedy=say("检查存储设备"),
                    )

    def _from_below(self, level: int, number: int, *, begin: int, width: int) -> list[bytes]:
        """Return hashes begin..width of a tile, recomputed from the entries or from the full tiles below it."""
        if level == 0:
            return [
                leaf_hash(entry) for entry in decode_bundle(self._tile(ENTRIES, number, width=width), width)[begin:]
            ]
        base = number * TILE_WIDTH
        return [root_of(self._hashes(level - 1, base + i, width=TILE_WIDTH)) for i in range(begin, width)]

    def _subtree(self, start: int, stop: int, *, size: int) -> bytes:
        """Return the root of entries start..stop, where start is a multiple of the next power of two."""
        self._check_range(start, stop, size=size)
        level = max(0, ((stop - start - 1).bit_length() - 1) // 8) if stop - start > 1 else 0
        unit = 1 << (8 * level)
        peaks: list[bytes] = []
        whole = (stop - start) // unit
        position = start // unit
        while whole:
            number, offset = divmod(position, TILE_WIDTH)
            width = min(TILE_WIDTH, (size >> (8 * level)) - number * TILE_WIDTH)
            taken = min(whole, width - offset)
            peaks += Frontier.of(self._hashes(level, number, width=width)[offset : offset + taken]).peaks
            whole, position = whole - taken, position + taken
        rest = start + (stop - start) // unit * unit
        if rest < stop:
            peaks.append(self._subtree(rest, stop, size=size))
        return fold_peaks(peaks)

    def _hashes(self, level: int, number: int, *, width: int) -> list[bytes]:
        return decode_tile(self._tile(level, number, width=width), width)

    def _tile(self, level: int | str, number: int, *, width: int) -> bytes:
        """Return the bytes of a tile of this width, cut from a full one when the partial one is gone."""
        data = self.file(tile_path(level, number, width=width))
        if data is not None:
            return data
        full = self.file(tile_path(level, number))
        if full is None:
            raise StateError(
                say("日志文件夹里缺少 {file}", file=tile_path(level, number, width=width)),
                remedy=say("从备份恢复日志文件夹后再继续"),
            )
        if level == ENTRIES:
            return encode_bundle(decode_bundle(full, TILE_WIDTH)[:width])
        return b"".join(decode_tile(full, TILE_WIDTH)[:width])

    def _check_range(self, start: int, stop: int, *, size: int) -> None:
        if not 0 <= start < stop <= size:
            raise InputError(say("日志里没有第 {start} 到 {stop} 条", start=start, stop=stop))

    def _write_all(self, files: dict[str, bytes]) -> None:
        """Write each file beside its place, fsync, rename, and fsync the folders. Identical files are left alone."""
        folders: set[Path] = set()
        for relative, data in files.items():
            path = self.folder / relative
            if self.file(relative) == data:
                continue
            folders |= _make_folders(path.parent, self.folder)
            temporary = path.with_name(f".{path.name}.new")
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        for folder in sorted(folders):
            _sync_folder(folder)

    def _drop_partials(self, old_size: int, new_size: int) -> None:
        """Delete partial tiles whose full tile the published checkpoint now covers (allowed by tlog-tiles)."""
        for level in [ENTRIES, *range(_levels(new_size))]:
            unit = 8 * level if isinstance(level, int) else 0
            for number in range((old_size >> unit) // TILE_WIDTH, (new_size >> unit) // TILE_WIDTH):
                partials = (self.folder / tile_path(level, number, width=1)).parent
                for path in sorted(partials.glob("*")):
                    path.unlink(missing_ok=True)
                if partials.is_dir():
                    partials.rmdir()


def _levels(size: int) -> int:
    """Return how many tile levels a tree of `size` has."""
    return max(1, -(-size.bit_length() // 8)) if size else 0


def _make_folders(folder: Path, top: Path) -> set[Path]:
    """Create the folder; return it and each parent up to `top`, all of which need an fsync."""
    folder.mkdir(parents=True, exist_ok=True)
    chain = {folder}
    while folder != top:
        folder = folder.parent
        chain.add(folder)
    return chain


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
