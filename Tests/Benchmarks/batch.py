"""Measures batches over HTTP beside the import of the same file: both record the same events durably."""

import contextlib
import http.client
import subprocess
import threading
import time
from pathlib import Path

from bench import Bench
from logs import remove_log
from peers import EventLog, Setting
from rich import made_events
from series import Series, at_least
from web_server import Nginx

SIZE = 200_000
BATCH = 1000
CONNECTIONS = 4


def measure(bench: Bench) -> list[Series]:
    """Measures the time that an event takes on the clock, in each round of an import and of batches on four connections."""
    file = made_events(SIZE, False)
    lines = file.read_bytes().splitlines(keepends=True)
    batches = [b"".join(lines[start : start + BATCH]) for start in range(0, SIZE, BATCH)]
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        imported = Series("batch", "", "import", "µs an event")
        posted = Series("batch", "nginx", "batches of 1,000, 4 connections", "µs an event")
        for number in bench.rounds("batch"):
            log = folder.data / f"{number}.sqlite"
            imported.values.append(_import(bench.eventlog, file, log) / SIZE * 1e6)
            remove_log(log)
            setting = Setting(folder.sockets, log)
            program = bench.eventlog.start(setting)
            web_server = Nginx(folder.sockets / f"nginx-{number}", program.socket)
            try:
                posted.values.append(_post(web_server.port, batches) / SIZE * 1e6)
            finally:
                web_server.stop()
                program.stop()
            remove_log(log)
        posted.compare(imported.values, posted.values, "import ÷ this")
        posted.goal = at_least(0.9)
        return [imported, posted]


def _import(build: EventLog, file: Path, log: Path) -> float:
    start = time.monotonic()
    command = [build.binary, "import", "--store", f"sqlite:{log}", file]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def _post(port: int, batches: list[bytes]) -> float:
    waiting = iter(batches)
    lock = threading.Lock()
    path = "/events?drop=id,timestamp"

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                batch = next(waiting, None)
            if batch is None:
                return
            connection.request("POST", path, batch, {"Content-Type": "application/x-ndjson"})
            response = connection.getresponse()
            assert response.status == 201, response.read()
            response.read()

    threads = [threading.Thread(target=send) for _ in range(CONNECTIONS)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - start
