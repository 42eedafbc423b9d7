"""Exports a large log as NDJSON, and compares it with `sqlite3 -json` on the same file."""

import contextlib
import subprocess
import time
from pathlib import Path

from bench import Bench
from loads import Request, direct_load, nginx_before
from logs import made_log
from peers import Setting
from series import Series, at_least, at_most

SIZE = 1_000_000
EXPORT = Request("GET", "/events.ndjson")
COLUMNS = "id, timestamp, type, source, message, user_id, request_id, tags, data"


def measure(bench: Bench) -> list[Series]:
    """Measures the duration in seconds, and how far memory rises meanwhile."""
    shell = Series("export", "", "sqlite3 -json", "s")
    series = []
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        exports = []
        for build in bench.builds:
            log = made_log(SIZE, build.binary)
            program = build.start(Setting(folder.sockets, log))
            running.callback(program.stop)
            nginx = nginx_before(program, folder.data / f"nginx-{build.name}", build.speaks_fastcgi)
            url = f"http://127.0.0.1:{running.enter_context(nginx)}{EXPORT.target}"
            direct, through = (Series("export", way, build.name, "s") for way in ("direct", "nginx"))
            memory = Series("export", "direct", f"{build.name}, memory above idle", "MB", goal=at_most(30))
            exports.append((program, url, direct, through, memory))
            series += [direct, through, memory]
        for _ in bench.rounds("export"):
            shell.values.append(_sqlite3(log))
            for program, url, direct, through, memory in exports:
                idle = program.resident_memory()
                program.reset_peak_memory()
                direct.values.append(direct_load(program, EXPORT, 1, requests=1).seconds)
                memory.values.append(program.peak_memory() - idle)
                through.values.append(_time(["curl", "--silent", "--fail", url]))
    for each in series:
        if each.unit == "s":
            each.compare(shell.values, each.values, f"sqlite3 ÷ {each.program}")
            each.goal = at_least(2)
    return [shell, *series]


def _sqlite3(log: Path) -> float:
    return _time(["sqlite3", "-readonly", "-json", log, f"SELECT {COLUMNS} FROM event ORDER BY id"])


def _time(command: list[str | Path]) -> float:
    begin = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begin
