"""Formats series as one Markdown table, which is also easy to read on a terminal."""

import statistics
from collections.abc import Iterable, Sequence

from series import Series

HEAD = ["work", "way", "program", "median (min–max)", "p50 µs", "p99 µs", "processor µs", "ratio", "goal"]


def table(series: Iterable[Series]) -> str:
    rows = [HEAD] + [_row(each) for each in series]
    # Columns without any measurement would only take space.
    kept = [number for number in range(len(HEAD)) if number < 4 or any(row[number] for row in rows[1:])]
    return aligned([[row[number] for number in kept] for row in rows])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Formats rows of cells, the header first, as a table."""
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(series: Series) -> list[str]:
    goal = ""
    if series.goal:
        goal = f"{series.goal} {'met' if series.is_goal_met() else '**missed**'}"
    ratio = f"{series.ratio_name} = {spread(series.ratios, ratio=True)}" if series.ratios else ""
    latencies = [spread(values, short=True) for values in (series.p50, series.p99, series.processor)]
    return [
        series.work,
        series.way,
        series.program,
        spread(series.values, series.unit),
        *latencies,
        ratio,
        goal,
    ]


def spread(values: Sequence[float], unit: str = "", short: bool = False, ratio: bool = False) -> str:
    """Formats the median and, unless the text must be short, the smallest and the largest value."""
    if not values:
        return ""
    median = number(statistics.median(values), ratio) + (f" {unit}" if unit else "")
    if short or len(values) == 1:
        return median
    return f"{median} ({number(min(values), ratio)}–{number(max(values), ratio)})"


def number(value: float, ratio: bool = False) -> str:
    """Formats a number with about three digits, and a whole number without decimals."""
    if ratio and value < 100:
        return f"{value:.2f}"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
