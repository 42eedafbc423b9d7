"""Counts the instructions of a request with callgrind. The number hardly varies, whatever else the machine does."""

import json
import re
import subprocess
from pathlib import Path

from bench import Bench, say
from loads import Request, direct_load
from logs import copied_log
from peers import EventLog, Setting
from program import Program
from series import Series
from throughput import EVENT

LOG_SIZE = 10_000

# Each request, the number of them to count, and the number of units in one: 1, or the events of an export. A thousand
# posts include as many batches of the text index as they cause in the long run.
COUNTED = {
    "health": (Request("GET", "/health"), 1000, 1),
    "page": (Request("GET", "/events?limit=50&order=desc"), 100, 1),
    "post": (Request("POST", "/events", json.dumps(EVENT).encode()), 1000, 1),
    "event": (Request("GET", "/events/evt_5000"), 1000, 1),
    "export, an event": (Request("GET", "/events.ndjson"), 1, LOG_SIZE),
}


def measure(bench: Bench) -> list[Series]:
    series = []
    for peer in bench.builds:
        for name, (request, count, parts) in COUNTED.items():
            say(f"instructions: {peer.name}, {name}")
            instructions = _count(bench, peer, request, count) / count / parts
            series.append(Series("instructions", "direct", f"{peer.name}: {name}", "", [instructions]))
    return series


def _count(bench: Bench, peer: EventLog, request: Request, requests: int) -> int:
    """Counts the instructions of this number of requests to a log of its own, after as many requests to warm up."""
    with bench.folder() as folder:
        socket = folder.sockets / "callgrind.sock"
        log = copied_log(LOG_SIZE, folder.data / "log.sqlite", peer.binary)
        output = folder.data / "callgrind.out"
        # valgrind cannot read Swift's debugging information.
        stripped = EventLog(peer.name, folder.data / "eventlog")
        subprocess.run(["strip", "--strip-debug", "-o", stripped.binary, peer.binary], check=True)
        valgrind: list[str | Path] = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={output}"]
        command = stripped.command(socket, Setting(folder.sockets, log, ("--workers", "1")))
        # Otherwise, the order in Swift's hash tables, and so the work in them, would differ between runs.
        program = Program(peer.name, valgrind + command, socket, SWIFT_DETERMINISTIC_HASHING="1")
        direct_load(program, request, connections=1, requests=requests)
        _control(program, "--zero")
        direct_load(program, request, connections=1, requests=requests)
        _control(program, "--dump")
        program.stop(120)
        found = re.search(r"^(?:summary|totals): (\d+)", Path(f"{output}.1").read_text(), re.MULTILINE)
        assert found, f"{output} has no total"
        return int(found[1])


def _control(program: Program, what: str) -> None:
    subprocess.run(
        ["callgrind_control", what, str(program.process.pid)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
