"""What holds for the structure tests alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_is_collected() -> Iterator[None]:
    """Keep the collector of cycles from walking through some million nodes of syntax, none of them garbage."""
    gc.disable()
    yield
    gc.enable()
