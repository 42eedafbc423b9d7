"""The C programs and the views that the benchmarks consist of do what the figures rely on."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection, whole_request
from http_client import HTTPClient
from responder import CHECKOUT, Responder

sys.path.append(str(CHECKOUT / "Tests/Benchmarks"))
from first_view import GOALS, TABLE, Page, chromium, view  # noqa: E402
from peers import PEERS, CProgram, Setting, compile_c  # noqa: E402

ANSWER = b"Status: 201 Created\r\nContent-Length: 200000\r\n\r\n" + bytes(200_000)


@pytest.fixture(params=["floor", "pool"])
def fixed_answer(request: pytest.FixtureRequest, site: Site) -> Iterator[Path]:
    """Yields the socket of a program that responds with `ANSWER`."""
    peer = PEERS[request.param]()
    assert isinstance(peer, CProgram)
    peer.build()
    setting = Setting(site.folder, site.folder)
    setting.answer.write_bytes(ANSWER)
    program = peer.start(setting)
    yield program.socket
    program.process.kill()
    program.process.wait()


def run_load(socket: Path, request: bytes, *options: str) -> Any:
    compile_c("load")
    file = socket.with_suffix(".request")
    file.write_bytes(request)
    load = CHECKOUT / ".build/benchmarks/load"
    output = subprocess.check_output([load, *options, socket, file], timeout=30)
    return json.loads(output)


def test_a_fixed_answer_follows_every_whole_request(fixed_answer: Path) -> None:
    with FastCGIConnection(fixed_answer) as connection:
        for body in (b"", b"x" * 100_000, b"{}"):
            connection.send(whole_request("POST", "/events", body, "application/json"))
            assert connection.read_output() == ANSWER


def test_the_load_counts_the_answers_of_every_connection(fixed_answer: Path) -> None:
    result = run_load(fixed_answer, whole_request("GET", "/"), "-c", "8", "-n", "1000")
    assert result["requests"] == 1000
    assert result["failures"] == 0
    assert result["bytes"] == len(ANSWER)
    assert 0 < result["p50"] <= result["p99"] <= result["p999"] <= result["max"]


def test_the_load_records_as_many_events_as_it_says(site: Site, responder: Responder) -> None:
    body = b'{"type": "info", "source": "load", "message": "hello"}'
    result = run_load(site.socket, whole_request("POST", "/events", body, "application/json"), "-c", "4", "-n", "100")
    assert (result["requests"], result["failures"]) == (100, 0)
    events = site.connect().request("GET", "/events").json()
    assert len(events) == 100


def test_the_load_tells_failures(site: Site, responder: Responder) -> None:
    result = run_load(site.socket, whole_request("GET", "/nowhere"), "-n", "20")
    assert (result["requests"], result["failures"]) == (20, 20)


def test_the_load_keeps_a_pace(site: Site, responder: Responder) -> None:
    result = run_load(site.socket, whole_request("GET", "/health"), "-c", "4", "-n", "50", "-r", "100")
    assert result["requests"] == 50
    assert result["seconds"] >= 0.48


def test_every_view_is_a_first_one(client: HTTPClient) -> None:
    client.post_event(type="info", source="view", message="hello")
    page = Page("eventlog", 1, "nginx", f"http://127.0.0.1:{client.connection.port}/", TABLE)
    with chromium() as browser:
        views = [view(browser, page) for _ in range(2)]
    assert views[0]["requests"] == views[1]["requests"]
    assert views[0]["wire"] == pytest.approx(views[1]["wire"], rel=0.01)
    for what in ("requests", "wire"):
        assert GOALS[what].is_met(views[0][what])


def test_a_view_is_measured_until_the_table_is_visible() -> None:
    html = """<link rel=icon href=data:,><p>Wait<table hidden><td>An event</table>
        <script>setTimeout(() => document.querySelector("table").hidden = false, 300)</script>"""
    with chromium() as browser:
        browser.route("**", lambda route: route.fulfill(content_type="text/html", body=html))
        measured = view(browser, Page("a page", 1, "", "http://page.example/", "td"))
    assert measured["table"] >= 300
    assert measured["requests"] == 1


def run_streams(folder: Path, address: str, requests: list[bytes], *options: str) -> tuple[float, Any]:
    compile_c("streams", "pthread")
    files = [folder / f"{number}.request" for number in range(len(requests))]
    for file, request in zip(files, requests, strict=True):
        file.write_bytes(request)
    command: list[str | Path] = [CHECKOUT / ".build/benchmarks/streams", *options, address, *files]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        connecting = float(process.stdout.readline())
        # It reads what is there already.
        time.sleep(0.5)
        output, _ = process.communicate("\n", timeout=60)
    assert process.returncode == 0
    return connecting, json.loads(output)


def test_the_readers_of_streams_see_each_event_after_its_201(site: Site, responder: Responder) -> None:
    body = json.dumps({"type": "info", "source": "reader-000007", "message": "m"}).encode()
    event = whole_request("POST", "/events", body, "application/json")
    stream = whole_request("GET", "/events/stream")
    address = str(site.socket)
    options = ["-c", "50", "-w", "8", "-e", "20", "-r", "50"]
    seconds, result = run_streams(site.folder, address, [stream, event], *options)
    assert seconds > 0
    assert site.connect().request("GET", "/status").json()["streams"]["events"] == 50 * 20
    assert 0 <= result["p50"] <= result["p99"] <= result["max"] == result["last_max"]
    assert result["p50"] <= result["last_p50"] <= result["last_p99"] <= result["last_max"] < 5_000_000
    assert result["processor"] > 0


def test_each_reader_of_streams_has_its_own_filter(site: Site, responder: Responder) -> None:
    recorded = [f"reader-{number:06}" for number in (3, 4, 4, 99)]
    for source in recorded:
        body = json.dumps({"type": "info", "source": source, "message": "m"}).encode()
        assert site.connect().request("POST", "/events", body, "application/json").status == 201
    stream = whole_request("GET", "/events/stream?after=evt_001&source=reader-@@@@@@")
    _, result = run_streams(site.folder, str(site.socket), [stream], "-c", "10")
    assert result == {"events": 2}
