"""Files given to other systems and taken back. To add a partner: one module with a `PARTNER`, and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plumbline.gateways.partners import national_instruments
from plumbline.gateways.partners.model import Partner

PARTNERS: Mapping[str, Partner] = MappingProxyType(
    {each.id: each for each in (national_instruments.PARTNER,)}  # one line a partner
)
