"""The fixture `certified`: the small world with one valid certificate in the log, copied for each test."""

from __future__ import annotations

import pytest

from tests.domain.certificates.issuing import Certified, issued
from tests.world import grown


@pytest.fixture
def certified(request: pytest.FixtureRequest, transactional_db: None) -> Certified:
    """Give a test the world with a certificate of its first nozzle."""
    return grown(
        request, "certified", lambda world: Certified(world.organisations, world.standard_id, document=issued(world))
    )
