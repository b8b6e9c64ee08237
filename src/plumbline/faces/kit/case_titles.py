"""Titles of cases in the reader's language: a case is called by its site, whose English name the register knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.registers import queries as registers
from plumbline.faces.kit import formats


def titled(found: Sequence[CaseFacts]) -> list[CaseFacts]:
    """Return the cases with the titles of the reader: on a Chinese page as they are, else one query for all sites."""
    if not formats.is_english():
        return list(found)
    sites = registers.sites_by_id({site for each in found if (site := _site_of(each)) is not None})
    names = {site_id: site.name_en for site_id, site in sites.items() if site.name_en}
    return [replace(each, title=names.get(_site_of(each) or each.id, each.title)) for each in found]


def _site_of(found: CaseFacts) -> UUID | None:
    site = None if cases.procedure_of(found).is_general else found.details.get("site")
    return UUID(str(site)) if site else None
