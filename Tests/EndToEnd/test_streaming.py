"""`GET /events` without a limit returns everything in constant memory, and a cut response never looks complete."""

import http.client
import json
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Site
from fcgi_client import STDOUT, ConnectionEnded, whole_request
from http_client import JSON
from load import in_step
from responder import BINARY, Responder, clean_environment

COUNT = 200_000
MESSAGE = (
    "a message of some length, so that the whole answer is far larger than what may be held of it: "
    + "x" * 150
)
MEMORY = 30_000_000


def message(number: int) -> str:
    return f"{number} {MESSAGE}"


@pytest.fixture(scope="module")
def full_log() -> Iterator[str]:
    """Yields the URL of a store with 200,000 events."""
    with tempfile.TemporaryDirectory(prefix="eventlog-full-") as folder:
        store = f"sqlite:{folder}/events.sqlite"
        events = "".join(
            json.dumps({"type": "info", "source": "fill", "message": message(number)}) + "\n"
            for number in range(1, COUNT + 1)
        )
        command = [BINARY, "import", "--store", store, "-"]
        subprocess.run(command, input=events, text=True, check=True, timeout=120, env=clean_environment())
        yield store


@pytest.mark.parametrize("count", [10_000, pytest.param(1_000_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])])
def test_every_event_of_many_connections_is_recorded(site: Site, count: int) -> None:
    site.start_responder()
    bodies = (
        json.dumps({"type": "info", "source": "fill", "message": message(number)}).encode()
        for number in range(1, count + 1)
    )
    requests = (whole_request("POST", "/events", body, JSON) for body in bodies)
    assert all(answer.status == 201 for answer in in_step(site.socket, requests, connections=256))
    events = site.connect(timeout=60).request("GET", "/events").json()
    assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, count + 1)]
    assert {event["message"] for event in events} == {message(number) for number in range(1, count + 1)}


@pytest.fixture
def responder(site: Site, full_log: str) -> Responder:
    return site.start_responder(store=full_log)


@contextmanager
def peak_memory(responder: Responder) -> Iterator[Callable[[], int]]:
    """Samples the resident memory continuously. The yielded function returns the peak in bytes."""
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.is_set():
            peak = max(peak, responder.resident_memory())
            time.sleep(0.005)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield lambda: peak
    finally:
        done.set()
        sampler.join()


def assert_complete(body: bytes) -> None:
    events = json.loads(body)
    assert len(body) > 2 * MEMORY, "too small to show anything"
    assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, COUNT + 1)]
    assert len({event["message"] for event in events}) == COUNT


def test_everything_comes_whole_in_constant_memory(site: Site, responder: Responder) -> None:
    with site.start_web_server().client() as client:
        assert client.get("/events?limit=50").status == 200
        idle = responder.resident_memory()
        with peak_memory(responder) as peak:
            answer = client.get("/events")
        assert answer.status == 200
        assert_complete(answer.body)
        assert peak() < idle + MEMORY


def test_slow_readers_cost_no_memory_either(site: Site, responder: Responder) -> None:
    """Four readers through nginx and four on the socket begin, stop reading, and still get everything in the end."""
    web_server = site.start_web_server()
    direct = [site.connect(timeout=60) for _ in range(4)]
    clients = [web_server.client(timeout=60) for _ in range(4)]
    assert direct[0].request("GET", "/events?limit=50").status == 200
    idle = responder.resident_memory()
    with peak_memory(responder) as peak:
        for connection in direct:
            connection.send(whole_request("GET", "/events"))
        responses = [client.start("GET", "/events") for client in clients]
        time.sleep(3)
        assert site.connect(timeout=2).request("GET", "/health").status == 200
        assert_complete(direct[0].read_answer().body)
        assert_complete(responses[0].read())
        for connection in direct:
            connection.close()
        for client in clients:
            client.close()
    assert peak() < idle + MEMORY


def test_a_responder_killed_in_the_middle_is_an_error_for_the_client(
    site: Site, responder: Responder
) -> None:
    with site.start_web_server().client() as client:
        response = client.start("GET", "/events")
        assert response.status == 200
        assert len(response.read(1_000_000)) == 1_000_000
        responder.kill()
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()


def test_a_stopped_responder_ends_the_stream_visibly_too(site: Site, full_log: str) -> None:
    """A drain does not wait forever for a client that does not read. A response that is cut off has no end-request."""
    responder = site.start_responder("--drain-timeout", "1", store=full_log)
    connection = site.connect()
    connection.send(whole_request("GET", "/events"))
    first = connection.read_record()
    assert first is not None and first.type == STDOUT
    responder.terminate()
    assert responder.wait(5) == 0
    with pytest.raises(ConnectionEnded):
        connection.read_output()


def test_a_download_under_way_is_finished_by_a_drain(site: Site, responder: Responder) -> None:
    with site.start_web_server().client() as client:
        response = client.start("GET", "/events")
        beginning = response.read(1_000_000)
        responder.terminate()
        assert_complete(beginning + response.read())
        assert responder.wait(10) == 0


def test_a_client_that_goes_away_ends_the_work_for_it(site: Site, responder: Responder) -> None:
    connections = [site.connect() for _ in range(50)]
    for connection in connections:
        connection.send(whole_request("GET", "/events"))
        assert connection.read_record() is not None
        connection.socket.shutdown(socket.SHUT_RDWR)
        connection.close()
    time.sleep(1)
    before = processor_time(responder)
    time.sleep(1)
    assert processor_time(responder) - before < 0.2
    status = site.connect(timeout=2).request("GET", "/status").json()
    assert status["requests"]["in_flight"] == 1, "nothing but this"


def processor_time(responder: Responder) -> float:
    """Returns the user and system time so far, in seconds."""
    fields = Path(f"/proc/{responder.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_download_is_the_log_as_it_was_at_its_start(site: Site) -> None:
    site.start_responder()
    download, other = site.connect(), site.connect()
    body = b'{"type":"info","source":"a","message":"' + b"x" * 60_000 + b'"}'
    for _ in range(100):
        assert other.request("POST", "/events", body, JSON).status == 201
    download.send(whole_request("GET", "/events"))
    assert not download.is_silent(5)
    for _ in range(100):
        assert other.request("POST", "/events", body, JSON).status == 201
    assert len(download.read_answer().json()) == 100
