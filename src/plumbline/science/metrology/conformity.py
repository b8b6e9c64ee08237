"""Conformity by simple acceptance: the measured value decides, whatever its uncertainty. Named so in JCGM 106:2012.

U and U/MPE are shown beside the decision and never refuse it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from plumbline.errors import InputError, say

Verdict = Literal["pass", "fail", "incomplete"]

# A value that equals the limit in decimals must not fail by binary rounding (about 1e-13 of the limit here);
# observations have at most six decimals, so a true excess is never this small.
BINARY_NOISE = 1e-9


def is_within(value: float, limit: float) -> bool:
    """Tell whether |value| <= limit, both in one unit. Raises InputError when a number is not finite or limit < 0."""
    if not (math.isfinite(value) and math.isfinite(limit) and limit >= 0):
        raise InputError(say("判定需要有限的数值和不小于零的限值"), field="limit")
    return abs(value) <= limit * (1.0 + BINARY_NOISE)


def verdict(decisions: Iterable[bool | None]) -> Verdict:
    """Return "fail" when one item failed, else "incomplete" when one is not decided (or there is none), else "pass"."""
    found = tuple(decisions)
    if False in found:
        return "fail"
    return "pass" if found and None not in found else "incomplete"
