"""`plumbline check FILE [--trust trust.json]`: prove a downloaded bundle off line. Needs no Django, no database."""

from __future__ import annotations

from plumbline.evidence import offline


def run(arguments: list[str]) -> int:
    """Check the bundle named; return the exit code of the verifier (0 authentic, 1 refused, see `offline`)."""
    return offline.main(arguments)
