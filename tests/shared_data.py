"""Finds the reference data beside the checkout; a test that needs it says "not run" aloud where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def shared_path(relative: str) -> Path:
    """Return the path of a reference file, or skip the calling test with the reason "not run"."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"not run: reference data {relative} is not here")
    return path
