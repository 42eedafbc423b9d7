"""Tests how a responder ends."""

import signal
import subprocess
import time

import pytest

from conftest import Site
from fcgi_client import STDIN, head, record, request_params, stream
from http_client import JSON
from responder import Responder

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_a_responder_without_connections_ends_with_0(responder: Responder, number: int) -> None:
    start = time.monotonic()
    responder.signal(number)
    assert responder.wait() == 0
    assert time.monotonic() - start < 2


def test_health_is_503_on_a_kept_connection_while_it_drains(site: Site, responder: Responder) -> None:
    health, events, post = site.connect(), site.connect(), site.connect()
    for connection in (health, events, post):
        assert connection.request("GET", "/health").json() == {"status": "ok"}
    responder.terminate()
    time.sleep(0.2)

    answer = health.request("GET", "/health")
    assert answer.status == 503
    assert answer.json() == {"status": "unavailable", "reason": "the process is about to end"}
    assert answer.field("Cache-Control") == "no-store"
    assert events.request("GET", "/events").status == 200
    assert post.request("POST", "/events", BODY, JSON).status == 201

    assert responder.process.poll() is None, "ended while connections were kept"
    for connection in (health, events, post):
        connection.close()
    assert responder.wait(2) == 0


def test_new_connections_are_refused_while_it_drains(site: Site, responder: Responder) -> None:
    assert site.connect().request("GET", "/health").status == 200
    responder.terminate()
    time.sleep(0.2)
    assert responder.process.poll() is None, "it drains"
    with pytest.raises((ConnectionRefusedError, FileNotFoundError)):
        site.connect()


def test_a_request_under_way_is_answered_before_it_ends(site: Site, responder: Responder) -> None:
    connection = site.connect()
    connection.send(head(request_params("POST", "/events", BODY, JSON)), stream(STDIN, BODY[:10]))
    time.sleep(0.1)
    responder.terminate()
    time.sleep(0.3)
    connection.send(stream(STDIN, BODY[10:]), record(STDIN))
    assert connection.read_answer().status == 201
    connection.close()
    assert responder.wait(2) == 0


def test_a_second_signal_ends_it_at_once(site: Site, responder: Responder) -> None:
    assert site.connect().request("GET", "/health").status == 200
    responder.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        responder.wait(1)
    responder.terminate()
    assert responder.wait(1) == 0
    assert "stopped by a second signal" in responder.log.read_text()


def test_the_drain_ends_when_its_time_is_over(site: Site) -> None:
    responder = site.start_responder("--drain-timeout", "1")
    assert site.connect().request("GET", "/health").status == 200
    start = time.monotonic()
    responder.terminate()
    assert responder.wait(5) == 0
    assert "after the drain timeout" in responder.log.read_text()
    assert 0.8 < time.monotonic() - start < 3


def test_it_outlives_broken_pipes_and_hang_ups_of_clients(site: Site, responder: Responder) -> None:
    for _ in range(200):
        with site.connect() as connection:
            connection.send(head(request_params("GET", "/events")), record(STDIN))
    assert site.connect().request("GET", "/health").status == 200
