"""An idle kept connection costs no thread and delays no other request."""

import resource
import time

import pytest

from conftest import Site
from fcgi_client import FastCGIConnection

IDLE = 10_000


def test_ten_thousand_idle_connections_cost_no_thread_and_no_time(site: Site) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < IDLE + 200:
        pytest.skip(f"a process here may have only {hard} open files")
    responder = site.start_responder()
    connections: list[FastCGIConnection] = []
    try:
        for _ in range(50):
            connections.append(site.connect())
            assert connections[-1].request("GET", "/events").status == 200
        threads, memory = responder.thread_count(), responder.resident_memory()

        while len(connections) < IDLE:
            connection = FastCGIConnection(site.socket)
            connections.append(connection)
            assert connection.request("GET", "/health").status == 200
        assert responder.descriptor_count() >= IDLE
        # One or two threads with another purpose may have started late.
        assert responder.thread_count() < threads + 5
        cost = (responder.resident_memory() - memory) / (IDLE - 50)
        print(f"{cost:.0f} bytes a connection")
        assert cost < 8_192

        for connection in (site.connect(), connections[0], connections[IDLE // 2], connections[-1]):
            start = time.monotonic()
            assert connection.request("GET", "/health").status == 200
            assert time.monotonic() - start < 0.1
    finally:
        for connection in connections:
            connection.close()
    deadline = time.monotonic() + 5
    while responder.descriptor_count() > 100 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert responder.descriptor_count() <= 100
