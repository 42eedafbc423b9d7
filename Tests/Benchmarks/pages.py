"""Measures how long the newest and the oldest page take as the log grows."""

import contextlib
import re

from bench import Bench
from loads import Request, answer, direct_load
from logs import made_log
from peers import Setting
from program import Program
from series import Series, at_most

NEWEST = "/events?limit=50&order=desc"
SMALL = 1_000


def measure(bench: Bench, work: str, size: int) -> list[Series]:
    """Measures the milliseconds of single requests, and compares them with a log of 1,000 events."""
    series = []
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        requests: list[tuple[Series, Program, Request]] = []
        for events in (SMALL, size):
            (folder.sockets / str(events)).mkdir()
            log = made_log(events, bench.eventlog.binary)
            program = bench.eventlog.start(Setting(folder.sockets / str(events), log))
            running.callback(program.stop)
            for name, target in (("newest", NEWEST), ("deepest", deepest(program))):
                each = Series(work, "direct", f"{bench.eventlog.name}, {name} of {events:,}", "ms")
                requests.append((each, program, Request("GET", target)))
                series.append(each)
        for _, program, request in requests:
            direct_load(program, request, 1, seconds=0.5)
        for _ in bench.rounds(work):
            for each, program, request in requests:
                each.values.append(direct_load(program, request, 1, seconds=bench.seconds).p50 / 1000)
    for small, large in zip(series[:2], series[2:], strict=True):
        large.compare(large.values, small.values, f"÷ {SMALL:,}")
        large.goal = at_most(1.2)
    return series


def deepest(program: Program) -> str:
    """Returns the target of the last page of `NEWEST`. It is made from the link to the second page, whose cursor
    contains the id, in base 36, of the event before the page."""
    found = re.search(rb"<([^>]*cursor=n)[0-9a-z]+([^>]*)>; rel=\"next\"", answer(program.socket, Request("GET", NEWEST)))
    assert found, "the newest page has no link to a next one"
    return f"{found[1].decode()}1f{found[2].decode()}"  # This is 51 in base 36.
