"""The uncertainty budget of one result: contributions, combined and expanded uncertainty. Source: JCGM 100:2008.

Uncorrelated inputs, first order. Leaves Monte Carlo and correlation to later work.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from plumbline.errors import InputError, say

MANY = 200
DIVISORS = {"normal": None, "rectangular": math.sqrt(3.0), "triangular": math.sqrt(6.0)}


@dataclass(frozen=True)
class Contribution:
    """One input quantity of the budget.

    value, u: estimate and standard uncertainty in `unit`, u >= 0.  sensitivity: df/dx in unit of the result per `unit`.
    dof: degrees of freedom, None for infinitely many.  status, sources: of the number u rests on.
    """

    code: str
    symbol: str
    zh: str
    en: str
    value: float
    unit: str
    u: float
    distribution: str
    sensitivity: float
    dof: int | None
    status: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.value, self.u, self.sensitivity)):
            raise InputError(say("不确定度分量 {symbol} 不是有限的数", symbol=self.symbol), field=self.code)
        if self.u < 0:
            raise InputError(say("不确定度分量 {symbol} 不能为负", symbol=self.symbol), field=self.code)

    @property
    def u_of_result(self) -> float:
        """Return |c| u, the contribution to u_c in the unit of the result."""
        return abs(self.sensitivity) * self.u


@dataclass(frozen=True)
class Budget:
    """The contributions to one result whose unit is `unit`."""

    contributions: tuple[Contribution, ...]
    unit: str

    @property
    def u_c(self) -> float:
        """Return the combined standard uncertainty. Source: JCGM 100:2008, 5.1.2, eq. (10)."""
        return math.hypot(*(contribution.u_of_result for contribution in self.contributions))

    def expanded(self, k: float) -> float:
        """Return U = k u_c. Source: JCGM 100:2008, 6.2.1, eq. (18). Raises InputError unless k is finite and > 0."""
        if not (math.isfinite(k) and k > 0):
            raise InputError(say("包含因子 k 必须大于零"), field="k")
        return k * self.u_c

    @property
    def effective_dof(self) -> float | None:
        """Return the effective degrees of freedom, None for infinitely many. Source: JCGM 100:2008, G.4.1.

        The Welch-Satterthwaite formula for uncorrelated inputs.
        """
        finite = [row for row in self.contributions if row.dof is not None and row.u_of_result > 0]
        return self.u_c**4 / math.fsum(row.u_of_result**4 / (row.dof or 0) for row in finite) if finite else None

    def coverage(self, k: float) -> float:
        """Return the coverage probability of y +/- k u_c, by the t-distribution with the effective degrees of freedom.

        They are truncated to whole ones, which never states too much. Source: JCGM 100:2008, G.3 and G.4.1.
        """
        dof = self.effective_dof
        return probability_within(k, None if dof is None else math.floor(dof))

    def share(self, contribution: Contribution) -> float:
        """Return the part of u_c^2 that one contribution makes, 0 to 1 (0 when all are zero)."""
        variance = self.u_c**2
        return contribution.u_of_result**2 / variance if variance > 0 else 0.0


def probability_within(k: float, dof: int | None) -> float:
    """Return P(|t| <= k) of the t-distribution with `dof` whole degrees of freedom, of the normal one for None.

    A finite sum, exact for whole degrees of freedom; beyond `MANY` the normal distribution with the term of order
    1/dof, which differs by less than 2e-5. Raises: InputError for dof < 1.
    """
    if dof is None or dof > MANY:
        excess = 0.0 if dof is None else k * (k * k + 1.0) / (2.0 * dof) * math.exp(-k * k / 2.0)
        return math.erf(k / math.sqrt(2.0)) - excess / math.sqrt(2.0 * math.pi)
    if dof < 1:
        raise InputError(say("自由度必须至少为 1"), field="dof")
    angle = math.atan(k / math.sqrt(dof))
    is_odd = dof % 2
    term = total = math.cos(angle) if is_odd else 1.0
    for j in range(2 + is_odd, dof - 1, 2):
        term *= (j - 1) / j * math.cos(angle) ** 2 if j > 1 else 1.0
        total += term
    if not is_odd:
        return math.sin(angle) * total
    return 2.0 / math.pi * (angle + (math.sin(angle) * total if dof > 1 else 0.0))


def standard_uncertainty(half_width: float, distribution: str) -> float:
    """Return u of a quantity known to lie within +/- half_width. Source: JCGM 100:2008, 4.3.7 and 4.3.9.

    distribution: "rectangular" (half_width / sqrt 3) or "triangular" (half_width / sqrt 6).
    Raises: InputError for another distribution, or a half width that is negative or not finite.
    """
    divisor = DIVISORS.get(distribution)
    if divisor is None:
        raise InputError(say("分布“{distribution}”不能由半宽换算", distribution=distribution), field="distribution")
    if not (math.isfinite(half_width) and half_width >= 0):
        raise InputError(say("半宽必须是不小于零的有限数"), field="half_width")
    return half_width / divisor


def mean(values: tuple[float, ...]) -> float:
    """Return the arithmetic mean. Raises InputError when there is no value. Source: JCGM 100:2008, 4.2.1, eq. (3)."""
    if not values:
        raise InputError(say("没有数值，无法求平均"), field="values")
    return math.fsum(values) / len(values)


def standard_uncertainty_of_mean(values: tuple[float, ...]) -> float | None:
    """Return s/sqrt(n) for n >= 2 values, else None. Source: JCGM 100:2008, 4.2.2 and 4.2.3, eq. (4) and (5)."""
    n = len(values)
    if n < 2:
        return None
    if all(first == second for first, second in pairwise(values)):
        return 0.0
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (n - 1) / n)
