"""Measures what it takes to import rich events, to keep them, and to find and count them, beside other builds."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from bench import Bench
from loads import Request, answer, direct_load
from logs import checkpoint, remove_log
from peers import BUILD, HERE, EventLog, Setting
from program import Program
from series import Series, at_most

PAGE = "/events?order=desc&limit=50"
# Each question, with the most milliseconds that it may take in a million and in ten million events.
QUESTIONS: dict[str, tuple[str, float | None, float | None]] = {
    "newest page": (PAGE, None, 5),
    "a source": (f"{PAGE}&source=service-30", None, 5),
    "a user": (f"{PAGE}&user_id=u-1234", None, 5),
    "a tag": (f"{PAGE}&tag=tag-7", None, 5),
    "rare word": (f"{PAGE}&q=needle", None, 5),
    "data.order.id=42": (f"{PAGE}&data.order.id=42", None, 5),
    "number and common word": (f"{PAGE}&q=471147+completed", None, 15),
    "two letters without a hit": (f"{PAGE}&q=qz", None, 10),
    "common trigrams without a hit": (f"{PAGE}&q=tarelor+comitaven+pletshi", None, 100),
    "histogram of all": ("/events/histogram?buckets=50", None, None),
    "histogram of a source": ("/events/histogram?buckets=50&source=service-2", 10, None),
    "histogram of a user": ("/events/histogram?buckets=50&user_id=u-12", 5, None),
    "histogram of a frequent word": ("/events/histogram?buckets=50&q=completed", 150, None),
    "facets by source": ("/events/facets?by=source", 20, 50),
    "facets by tag": ("/events/facets?by=tag", 20, None),
    "facets by source of a frequent word": ("/events/facets?by=source&q=completed", 150, None),
}
# This is longer than any question takes, so that slow ones are measured and not cut off.
PATIENT = ("--query-timeout", "60")


def measure(bench: Bench, work: str, size: int, is_shuffled: bool = False) -> list[Series]:
    """Imports the events once in each round. The questions are asked in the logs of the last one."""
    file = made_events(size, is_shuffled)
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        logs = {build.name: folder.data / f"{build.name}.sqlite" for build in bench.builds}
        series = _imports(bench, work, size, file, logs)
        programs = []
        for build in bench.builds:
            checkpoint(logs[build.name])
            program = build.start(Setting(folder.sockets, logs[build.name], PATIENT))
            running.callback(program.stop)
            programs.append(program)
        return series + _questions(bench, work, size, programs)


def made_events(size: int, is_shuffled: bool) -> Path:
    """Returns the file of the events, which is kept for later runs."""
    BUILD.mkdir(parents=True, exist_ok=True)
    file = BUILD / f"rich-{size}{'-shuffled' if is_shuffled else ''}.ndjson"
    if not file.exists():
        temporary = file.with_suffix(".making")
        options = ["--rich", *(["--shuffled"] if is_shuffled else [])]
        with temporary.open("wb") as output:
            subprocess.run([HERE / "generate-events", *options, str(size)], stdout=output, check=True)
        temporary.rename(file)
    return file


def _imports(bench: Bench, work: str, size: int, file: Path, logs: dict[str, Path]) -> list[Series]:
    rows = []
    for build in bench.builds:
        time = Series(work, "", f"{build.name}, import, processor time an event", "µs", goal=at_most(13))
        memory = Series(work, "", f"{build.name}, import, resident memory", "MB", goal=at_most(40))
        disk = Series(work, "", f"{build.name}, on disk, an event", "bytes", goal=at_most(250))
        rows.append((build, time, memory, disk))
    for _ in bench.rounds(f"{work}, import"):
        for build, time, memory, disk in rows:
            log = logs[build.name]
            remove_log(log)
            used, resident = _import(build, file, log)
            time.values.append(used / size * 1e6)
            memory.values.append(resident / 1e6)
            checkpoint(log)
            disk.values.append(log.stat().st_size / size)
    for _, *others in rows[1:]:
        for own, other in zip(rows[0][1:], others, strict=True):
            other.compare(own.values, other.values, "eventlog ÷ this")
            other.goal = None
    return [each for _, *series in rows for each in series]


def _import(build: EventLog, file: Path, log: Path) -> tuple[float, int]:
    """Returns the processor time of an import in seconds, and its largest resident memory in bytes."""
    command = [build.binary, "import", "--store", f"sqlite:{log}", file]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def _questions(bench: Bench, work: str, size: int, programs: list[Program]) -> list[Series]:
    questions = []
    for name, (target, *goals) in QUESTIONS.items():
        request = Request("GET", target)
        goal = goals[0] if size <= 1_000_000 else goals[1]
        series = {}
        for program in programs:
            # An older build may not know the question.
            if not answer(program.socket, request).startswith(b"Status: 4"):
                series[program.name] = Series(work, "direct", f"{program.name}, {name}", "ms")
        series[programs[0].name].goal = at_most(goal) if goal else None
        questions.append((request, series))
    for _ in bench.rounds(f"{work}, questions"):
        for request, series in questions:
            for program in programs:
                if program.name in series:
                    load = direct_load(program, request, 1, seconds=0.3)
                    series[program.name].values.append(load.p50 / 1000)
    for _, series in questions:
        own, *others = series.values()
        for other in others:
            other.compare(own.values, other.values, "eventlog ÷ this")
    return [each for _, series in questions for each in series.values()]
