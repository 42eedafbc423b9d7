"""Measures ten thousand streams: what they take, how soon an event reaches the last of them, and what they cost appends."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import Bench
from loads import Request, direct_load, nginx_before
from logs import empty_log
from peers import BUILD, EventLog, Setting, compile_c
from program import Program
from series import Series, at_least, at_most

READERS = 10_000
# How many events are recorded in each round, and how many of them in a second.
DIRECT, THROUGH_NGINX = (100, 10), (20, 1)
# The readers with a filter each, of which none matches what is recorded meanwhile.
FILTERS = 1000
FILTER = "source=reader-@@@@@@"

STREAM = "/events/stream"
EVENT = Request(
    "POST", "/events", json.dumps({"type": "info", "source": "bench", "message": "x" * 80, "tags": ["a", "b"]}).encode()
)


@dataclass
class Readers:
    """Readers that are connected."""

    process: subprocess.Popen[str]
    # The seconds that connecting all of them took.
    seconds: float

    def result(self) -> Any:
        """Lets the events be recorded and read."""
        output, _ = self.process.communicate("\n", timeout=600)
        assert self.process.returncode == 0, "the readers failed"
        return json.loads(output)


def measure(bench: Bench) -> list[Series]:
    compile_c("streams", "pthread")
    return [each for build in bench.builds for each in [*_memory_and_latency(bench, build), *_appends(bench, build)]]


def _memory_and_latency(bench: Bench, build: EventLog) -> list[Series]:
    """Measures the memory of the streams, and the milliseconds from the 201 to the last reader."""
    name = f"{build.name}, {READERS:,} readers"
    connecting = Series("streams", "direct", f"{name}: until all are connected", "s")
    memory = Series("streams", "direct", f"{name}: peak of the resident memory", "MB", goal=at_most(100))
    own = Series("streams", "direct", f"{name}: processor time of the readers, an event", "µs")
    latencies = {
        way: Series("streams", way, f"{name}, {rate} event{'s' * (rate > 1)}/s: until the last has it (p99)", "ms", goal=at_most(300))
        for way, (_, rate) in {"direct": DIRECT, "nginx": THROUGH_NGINX}.items()
    }
    for _ in bench.rounds("streams"):
        for way, (events, rate) in {"direct": DIRECT, "nginx": THROUGH_NGINX}.items():
            with _running(bench, build, way) as (program, address, folder):
                requests = [_request(way, Request("GET", STREAM)), _request(way, EVENT)]
                with _readers(folder, address, READERS, requests, "-e", str(events), "-r", str(rate)) as readers:
                    before = program.processor_time()
                    result = readers.result()
                    each = latencies[way]
                    each.values.append(result["last_p99"] / 1000)
                    each.p50.append(result["p50"])
                    each.p99.append(result["p99"])
                    each.processor.append((program.processor_time() - before) / events / READERS * 1e6)
                    if way == "direct":
                        connecting.values.append(readers.seconds)
                        memory.values.append(program.peak_memory())
                        own.values.append(result["processor"])
    return [connecting, memory, own, *latencies.values()]


def _appends(bench: Bench, build: EventLog) -> list[Series]:
    """Measures the appends beside readers who are sent none of them."""
    alone = Series("streams", "direct", f"{build.name}, appends without readers", "/s")
    beside = Series("streams", "direct", f"{build.name}, appends beside {FILTERS:,} readers with other filters", "/s")
    works = [(alone, 0), (beside, FILTERS)]
    for _ in bench.rounds("streams"):
        # Whatever comes first in one round comes last in the next.
        works.reverse()
        for each, readers in works:
            with _running(bench, build, "direct") as (program, address, folder):
                filtered = _request("direct", Request("GET", f"{STREAM}?{FILTER}"))
                with _readers(folder, address, readers, [filtered]) if readers else contextlib.nullcontext():
                    load = direct_load(program, EVENT, seconds=bench.seconds)
                each.values.append(load.rate)
                each.p50.append(load.p50)
                each.p99.append(load.p99)
                each.processor.append(load.processor)
    beside.compare(beside.values, alone.values, "÷ without readers")
    beside.goal = at_least(0.9)
    return [alone, beside]


@contextlib.contextmanager
def _running(bench: Bench, build: EventLog, way: str) -> Iterator[tuple[Program, str, Path]]:
    """Runs a responder on an empty log, and yields it, the address for clients, and a folder."""
    with bench.folder() as folder:
        log = empty_log(folder.data / "log.sqlite", build.binary)
        program = build.start(Setting(folder.sockets, log))
        try:
            if way == "nginx":
                with nginx_before(program, folder.sockets / "nginx", True) as port:
                    yield program, str(port), folder.data
            else:
                yield program, str(program.socket), folder.data
        finally:
            program.stop()


def _request(way: str, request: Request) -> bytes:
    if way == "direct":
        return request.records()
    head = f"{request.method} {request.target} HTTP/1.1\r\nHost: localhost\r\n"
    if request.body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(request.body)}\r\n"
    return head.encode() + b"\r\n" + request.body


@contextlib.contextmanager
def _readers(folder: Path, address: str, count: int, requests: list[bytes], *options: str) -> Iterator[Readers]:
    """Connects readers, who go when the block ends."""
    files = [folder / f"{number}.request" for number in range(len(requests))]
    for file, request in zip(files, requests, strict=True):
        file.write_bytes(request)
    command: list[str | Path] = [BUILD / "streams", "-c", str(count), *options, address, *files]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield Readers(process, float(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
