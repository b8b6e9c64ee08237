"""Values of an import that runs as long work: what its errand is asked, keeps and answers, as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plumbline.domain.rows.findings import ALL_OR_NOTHING, GOOD_ROWS
from plumbline.gateways.tables.values import Caps

CAPS = Caps(file_bytes=50_000_000, rows=200_000)
TAKES: Mapping[str, str] = {"all": ALL_OR_NOTHING, "good": GOOD_ROWS}
"""What a person may decide, and the mode it means."""


@dataclass(frozen=True)
class BroughtFile:
    """A file that was brought: its SHA-256, by which it is laid aside, what it was called, its size."""

    sha256: str
    name: str
    size: int
