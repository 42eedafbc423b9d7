"""Tests how much memory the heaviest traffic takes, and that with less memory no acknowledged event is lost."""

import json
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import Site
from control_group import ControlGroup
from fcgi_client import ConnectionEnded, FastCGIConnection, whole_request
from http_client import JSON
from load import Clients
from responder import BINARY, clean_environment, is_clear, wait_until
from test_limits import refusal

MEBIBYTE = 1 << 20
# README.md says that this much memory is enough.
ENOUGH = 512 * MEBIBYTE
CONNECTIONS = 64
COUNT = 300
LARGEST = {
    "type": "error",
    "source": "s" * 200,
    # Each character takes two characters in JSON.
    "message": '"' * 65_536,
    "user_id": "u" * 200,
    "request_id": "r" * 200,
    "tags": [f"{number:064}" for number in range(20)],
    "data": {"a": "y" * 16_376},
}
# A short message, and other members that take the most space on a page.
WIDE = {
    "type": "error",
    "source": "'" * 200,
    "message": "m",
    "user_id": "'" * 200,
    "request_id": "'" * 200,
    "tags": [f"{number:02}" + "'" * 62 for number in range(20)],
}
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(scope="module")
def log() -> Iterator[str]:
    """Provides the URL of a store with three hundred events of the largest size, 45 MB in all."""
    yield from stored(LARGEST, COUNT)


@pytest.fixture(scope="module")
def wide_log() -> Iterator[str]:
    """Provides the URL of a store with a thousand events that have long tags and sources."""
    yield from stored(WIDE, 1000)


def stored(event: dict[str, object], count: int) -> Iterator[str]:
    line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
    with tempfile.TemporaryDirectory(prefix="eventlog-largest-") as folder:
        store = f"sqlite:{folder}/events.sqlite"
        command = [BINARY, "import", "-", "--store", store]
        subprocess.run(command, input=line * count, check=True, capture_output=True, env=clean_environment())
        yield store


def with_address_space(size: int) -> list[str]:
    return ["prlimit", f"--as={size}"]


def required_address_space(site: Site) -> int:
    """Returns the number of bytes that the responder says it needs when it has less."""
    command = with_address_space(100 * MEBIBYTE)
    said = refusal(command, "--listen", f"unix:{site.socket}", "--store", "memory")
    required = re.search(r"only 100 MiB of address space, but it needs (\d+)", said)
    assert required, said
    return int(required[1]) * MEBIBYTE


@pytest.mark.parametrize("mebibytes", [80, 256, 1024])
def test_too_little_address_space_is_refused_in_a_sentence(site: Site, mebibytes: int) -> None:
    command = with_address_space(mebibytes * MEBIBYTE)
    said = refusal(command, "--listen", f"unix:{site.socket}", "--store", site.store)
    assert f"only {mebibytes} MiB" in said and "ulimit -v" in said
    assert not site.socket.exists()


def test_as_soon_as_the_program_itself_fits_it_runs_or_says_what_is_missing(site: Site) -> None:
    """Below that, the system cannot load it: it either says so with status 127, or ends the process with SIGSEGV.

    With little more than that, Swift's runtime has no memory for itself, and ends the process with SIGILL before `main`.
    """
    without_runtime = []

    def run_in(mebibytes: int, *options: str) -> subprocess.CompletedProcess[str]:
        command = [*with_address_space(mebibytes * MEBIBYTE), BINARY, "serve", *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=20, env=clean_environment())

    def is_loaded_in(mebibytes: int) -> bool:
        result = run_in(mebibytes, "--help")
        if result.returncode == 0:
            return True
        assert result.stdout == ""
        if result.returncode == 127:
            assert "error while loading shared libraries" in result.stderr
        elif result.returncode == -signal.SIGILL:
            without_runtime.append(mebibytes)
            assert result.stderr == "" and len(without_runtime) == 1, "the program itself has crashed"
        else:
            assert (result.returncode, result.stderr) == (-signal.SIGSEGV, ""), "the program itself has crashed"
        return False

    # The least that is enough for the help is enough for the message, too.
    least = next(mebibytes for mebibytes in range(8, 160, 4) if is_loaded_in(mebibytes))
    assert 16 < least < 160
    for mebibytes in range(least, least + 24, 2):
        result = run_in(mebibytes, "--listen", f"unix:{site.socket}", "--store", "memory")
        assert result.returncode == 69 and f"only {mebibytes} MiB" in result.stderr, result
        assert is_clear(result.stderr)


