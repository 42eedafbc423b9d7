"""A measurement with one value per round, and the goal for it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A goal for the ratio, or for the values themselves if there is no ratio."""

    is_at_least: bool
    number: float

    def is_met(self, median: float) -> bool:
        return median >= self.number if self.is_at_least else median <= self.number

    def __str__(self) -> str:
        return f"{'≥' if self.is_at_least else '≤'} {self.number:g}"


def at_least(number: float) -> Goal:
    return Goal(True, number)


def at_most(number: float) -> Goal:
    return Goal(False, number)


@dataclass
class Series:
    """One row of the table."""

    # The name of the work, as in `--only`.
    work: str
    # The way that the requests take (nginx or direct), or an empty string.
    way: str
    program: str
    unit: str
    values: list[float] = field(default_factory=list)
    # The latencies of the same rounds, and the program's processor time per request, both in microseconds.
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    # The meaning of `ratios`, such as "eventlog ÷ floor".
    ratio_name: str = ""
    # The ratio of each round. It compares values from the same seconds, so that a slow moment of the machine affects
    # both.
    ratios: list[float] = field(default_factory=list)
    goal: Goal | None = None

    def compare(self, numerator: Sequence[float], denominator: Sequence[float], name: str) -> None:
        self.ratio_name = name
        self.ratios = [over / under for over, under in zip(numerator, denominator, strict=True)]

    def is_goal_met(self) -> bool | None:
        values = self.ratios or self.values
        return self.goal.is_met(statistics.median(values)) if self.goal and values else None

    def to_json(self) -> dict[str, Any]:
        return {
            "work": self.work,
            "way": self.way,
            "program": self.program,
            "unit": self.unit,
            "median": statistics.median(self.values),
            "values": self.values,
            "p50_us": self.p50,
            "p99_us": self.p99,
            "processor_us": self.processor,
            "ratio": self.ratio_name,
            "ratio_median": statistics.median(self.ratios) if self.ratios else None,
            "ratios": self.ratios,
            "goal": str(self.goal) if self.goal else None,
            "met": self.is_goal_met(),
        }
