"""Quantiles of what was counted value by value."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.errors import InputError, say


def quantile(counts: Mapping[int, int], share: float) -> int:
    """Return the smallest value that at least a share of all does not exceed: the inverse of the distribution function.

    counts: how often each value was seen, each at least 0 and one of them more; share: above 0, at most 1.
    Raises: InputError for counts or a share that cannot be. Source: R. J. Hyndman, Y. Fan, The American Statistician
    50 (1996), 361-365, definition 1.
    """
    total = sum(counts.values())
    if total < 1 or any(count < 0 for count in counts.values()):
        raise InputError(say("没有可计的数"), field="counts")
    if not 0 < share <= 1:
        raise InputError(say("份额要大于 0、不超过 1"), field="share")
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= share * total:
            break
    return value
