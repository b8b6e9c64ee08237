"""Errors of accounts that a face shows in a way of its own."""

from __future__ import annotations

from plumbline.errors import AccessError


class NotKnownError(AccessError):
    """Nobody is known to ask: no token, one that is none, or one that has ended. Shown as 401 to programs."""
