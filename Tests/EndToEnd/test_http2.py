"""Tests streams over HTTP/2, through nginx with TLS."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from conftest import Site
from http_client import HTTPClient
from responder import Responder, wait_until
from web_server import Nginx, free_port

STREAMS = 10


@pytest.fixture
def port() -> int:
    """Provides the port for TLS."""
    return free_port()


@pytest.fixture
def web_server(site: Site, responder: Responder, port: int) -> Nginx:
    """Provides nginx with the shipped configuration, and what its comment says to add for TLS."""
    key, certificate = site.folder / "key.pem", site.folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        + ["-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    tls = f"listen 127.0.0.1:{port} ssl http2; ssl_certificate {certificate}; ssl_certificate_key {key};"
    server = Nginx(site.folder / "nginx", site.socket, replaced=f"include eventlog/server.conf; {tls}")
    site.end_with_peers(server.stop)
    return server


def test_curl_follows_several_streams_on_one_connection(
    web_server: Nginx, client: HTTPClient, responder: Responder, port: int, tmp_path: Path
) -> None:
    files = [tmp_path / str(number) for number in range(3)]
    command = ["curl", "--silent", "--insecure", "--http2", "--no-buffer", "--parallel"]
    command += ["--write-out", "%{http_version} %{num_connects}\n"]
    for number, file in enumerate(files):
        command += ["-o", str(file), f"https://127.0.0.1:{port}/events/stream?tag=t{number}"]
    curl = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: all(file.exists() and b"retry" in file.read_bytes() for file in files), "all have begun")
        for number, file in enumerate(files):
            event = client.post_event(tags=[f"t{number}"]).json()
            wait_until(lambda file=file, id=event["id"]: f"id: {id}\n" in file.read_text(), "it has arrived", 2)  # type: ignore[misc]
        assert all(file.read_text().count("data:") == 1 for file in files)
        # A drain ends the streams, and curl then tells of each what it took.
        responder.terminate()
        output, _ = curl.communicate(timeout=30)
    finally:
        curl.kill()
        curl.wait()
    transfers = [line.split() for line in output.splitlines()]
    assert [version for version, _ in transfers] == ["2"] * 3
    assert sum(int(connections) for _, connections in transfers) == 1
    assert curl.returncode == 0


@pytest.fixture
def page(chromium: Browser, web_server: Nginx, port: int) -> Iterator[Page]:
    context = chromium.new_context(ignore_https_errors=True, bypass_csp=True)
    page = context.new_page()
    page.goto(f"https://127.0.0.1:{port}/docs")
    yield page
    context.close()


def test_a_browser_has_more_streams_than_it_has_connections_for_a_host(page: Page, client: HTTPClient) -> None:
    """Over HTTP/1.1, only six of them would open."""
    page.evaluate(
        """count => {
          window.opened = 0
          window.received = Array.from({ length: count }, () => [])
          for (let number = 0; number < count; number++) {
            const source = new EventSource(`/events/stream?user_id=u${number % 2}`)
            source.onopen = () => window.opened++
            source.onmessage = event => window.received[number].push(event.lastEventId)
          }
        }""",
        STREAMS,
    )
    page.wait_for_function(f"window.opened == {STREAMS}", timeout=10_000)
    for number in range(4):
        client.post_event(user_id=f"u{number % 2}")
    page.wait_for_function("window.received.every(ids => ids.length == 2)", timeout=5000)
    wanted = [["evt_001", "evt_003"], ["evt_002", "evt_004"]] * (STREAMS // 2)
    assert page.evaluate("window.received") == wanted
