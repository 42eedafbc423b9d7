"""The command line of `Tests/Benchmarks/run`."""

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

import batch  # noqa: E402
import export  # noqa: E402
import first_view  # noqa: E402
import footprint  # noqa: E402
import growth  # noqa: E402
import instructions  # noqa: E402
import pages  # noqa: E402
import pressure  # noqa: E402
import rich  # noqa: E402
import streams  # noqa: E402
import throughput  # noqa: E402
from bench import Bench  # noqa: E402
from peers import PEERS, EventLog, compile_c  # noqa: E402
from responder import CHECKOUT  # noqa: E402
from series import Series  # noqa: E402
from table import table  # noqa: E402

Measure = Callable[[Bench], list[Series]]

# The works that are measured by default, and those that take longer or need the log of ten million events.
USUAL: dict[str, Measure] = {
    **{name: partial(throughput.measure, work=work) for name, work in throughput.WORKS.items()},
    "page-deep": partial(pages.measure, work="page-deep", size=1_000_000),
    "export": export.measure,
    "memory": footprint.memory,
    "start": footprint.start_time,
    "cgi": footprint.cgi,
}
LONG: dict[str, Measure] = {
    "page-10M": partial(pages.measure, work="page-10M", size=10_000_000),
    "instructions": instructions.measure,
    "pressure": pressure.measure,
    "growth": growth.measure,
    "first-view": first_view.measure,
    "batch": batch.measure,
    "streams": streams.measure,
    "rich": partial(rich.measure, work="rich", size=1_000_000),
    "rich-shuffled": partial(rich.measure, work="rich-shuffled", size=1_000_000, is_shuffled=True),
    "rich-10M": partial(rich.measure, work="rich-10M", size=10_000_000),
}
WORKS = USUAL | LONG


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Tests/Benchmarks/run",
        description="Builds Event Log and its peers, measures them side by side in interleaved rounds, and prints one "
        "table. Missing packages are installed: from Debian, and from PyPI into .build/benchmarks.",
        epilog=f"Works: {', '.join(USUAL)}; and, only when named, {', '.join(LONG)}. "
        "Tests/Benchmarks/README.md explains how to read the table.",
    )
    parser.add_argument("--only", action="append", metavar="NAME", choices=WORKS, help="measure this work; repeatable")
    parser.add_argument("--all", action="store_true", help="measure every work, including the long ones")
    parser.add_argument(
        "--peer", action="append", metavar="NAME", choices=PEERS, help=f"add this peer; repeatable ({', '.join(PEERS)})"
    )
    parser.add_argument(
        "--before", action="append", metavar="BINARY", type=Path, default=[], help="add this other build of eventlog"
    )
    parser.add_argument("--rounds", metavar="N", type=positive, default=5, help="number of rounds (default: 5)")
    parser.add_argument(
        "--seconds", metavar="S", type=positive, default=2, help="duration of each load in each round (default: 2)"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every value of every round")
    parser.add_argument("--plot", metavar="FILE", type=Path, help="draw what `growth` measured (.svg or .png)")
    parser.add_argument("--skip-install", action="store_true", help="do not check for missing packages")
    parser.add_argument("--skip-build", action="store_true", help="use the existing builds")
    return parser.parse_args()


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main() -> None:
    options = arguments()
    works = list(WORKS) if options.all else options.only or list(USUAL)
    befores = [EventLog(f"before{number or ''}", path.resolve()) for number, path in enumerate(options.before)]
    peers = [EventLog(), *befores, *(PEERS[name]() for name in options.peer or PEERS)]
    machine = about(options)
    if not options.skip_build:
        compile_c("load")
        for peer in peers:
            peer.build()
    bench = Bench(peers, options.rounds, options.seconds)
    series = [each for work in works for each in WORKS[work](bench)]
    print(", ".join(f"{name} {value}" for name, value in machine.items()), "\n")
    grown = [each for each in series if each.work == "growth"]
    others = [each for each in series if each.work != "growth"]
    if others:
        print(table(others))
    if grown:
        print(("\n" if others else "") + growth.table(grown))
        if options.plot:
            growth.plot(grown, options.plot)
    if options.json:
        content = {**machine, "series": [each.to_json() for each in series]}
        options.json.write_text(json.dumps(content, indent=1) + "\n")


def about(options: argparse.Namespace) -> dict[str, Any]:
    """Returns the facts about the run without which its figures mean nothing."""

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", CHECKOUT, *words], capture_output=True, text=True).stdout.strip()

    changed = "+" if git("status", "--porcelain", "Sources", "Package.swift") else ""
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        # The last commit that changed the program.
        "commit": git("log", "-1", "--format=%h", "--", "Sources", "Package.swift") + changed,
        "date": datetime.now(UTC).date().isoformat(),
        "processors": len(model),
        "model": model[0].partition(": ")[2] if model else platform.machine(),
        "rounds": options.rounds,
        "seconds": options.seconds,
    }


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
