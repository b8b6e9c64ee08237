"""The fixture `own_log`: an empty log in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from plumbline.domain.ledger import queries
from plumbline.evidence.log.store import TileStore


@pytest.fixture
def own_log(transactional_db: None, settings: Settings, tmp_path: Path) -> TileStore:
    """Give an empty log; returns its tiles."""
    settings.PLUMBLINE_DATA = str(tmp_path)
    return queries.store()
