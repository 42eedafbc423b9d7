"""Instructions a request, counted by callgrind: the same number every time, whatever else the machine does."""

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

# How many requests are counted, and how many a request stands for: one, or the events of an export. A thousand posts
# hold as many batches of the text index as they cause in the long run.
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
            # What is left when the start and as many requests to warm up are taken away.
            once, twice = (_count(bench, peer, request, times * count) for times in (1, 2))
            instructions = (twice - once) / count / parts
            series.append(Series("instructions", "direct", f"{peer.name}: {name}", "", [instructions]))
    return series


def _count(bench: Bench, peer: EventLog, request: Request, requests: int) -> int:
    """Instructions of a whole run on a fresh log."""
    with bench.folder() as folder:
        socket = folder.sockets / "callgrind.sock"
        log = copied_log(LOG_SIZE, folder.data / "log.sqlite", peer.binary)
        output = folder.data / "callgrind.out"
        valgrind: list[str | Path] = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={output}"]
        # valgrind gives up on Swift's debugging information.
        stripped = EventLog(peer.name, folder.data / "eventlog")
        subprocess.run(["strip", "--strip-debug", "-o", stripped.binary, peer.binary], check=True)
        command = stripped.command(socket, Setting(folder.sockets, log, ("--workers", "1")))
        program = Program(peer.name, valgrind + command, socket)
        direct_load(program, request, connections=1, requests=requests)
        program.stop(120)
        found = re.search(r"^(?:summary|totals): (\d+)", output.read_text(), re.MULTILINE)
        assert found, f"{output} has no total"
        return int(found[1])
