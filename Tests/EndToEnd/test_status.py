"""Tests what operators see: /status, /metrics and the log line for a slow request."""

import json
import re
import sqlite3
import subprocess
import time

from conftest import Site
from fcgi_client import whole_request
from http_client import JSON, HTTPClient
from responder import BINARY, Responder, clean_environment, wait_until

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'


def test_status_tells_what_was_done(site: Site, client: HTTPClient) -> None:
    for number in range(5):
        assert client.post_event(message=f"number {number}").status == 201
    client.get("/events/evt_999").problem(404)
    status = client.get("/status").json()
    assert status["status"] == "ok" and status["uptime"] > 0
    store = status["store"]
    assert (store["events"], store["commits"], store["committed_events"]) == (5, 5, 5)
    files = site.folder.glob("events.sqlite*")
    assert store["bytes"] == sum(file.stat().st_size for file in files)
    assert status["requests"]["answered"]["2xx"] == 5 and status["requests"]["answered"]["4xx"] == 1
    assert status["requests"]["in_flight"] == 1, "this one"
    slowest = status["requests"]["slowest"]
    assert {request["target"] for request in slowest} == {"/events", "/events/evt_999"}
    assert sorted(slowest, key=lambda request: -request["duration"]) == slowest
    assert status["connections"]["open"] >= 1


def test_metrics_agree_with_status(client: HTTPClient) -> None:
    assert client.post_event().status == 201
    answer = client.get("/metrics")
    assert answer.field("Content-Type").startswith("text/plain; version=0.0.4")
    samples = dict(
        line.rsplit(" ", 1) for line in answer.body.decode().splitlines() if not line.startswith("#")
    )
    status = client.get("/status").json()
    assert samples["eventlog_store_events"] == str(status["store"]["events"]) == "1"
    assert samples['eventlog_responses_total{code="2xx"}'] == "1"
    assert all(float(value) >= 0 for value in samples.values())


def slow_lines(responder: Responder) -> list[str]:
    return [line for line in responder.log.read_text().splitlines() if "slow request" in line]


def test_a_request_that_takes_longer_is_logged_with_its_id(site: Site) -> None:
    responder = site.start_responder("--slow-request", "200ms")
    connection = site.connect()
    assert connection.request("POST", "/events", BODY, JSON).status == 201
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    connection.send(whole_request("POST", "/events?why", BODY, JSON, {"HTTP_X_REQUEST_ID": "the-slow-one"}))
    assert connection.is_silent(0.5)
    database.execute("ROLLBACK")
    database.close()
    assert connection.read_answer().status == 201
    wait_until(lambda: len(slow_lines(responder)) > 0, "it is logged")
    (line,) = slow_lines(responder)
    for part in ("method=POST", "request-id=the-slow-one", "status=201", "target=/events?why"):
        assert part in line
    (milliseconds,) = re.findall(r"milliseconds=(\d+)", line)
    assert 500 <= int(milliseconds) < 10_000
    slowest = connection.request("GET", "/status").json()["requests"]["slowest"][0]
    assert slowest["request_id"] == "the-slow-one" and slowest["duration"] >= 0.5


def test_no_request_is_logged_as_slow_where_nobody_wants_to_know(site: Site) -> None:
    responder = site.start_responder("--slow-request", "0")
    connection = site.connect()
    for _ in range(3):
        assert connection.request("POST", "/events", BODY, JSON).status == 201
    responder.terminate()
    connection.close()
    assert responder.wait() == 0
    assert "drained" in responder.log.read_text()
    assert slow_lines(responder) == []


def test_a_search_is_stopped_after_the_time_that_was_given(site: Site) -> None:
    """Two searches run at a time, and each of these looks through 20 MB, so the last one would wait for long. Without the
    option, it would be stopped after ten seconds."""
    event = json.dumps({"type": "info", "source": "s", "message": "\u00e9" * 10_000}).encode() + b"\n"
    command = [BINARY, "import", "--store", site.store, "-"]
    subprocess.run(command, input=event * 1000, check=True, timeout=60, env=clean_environment())
    site.start_responder("--query-timeout", "1")
    connections = [site.connect(timeout=8) for _ in range(32)]
    for connection in connections:
        connection.send(whole_request("GET", "/events?limit=1&q=zz"))
    answer = connections[-1].read_answer()
    assert answer.problem(503)["type"] == "/docs#problem-search-timed-out"
    assert answer.field("Retry-After")


def test_a_client_that_reads_slowly_does_not_make_a_request_slow(site: Site) -> None:
    event = json.dumps({"type": "info", "source": "s", "message": "x" * 2000}).encode() + b"\n"
    command = [BINARY, "import", "--store", site.store, "-"]
    subprocess.run(command, input=event * 5000, check=True, timeout=60, env=clean_environment())
    responder = site.start_responder("--slow-request", "2s")
    connection = site.connect()
    connection.send(whole_request("GET", "/events"))
    time.sleep(2.5)
    assert len(connection.read_answer().json()) == 5000
    # The request is the slowest one, but it did not take long.
    slowest = connection.request("GET", "/status").json()["requests"]["slowest"][0]
    assert slowest["target"] == "/events" and 0 < slowest["duration"] < 2
    assert slow_lines(responder) == []
