"""The fixture `certified`: the small world with one valid certificate in the log, copied for each test."""

from __future__ import annotations

import pytest

from tests.domain.certificates.issuing import Certified, issued
from tests.world import World, copied


@pytest.fixture
def certified(request: pytest.FixtureRequest, transactional_db: None) -> Certified:
    """Give a test the world with a certificate of its first nozzle."""

    def build() -> Certified:
        world: World = request.getfixturevalue("world")
        return Certified(world.organisations, world.standard_id, document=issued(world))

    made = copied("certified", build)
    return Certified(made.organisations, made.standard_id, document=made.document)
