"""Standard error may take nothing: a pipe that nobody reads, or a full disk. Then lines are dropped, and nobody waits."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from conftest import Site
from fcgi_client import whole_request
from responder import BINARY, clean_environment, wait_until

# Each request is logged, and the path makes the line long.
TARGET = "/" + "x" * 4000


@contextmanager
def started(site: Site, stderr: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [BINARY, "serve", "--listen", f"unix:{site.socket}", "--store", "memory", "--log-level", "debug"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=stderr, env=clean_environment())
    try:
        wait_until(site.socket.exists, "it listens")
        yield process
    finally:
        process.kill()
        process.wait()


def dropped_lines(site: Site) -> int:
    with site.connect() as connection:
        status = connection.request("GET", "/status").json()
        metrics = connection.request("GET", "/metrics").body.decode()
    dropped = status["log"]["dropped_lines"]
    assert isinstance(dropped, int)
    counted = re.search(r"^eventlog_log_lines_dropped_total (\d+)$", metrics, re.MULTILINE)
    # The first of the two requests is logged, too, and lines that wait may be dropped between the two.
    assert counted and dropped <= int(counted[1]) <= dropped + 12
    return dropped


def log_much(site: Site, requests: int) -> None:
    with site.connect(timeout=5) as connection:
        for _ in range(requests):
            assert connection.request("GET", TARGET).status == 404


def test_a_log_that_nobody_reads_stops_nobody_and_not_the_end(site: Site) -> None:
    reader, writer = os.pipe()
    with started(site, writer) as process:
        os.close(writer)
        # A pipe holds 64 KiB.
        log_much(site, 300)
        dropped = dropped_lines(site)
        assert 0 < dropped < 300
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    os.close(reader)


def test_when_the_log_flows_again_it_tells_how_much_is_missing(site: Site) -> None:
    reader, writer = os.pipe()
    with started(site, writer) as process:
        os.close(writer)
        log_much(site, 300)
        dropped = dropped_lines(site)
        text = b""
        while b" dropped, because" not in text:
            text += os.read(reader, 65_536)
        found = re.search(rb"^eventlog: (\d+) log lines dropped", text, re.MULTILINE)
        # The requests that asked for the number are logged, too.
        assert found and dropped <= int(found[1]) <= dropped + 4
        lines = [line for line in text.splitlines() if TARGET.encode() in line]
        assert len(lines) == 300 - dropped, "everything else was written before"
        log_much(site, 1)
        assert TARGET.encode() in os.read(reader, 65_536)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    os.close(reader)


def test_a_log_on_a_full_disk_stops_nobody(site: Site) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    with started(site, full) as process:
        log_much(site, 10)
        wait_until(lambda: dropped_lines(site) >= 10, "the lines are counted")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    os.close(full)


def test_a_log_whose_reader_has_gone_stops_nobody(site: Site) -> None:
    reader, writer = os.pipe()
    with started(site, writer) as process:
        os.close(writer)
        os.close(reader)
        log_much(site, 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_the_first_request_is_answered_too(site: Site) -> None:
    """The pipe is full before the program starts."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writer, True)
    with started(site, writer) as process:
        os.close(writer)
        with site.connect(timeout=5) as connection:
            connection.send(whole_request("GET", "/health"))
            assert connection.read_answer().status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    os.close(reader)
