"""Keys of rows and the abstract base of every row.

Leaves to others: what a row means.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from uuid_utils import compat


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562, 5.7): ordered by the time of its making, also when made off line."""
    return compat.uuid7()


class Row(models.Model):
    """A row with a key of its own, made by whoever creates the row and never shown to people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
