"""How a float becomes decimal text. Rounding is half to even on the shortest decimal that names the float.

The minus sign is the ASCII one; a face may show U+2212. No number prints as minus zero.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal

from plumbline.errors import InputError, say

MOST_DECIMALS = 15


def print_decimal(value: float, decimals: int) -> str:
    """Return `value` with exactly `decimals` places (0 to 15). Raises InputError when it is not finite."""
    return _text(_rounded(value, decimals))


def print_full(value: float) -> str:
    """Return the shortest plain decimal text that names the same float: 20 for 20.0, no exponent.

    Raises: InputError when it is not finite.
    """
    text = _text(_exact(value))
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_against_limit(value: float, *, limit: float, decimals: int, conforms: bool) -> str:
    """Return `value` with `decimals` places, or as many more as it takes not to contradict the verdict.

    value, limit: in one unit; |value| is what is compared with `limit`. A value just outside a limit of 0.30 prints
    0.301 and not 0.30. Raises: InputError when a number is not finite.
    """
    exact_limit = _exact(limit)
    for places in range(decimals, MOST_DECIMALS + 1):
        rounded = _rounded(value, places)
        if (abs(rounded) <= exact_limit) == conforms:
            return _text(rounded)
    return _text(_rounded(value, decimals))


def print_uncertainty(expanded: float) -> str:
    """Return an expanded uncertainty with two significant digits, rounded up. Source: JCGM 100:2008, 7.2.6.

    A rest below 1e-9 of the last digit is taken for binary noise and not rounded up. Zero prints as 0.
    """
    exact = _exact(expanded)
    if exact == 0:
        return "0"
    places = 1 - exact.adjusted()
    step = Decimal(1).scaleb(-places)
    noise = step.scaleb(-9)
    rounded = (exact - noise).quantize(step, rounding=ROUND_UP)
    if rounded.adjusted() > exact.adjusted():  # 0.0996 is 0.10, not 0.100
        places, rounded = places - 1, rounded.quantize(step.scaleb(1))
    return _text(rounded if places >= 0 else rounded.quantize(Decimal(1)))


def print_probability(probability: float) -> str:
    """Return a probability with two places, cut off and not rounded: what is stated is never more than what holds."""
    return _text(_exact(probability).quantize(Decimal("0.01"), rounding=ROUND_DOWN))


def _rounded(value: float, decimals: int) -> Decimal:
    if not 0 <= decimals <= MOST_DECIMALS:
        raise InputError(say("小数位数必须在 0 到 15 之间，现在是 {decimals}", decimals=decimals), field="decimals")
    return _exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)


def _exact(value: float) -> Decimal:
    if not math.isfinite(value):
        raise InputError(say("数值必须是有限的数"), remedy=say("写一个普通的十进制数"), field="value")
    return Decimal(repr(float(value)))


def _text(value: Decimal) -> str:
    return format(abs(value) if value == 0 else value, "f")
