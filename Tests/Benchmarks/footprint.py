"""Measures Event Log's memory, its start time, and the time of one CGI request."""

import subprocess
import time

from bench import Bench, Folder, say
from loads import answer, direct_load
from logs import copied_log, log_of, made_log
from peers import EventLog, Setting
from responder import clean_environment
from series import Series, at_most
from throughput import CONNECTIONS, WORKS

HEALTH = WORKS["health"].request
# A million requests of every kind are sent in this number of steps.
MANY = (("health", 600_000), ("page", 200_000), ("post", 200_000))
STEPS = 20


def memory(bench: Bench) -> list[Series]:
    """Measures memory once instead of in rounds, since it takes a million requests."""
    series = []
    for build in bench.builds:
        trace = memory_over_requests(bench, build)
        half, end = trace[STEPS // 2], trace[STEPS]
        after = Series("memory", "direct", f"{build.name}, after a million requests", "MB", [end])
        after.compare([end], [half], "÷ after half of them")
        after.goal = at_most(1.05)
        series += [Series("memory", "", f"{build.name}, idle", "MB", trace[:1], goal=at_most(20)), after]
    return series


def memory_over_requests(bench: Bench, build: EventLog) -> list[float]:
    """Returns the resident memory in megabytes when idle, and after each step of a million requests."""
    with bench.folder() as folder:
        log = copied_log(0, folder.data / "log.sqlite", build.binary)
        program = build.start(Setting(folder.sockets, log))
        answer(program.socket, HEALTH)
        time.sleep(1)
        trace = [program.resident_memory()]
        for step in range(STEPS):
            say(f"memory: step {step + 1} of {STEPS}")
            for name, count in MANY:
                direct_load(program, WORKS[name].request, CONNECTIONS, requests=count // STEPS)
            trace.append(program.resident_memory())
        program.stop()
    return trace


def start_time(bench: Bench, sizes: tuple[int, ...] = (0, 1_000_000)) -> list[Series]:
    """Measures the milliseconds from the start of the process to its first response."""
    series = {
        (build.name, size): Series("start", "direct", f"{build.name}, {size:,} events", "ms", goal=at_most(50))
        for build in bench.builds
        for size in sizes
    }
    for _ in bench.rounds("start"):
        for build in bench.builds:
            for size in sizes:
                with bench.folder() as folder:
                    series[build.name, size].values.append(_time_to_answer(build, folder, size))
    return list(series.values())


def _time_to_answer(build: EventLog, folder: Folder, size: int) -> float:
    log = log_of(size, folder.data / "log.sqlite", build.binary, is_written=False)
    begin = time.monotonic()
    program = build.start(Setting(folder.sockets, log))
    answer(program.socket, HEALTH)
    took = time.monotonic() - begin
    program.stop()
    return took * 1000


def cgi(bench: Bench) -> list[Series]:
    """Measures the milliseconds of one request as a plain CGI program, from the start of the process to its end."""
    series = {build.name: Series("cgi", "CGI", build.name, "ms", goal=at_most(25)) for build in bench.builds}
    log = {build.name: made_log(10_000, build.binary) for build in bench.builds}
    for _ in bench.rounds("cgi"):
        for build in bench.builds:
            begin = time.monotonic()
            run = subprocess.run(
                [build.binary],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                env=clean_environment(
                    GATEWAY_INTERFACE="CGI/1.1",
                    REQUEST_METHOD="GET",
                    REQUEST_URI="/events?limit=50&order=desc",
                    QUERY_STRING="limit=50&order=desc",
                    SCRIPT_NAME="",
                    SERVER_PROTOCOL="HTTP/1.1",
                    EVENTLOG_STORE=f"sqlite:{log[build.name]}",
                ),
            )
            series[build.name].values.append((time.monotonic() - begin) * 1000)
            assert run.stdout.startswith(b"Status: 200"), run.stdout[:200]
    return list(series.values())
