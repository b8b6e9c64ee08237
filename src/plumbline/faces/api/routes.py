"""The one table of addresses that all parts of the API add to: several methods of an address stand together."""

from __future__ import annotations

from ninja import Router

router = Router()
