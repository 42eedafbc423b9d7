"""Measures what changes as a log grows to ten million events: every kind of query, appends, the file, and the start."""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench import Bench
from footprint import STEPS, memory_over_requests, start_time
from loads import Request, direct_load
from logs import log_of, made_log
from pages import NEWEST, deepest
from peers import EventLog, Setting
from program import Program
from series import Series
from table import aligned, number
from throughput import CONNECTIONS, WORKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = (1_000, 1_000_000, 10_000_000)
# The logs are spread over the year 2025.
MONTH = "since=2025-06-01T00:00:00Z&until=2025-07-01T00:00:00Z"
QUERIES = {
    "newest page": NEWEST,
    "deepest page": "",
    "type": "/events?type=error&order=desc&limit=50",
    "a month": f"/events?{MONTH}&limit=50",
    "rare text": "/events?q=needle&limit=50",
    "rare number and a common word": "/events?q=4711471+started&limit=50",
    "frequent text": "/events?q=completed&order=desc&limit=50",
    "text without hits": "/events?q=nowhere&limit=50",
    "text without hits, of common trigrams": "/events?q=10.17.17.17&limit=50",
    "two letters without hits": "/events?q=qz&limit=50",
    "user and type": "/events?user_id=u-17&type=error&limit=50",
    "two tags": "/events?tag=slow&tag=retried&order=desc&limit=50",
    "by type": "/events?sort=type&limit=50",
    "by source, descending": "/events?sort=source&order=desc&limit=50",
    "histogram": "/events/histogram?buckets=50",
    "histogram of a month's errors": f"/events/histogram?buckets=50&type=error&{MONTH}",
    "histogram of a source": "/events/histogram?buckets=50&source=worker-100",
    "histogram of frequent text": "/events/histogram?buckets=50&q=completed",
}

# This is longer than any query takes, so that slow queries are measured and not cut off.
PATIENT = ("--query-timeout", "60")


def measure(bench: Bench) -> list[Series]:
    """Returns a series for each measurement and size. Its `program` is the measurement, its `way` the size."""
    memory = Series("growth", str(SIZES[0]), "memory", "MB")
    memory.values = memory_over_requests(bench, bench.eventlog)
    return [
        *_queries(bench),
        *_appends(bench),
        *(_file(bench.eventlog, size) for size in SIZES),
        *(
            Series("growth", str(size), "start", "ms", each.values)
            for size, each in zip(SIZES, start_time(bench, SIZES), strict=False)
        ),
        memory,
    ]


def _queries(bench: Bench) -> list[Series]:
    series = {(name, size): Series("growth", str(size), name, "ms") for name in QUERIES for size in SIZES}
    with _each_size(bench, is_written=False) as programs:
        for _ in bench.rounds("growth, questions"):
            for (name, size), each in series.items():
                target = QUERIES[name] or deepest(programs[size])
                load = direct_load(programs[size], Request("GET", target), 1, seconds=0.3)
                each.values.append(load.p50 / 1000)
    return list(series.values())


def _appends(bench: Bench) -> list[Series]:
    series = {size: Series("growth", str(size), "appends", "/s") for size in SIZES}
    with _each_size(bench, is_written=True) as programs:
        for _ in bench.rounds("growth, appends"):
            for size, each in series.items():
                load = direct_load(programs[size], WORKS["post"].request, CONNECTIONS, seconds=bench.seconds)
                each.values.append(load.rate)
    return list(series.values())


def _file(build: EventLog, size: int) -> Series:
    log = made_log(size, build.binary)
    return Series("growth", str(size), "file, an event", "bytes", [log.stat().st_size / size])


@contextlib.contextmanager
def _each_size(bench: Bench, is_written: bool) -> Iterator[dict[int, Program]]:
    """Yields Event Log on a log of each size."""
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        programs = {}
        for size in SIZES:
            sockets = folder.sockets / str(size)
            sockets.mkdir()
            path = folder.data / f"{size}.sqlite"
            log = log_of(size, path, bench.eventlog.binary, is_written)
            programs[size] = bench.eventlog.start(Setting(sockets, log, PATIENT))
            running.callback(programs[size].stop)
        yield programs


def table(series: list[Series]) -> str:
    """Returns the measurements as a table with a column for each size."""
    rows = [["growth", *(f"{size:,} events" for size in SIZES), "largest ÷ smallest"]]
    for name in dict.fromkeys(each.program for each in series if each.program != "memory"):
        medians = {each.way: statistics.median(each.values) for each in series if each.program == name}
        unit = next(each.unit for each in series if each.program == name)
        cells = [f"{number(medians[str(size)])} {unit}" for size in SIZES]
        ratio = medians[str(SIZES[-1])] / medians[str(SIZES[0])]
        rows.append([name, *cells, number(ratio, ratio=True)])
    return aligned(rows)


def plot(series: list[Series], file: Path) -> None:
    """Draws four small charts: queries, appends, the file, and memory."""
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 8, "svg.hashsalt": "eventlog", "svg.fonttype": "none"})
    figure, ((questions, appends), (size, memory)) = pyplot.subplots(2, 2, figsize=(9, 6), layout="constrained")

    def draw(axes: Axes, name: str, label: str | None = None, color: str | None = None) -> None:
        chosen = [each for each in series if each.program == name]
        sizes = [int(each.way) for each in chosen]
        axes.plot(sizes, [statistics.median(each.values) for each in chosen], "o-", ms=3, label=label, color=color)
        axes.set_xscale("log")
        axes.set_xlabel("events in the log")

    # Only the queries that grow most are named; the others form the bundle at the bottom.
    last = {each.program: statistics.median(each.values) for each in series if each.way == str(SIZES[-1])}
    named = sorted(QUERIES, key=lambda name: last[name])[-6:]
    for name in QUERIES:
        draw(questions, name, name if name in named else None, None if name in named else "lightgrey")
    questions.set_yscale("log")
    questions.set_title("time of a question, ms")
    questions.legend(fontsize=6)
    draw(appends, "appends")
    appends.set_title(f"durable appends a second, {CONNECTIONS} connections")
    draw(size, "file, an event")
    size.set_title("bytes of the file an event")
    trace = next(each.values for each in series if each.program == "memory")
    memory.plot([step / STEPS for step in range(STEPS + 1)], trace, "o-", ms=3)
    memory.set_xlabel("millions of requests")
    memory.set_title("resident memory, MB")
    for axes in (appends, size, memory):
        axes.set_ylim(bottom=0)
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
