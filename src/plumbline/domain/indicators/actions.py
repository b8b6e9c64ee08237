"""Writes of the indicators: count what changed, count all of it. Nothing here is a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from plumbline.domain.indicators import cells


def refresh(*, at: datetime, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Count what has changed since the last time, in turns of their own; returns how many parts."""
    total = 0
    while not should_stop() and (done := cells.count_stale(at=at)):
        total += done
    return total


def recount(*, at: datetime) -> dict[str, int]:
    """Count everything anew; returns how many cells of each figure were not as kept: 0, or a mark was missed."""
    return cells.count_everything(at=at)
