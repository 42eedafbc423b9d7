"""Measures requests per second of all peers side by side, through nginx and, if they speak FastCGI, directly."""

import contextlib
import json
from dataclasses import dataclass, field

from bench import Bench
from loads import Load, Request, answer, direct_load, nginx_before, nginx_load
from logs import log_of
from peers import EventLog, Peer, Setting
from program import Program
from series import Goal, Series, at_least

CONNECTIONS = 32
EVENT = {"type": "info", "source": "benchmark", "message": "Job 4711 completed successfully after 17 ms"}


@dataclass(frozen=True)
class Work:
    name: str
    request: Request
    # The number of events in the log, which is a separate one if the work writes.
    log_size: int
    # The goals for Event Log's requests per second divided by the peer's, through nginx.
    goals: dict[str, Goal] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.request.method == "POST"


WORKS = {
    work.name: work
    for work in (
        Work("health", Request("GET", "/health"), 0, {"floor": at_least(0.95), "pool": at_least(1.5)}),
        Work(
            "page",
            Request("GET", "/events?limit=50&order=desc"),
            1_000_000,
            {"floor": at_least(0.5), "original": at_least(5)},
        ),
        Work(
            "post",
            Request("POST", "/events", json.dumps(EVENT).encode()),
            0,
            {"floor": at_least(0.6), "original": at_least(8)},
        ),
    )
}


def measure(bench: Bench, work: Work) -> list[Series]:
    with contextlib.ExitStack() as running:
        folder = running.enter_context(bench.folder())
        first = bench.peers[0]

        def start(peer: Peer) -> Program:
            binary = peer.binary if isinstance(peer, EventLog) else bench.eventlog.binary
            log = log_of(work.log_size, folder.data / f"{peer.name}.sqlite", binary, work.writes)
            setting = Setting(folder.sockets, log)
            program = peer.start(setting)
            running.callback(program.stop)
            if peer is first:
                setting.answer.write_bytes(answer(program.socket, work.request))
            return program

        programs = {peer.name: start(peer) for peer in bench.peers}
        ports = {
            peer.name: running.enter_context(
                nginx_before(programs[peer.name], folder.data / f"nginx-{peer.name}", peer.speaks_fastcgi)
            )
            for peer in bench.peers
        }

        def run(peer: Peer, way: str, seconds: int) -> Load:
            program = programs[peer.name]
            if way == "nginx":
                return nginx_load(program, ports[peer.name], work.request, CONNECTIONS, seconds)
            return direct_load(program, work.request, CONNECTIONS, seconds)

        series: dict[tuple[str, str], Series] = {}
        for way in ("nginx", "direct"):
            for peer in bench.peers:
                if way == "nginx" or peer.speaks_fastcgi:
                    series[way, peer.name] = Series(work.name, way, peer.name, "/s")
                    run(peer, way, 1)
        for number in bench.rounds(work.name):
            for (way, name), each in series.items():
                load = run(next(peer for peer in bench.peers if peer.name == name), way, bench.seconds)
                each.values.append(load.rate)
                each.p50.append(load.p50)
                each.p99.append(load.p99)
                each.processor.append(load.processor)

    for (way, name), each in series.items():
        if name != first.name:
            each.compare(series[way, first.name].values, each.values, f"{first.name} ÷ {name}")
            each.goal = work.goals.get(name) if way == "nginx" else None
    return list(series.values())
