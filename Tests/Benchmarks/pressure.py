"""Measures how quickly small requests are answered while the responder is busy with other work."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench import Bench
from loads import Request, answer, direct_load
from logs import copied_log
from peers import BUILD, CProgram, Setting
from program import Program
from series import Series
from throughput import WORKS

SIZE = 1_000_000
PROBES = {"/health": WORKS["health"].request, "an event": Request("GET", "/events/evt_500000")}
# The requests per second: few enough to leave the machine idle, and enough for a percentile.
RATE = 1000
PROBE_CONNECTIONS = 4

# The other work, on this number of connections, as fast as possible.
EXPORT = (Request("GET", "/events.ndjson"), 2)
# This text is too short for the text index and occurs nowhere, so the search reads everything until its time is up.
SEARCH = (Request("GET", "/events?q=qz&limit=50"), 4)
WRITER = (WORKS["post"].request, 32)
PRESSURES: dict[str, list[tuple[Request, int]]] = {
    "idle": [],
    "2 exports": [EXPORT],
    "4 searches without hits": [SEARCH],
    "32 writers": [WRITER],
    "all of these": [EXPORT, SEARCH, WRITER],
}


def measure(bench: Bench) -> list[Series]:
    """Measures the 99th percentile, in milliseconds, of requests that arrive at an even pace; p50 is shown next to it.

    At the same time, floor gets requests at the same pace. It has nothing else to do, so it only waits for a processor.
    """
    floor = CProgram("floor")
    floor.build()
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        setting = Setting(folder.sockets, copied_log(SIZE, folder.data / "log.sqlite", bench.eventlog.binary))
        program = bench.eventlog.start(setting)
        running.callback(program.stop)
        setting.answer.write_bytes(answer(program.socket, PROBES["/health"]))
        control = floor.start(setting)
        running.callback(control.stop)

        probes = [(name, program, request) for name, request in PROBES.items()]
        probes.append(("floor", control, PROBES["/health"]))
        series = {
            (pressure, name): Series("pressure", "direct", f"{name}, {pressure}", "ms (p99)")
            for pressure in PRESSURES
            for name, _, _ in probes
        }
        for _ in bench.rounds("pressure"):
            for pressure, works in PRESSURES.items():
                with contextlib.ExitStack() as pressing:
                    for number, (request, connections) in enumerate(works):
                        pressing.enter_context(_pressed(program, request, connections, number))
                    for name, probed, request in probes:
                        load = direct_load(probed, request, PROBE_CONNECTIONS, seconds=bench.seconds, rate=RATE)
                        series[pressure, name].values.append(load.p99 / 1000)
                        series[pressure, name].p50.append(load.p50)
    for (pressure, name), each in series.items():
        if pressure != "idle":
            each.compare(each.values, series["idle", name].values, "÷ idle")
    return list(series.values())


@contextlib.contextmanager
def _pressed(program: Program, request: Request, connections: int, number: int) -> Iterator[None]:
    """Runs a load until the end of the block."""
    file = program.socket.with_suffix(f".pressure{number}")
    file.write_bytes(request.records())
    command: list[str | Path] = [BUILD / "load", "-c", str(connections), "-s", "600", program.socket, file]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
        assert process.poll() is None, "the pressure has ended by itself"
    finally:
        process.terminate()
        process.wait()
