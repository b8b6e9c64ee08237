"""How far a share that was counted may be from the share it stands for.

Exact after Clopper and Pearson: the interval covers the true share at least as often as it says, however few were
counted. Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), 404-413, by the beta distribution.
"""

from __future__ import annotations

from plumbline.errors import InputError, say


def exact_interval(hits: int, trials: int, *, coverage: float = 0.95) -> tuple[float, float]:
    """Return the lowest and highest share, each 0 to 1, that the count is compatible with.

    hits: how many of `trials` had the property, 0 <= hits <= trials; coverage: of the two-sided interval, 0 to 1.
    Without a trial nothing is known: 0 to 1. Raises: InputError for counts or a coverage that cannot be.
    """
    if not 0 <= hits <= trials:
        raise InputError(say("{hits} 次不可能出自 {trials} 次", hits=hits, trials=trials), field="hits")
    if not 0 < coverage < 1:
        raise InputError(say("包含概率要在 0 和 1 之间"), field="coverage")
    from scipy.special import betaincinv  # noqa: PLC0415  # a third of every start, asked by one page

    tail = (1 - coverage) / 2
    low = float(betaincinv(hits, trials - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, trials - hits, 1 - tail)) if hits < trials else 1.0
    return low, high
