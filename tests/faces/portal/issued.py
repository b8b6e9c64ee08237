"""What the portal's tests often begin with: an issued document that is in the log."""

from __future__ import annotations

from plumbline.domain.certificates.types import CertificateFacts
from tests.world import World, sequence


def issued(world: World, error_percent: float = 0.1) -> CertificateFacts:
    """Issue the document of one nozzle with about this error, and let the log take it."""
    document = world.issue(world.approved(errors=(error_percent,)))
    sequence()
    return document
