"""Sites and instruments of a load test, on a demo alone; whoever loads them writes their acts too."""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.domain.registers.types import InstrumentRow, SiteRow
from plumbline.domain.rows import bulk


def take_in_sites(rows: Iterable[SiteRow]) -> int:
    """Take sites in and return how many. Raises: StateError outside a demo."""
    return bulk.take_in("registers_site", SiteRow, rows=rows)


def take_in_instruments(rows: Iterable[InstrumentRow]) -> int:
    """Take instruments in and return how many. Raises: StateError outside a demo."""
    return bulk.take_in("registers_instrument", InstrumentRow, rows=rows)
