"""How quickly small requests are answered while the responder has much else to do."""

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
# A second: a pace that leaves the machine idle, and enough of them for a percentile.
RATE = 1000
PROBE_CONNECTIONS = 4

# What goes on meanwhile, on so many connections, as fast as it can.
EXPORT = (Request("GET", "/events.ndjson"), 2)
# Too short for the text index, and nowhere in the log: it reads everything, until its time is over.
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
    """Milliseconds at the 99th percentile of requests that come at an even pace; p50 stands beside it.

    Beside them floor is asked at the same pace, which has nothing else to do: what it waits, it waits for a processor.
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
    """A load that goes on until the end of the block."""
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
