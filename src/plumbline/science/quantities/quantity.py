"""A value with its unit. Leaves conversion of units to later work: today every formula names the unit of its inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plumbline.errors import InputError, say


@dataclass(frozen=True)
class Quantity:
    """A finite value and its unit, as 20.1 L. The unit "" or "%" is a number of dimension one."""

    value: float
    unit: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise InputError(say("数值必须是有限的数"), remedy=say("写一个普通的十进制数"), field="value")
