"""Charts drawn on the server as SVG: value, uncertainty and limits together. Each function returns a safe string.

Every drawing has a title and a description in words; marks differ by shape first and colour second; a value off the
scale is named at the edge and not squeezed in. No styles inside: places and sizes are attributes, colours classes.
"""

from __future__ import annotations

from plumbline.faces.kit.charts.bars import Bar, Share, budget, month_bars
from plumbline.faces.kit.charts.history import HistoryPoint, error_history
from plumbline.faces.kit.charts.intervals import IntervalRow, error_line, interval_cell, interval_plot, interval_scale
from plumbline.faces.kit.charts.runs import RunGroup, runs_chart
from plumbline.faces.kit.charts.scale import Interval, Limits

__all__ = [
    "Bar",
    "HistoryPoint",
    "Interval",
    "IntervalRow",
    "Limits",
    "RunGroup",
    "Share",
    "budget",
    "error_history",
    "error_line",
    "interval_cell",
    "interval_plot",
    "interval_scale",
    "month_bars",
    "runs_chart",
]