def exports_that_nobody_takes(site: Site) -> None:
    connections = [site.connect(timeout=60) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.send(whole_request("GET", "/events.ndjson"))
    for connection in connections:
        assert not connection.is_silent(60)
    assert connections[0].read_answer().body.count(b"\n") == COUNT


def long_lists_that_nobody_takes(site: Site) -> None:
    for target in ("/events?limit=1000", "/events.csv?limit=1000", "/events?limit=1000&q=%5C%22%5C%22%5C%22"):
        connections = [site.connect(timeout=60) for _ in range(CONNECTIONS)]
        for connection in connections:
            connection.send(whole_request("GET", target))
        for connection in connections:
            assert not connection.is_silent(60)
        assert len(connections[0].read_answer().body) > 2_000_000
        for connection in connections:
            connection.close()


def pages(site: Site) -> None:
    def open_page(target: str) -> int:
        return site.connect(timeout=60).request("GET", target, more=HTML).status

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for target in ("/", "/?limit=1000", "/events/evt_150", "/?q=%5C%22%5C%22%5C%22&sort=source"):
            assert set(pool.map(open_page, [target] * CONNECTIONS)) == {200}


def post(site: Site, body: bytes) -> set[int]:
    """Posts a body on all connections at the same time, and returns the statuses of the answers."""
    request = whole_request("POST", "/events", body, JSON)
    connections = [site.connect(timeout=60) for _ in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        # The last piece of each request is sent after the first pieces of all requests.
        list(pool.map(lambda connection: connection.send(request[:-8]), connections))
        list(pool.map(lambda connection: connection.send(request[-8:]), connections))
        return set(pool.map(lambda connection: connection.read_answer().status, connections))


def largest_events(site: Site) -> None:
    for _ in range(4):
        assert post(site, json.dumps(LARGEST).encode()) == {201}


def filled(start: bytes, piece: bytes, end: bytes) -> bytes:
    """Returns a body of the largest size that is accepted."""
    return start + piece * ((MEBIBYTE - len(start) - len(end)) // len(piece)) + end


def bodies_of_many_small_values(site: Site) -> None:
    assert post(site, filled(b'{"tags":[""', b',""', b"]}")) == {422}


def bodies_of_many_arrays(site: Site) -> None:
    assert post(site, filled(b"[0", b"," + b"[" * 63 + b"0" + b"]" * 63, b"]")) == {422}


def slow_readers_and_slow_uploads_together(site: Site) -> None:
    """Half of the connections ask for the largest lists and take nothing; the other half send the largest bodies."""
    readers = [site.connect(timeout=60) for _ in range(CONNECTIONS // 2)]
    for number, connection in enumerate(readers):
        target = ("/events.ndjson", "/events?limit=1000", "/?limit=1000", "/events.csv?limit=1000")[number % 4]
        connection.send(whole_request("GET", target, more=HTML if target.startswith("/?") else None))
    body = filled(json.dumps(LARGEST).encode(), b" ", b"")
    request = whole_request("POST", "/nothing", body, JSON)
    senders = [site.connect(timeout=60) for _ in range(CONNECTIONS // 2)]
    for _ in range(2):
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda connection: connection.send(request[:-8]), senders))
            list(pool.map(lambda connection: connection.send(request[-8:]), senders))
            assert set(pool.map(lambda connection: connection.read_answer().status, senders)) == {404}
    for connection in readers:
        assert not connection.is_silent(60)


@pytest.mark.parametrize(
    "traffic",
    [
        exports_that_nobody_takes,
        long_lists_that_nobody_takes,
        pages,
        largest_events,
        bodies_of_many_small_values,
        bodies_of_many_arrays,
        slow_readers_and_slow_uploads_together,
    ],
    ids=lambda traffic: traffic.__name__,
)
def test_the_heaviest_traffic_fits(site: Site, log: str, traffic: Callable[[Site], None]) -> None:
    command = with_address_space(required_address_space(site))
    responder = site.start_responder(command=command, store=site.store if traffic is largest_events else log)
    traffic(site)
    print(f"{responder.peak_memory() / MEBIBYTE:.0f} MiB at the peak")
    assert responder.peak_memory() < ENOUGH
    connection = site.connect(timeout=2)
    assert connection.request("GET", "/health").status == 200
    assert connection.request("GET", "/events/evt_001").status == 200


def test_pages_that_nobody_takes_fit(site: Site, wide_log: str) -> None:
    responder = site.start_responder(store=wide_log)
    connections = [site.connect(timeout=60) for _ in range(CONNECTIONS)]
    for connection in connections:
        connection.send(whole_request("GET", "/?limit=1000", more=HTML))
    for connection in connections:
        assert not connection.is_silent(60)
    assert len(connections[0].read_answer().body) <= 2 * MEBIBYTE
    print(f"{responder.peak_memory() / MEBIBYTE:.0f} MiB at the peak")
    assert responder.peak_memory() < ENOUGH
    assert site.connect(timeout=2).request("GET", "/health").status == 200


def test_what_was_acknowledged_outlives_the_end_at_a_limit(site: Site) -> None:
    try:
        group = ControlGroup(64 * MEBIBYTE)
    except OSError as error:
        pytest.skip(f"this system does not allow a control group with a memory limit: {error}")
    acknowledged: list[list[str]] = [[] for _ in range(8)]

    def record(number: int, clients: Clients) -> None:
        body = json.dumps({"type": "info", "source": "writer", "message": f"from {number}"}).encode()
        with suppress(ConnectionEnded, ConnectionError), FastCGIConnection(site.socket) as connection:
            while not clients.ended.is_set():
                acknowledged[number].append(connection.request("POST", "/events", body, JSON).json()["id"])

    with group:
        responder = site.start_responder()
        largest_events(site)
        group.add(responder.pid)
        writers = Clients(len(acknowledged), record)
        try:
            wait_until(lambda: all(acknowledged) or writers.ended.is_set(), "every writer has recorded")
            # Each answer takes up about three megabytes until its client accepts it.
            lists = [site.connect() for _ in range(CONNECTIONS)]
            for connection in lists:
                with suppress(ConnectionError):
                    connection.send(whole_request("GET", "/events?limit=1000"))
            # A supervisor would restart a process that a signal has ended.
            assert responder.wait(30) == -signal.SIGKILL
        finally:
            writers.end()
            responder.kill()
    site.start_responder()
    recorded = site.connect().request("GET", "/events?source=writer").json()
    assert {id for ids in acknowledged for id in ids} <= {event["id"] for event in recorded}
