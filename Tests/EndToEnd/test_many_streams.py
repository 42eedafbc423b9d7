"""Tests many streams through each web server, and for long."""

import resource
import socket
import time

import pytest

from conftest import Site, open_site
from crowd import Crowd
from fcgi_client import whole_request
from front_ends import FrontEnd, Kind
from responder import wait_until
from web_server import AS_ROOT, Nginx, WebServer, program

MANY = 10_000
MEGABYTE = 1_000_000
HTTP_REQUEST = b"GET /events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"


def possible_streams(server: str) -> int:
    """Returns how many of the ten thousand a server can have on this machine: each takes two descriptors of a process."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    # nginx and Apache share them between processes. lighttpd accepts nothing more when nine tenths are taken.
    return MANY if server in ("nginx", "apache") else min(MANY, int(0.85 * hard) // 2)


def streams(site: Site) -> dict[str, int]:
    with site.connect() as connection:
        counts: dict[str, int] = connection.request("GET", "/status").json()["streams"]
        return counts


def direct_crowd(site: Site) -> Crowd:
    def connect() -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(site.socket))
        return connection

    return Crowd(connect, whole_request("GET", "/events/stream"))


def crowd_before(server: WebServer) -> Crowd:
    return Crowd(lambda: socket.create_connection(("127.0.0.1", server.port)), HTTP_REQUEST)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("server", ["nginx", "lighttpd", "apache", "caddy"])
def test_ten_thousand_streams_pass(server: str) -> None:
    with open_site() as site:
        front_end = FrontEnd(site, Kind(server))
        assert front_end.responder
        with crowd_before(front_end.web_server) as crowd, front_end.client() as client:
            count = possible_streams(server)
            crowd.join(count)
            assert streams(site)["open"] == count
            assert client.post_event().status == 201
            crowd.until_all_have(b"id: evt_001")
            peak = front_end.responder.peak_memory() / MEGABYTE
            print(f"{count} streams, {peak:.0f} MB")
            assert peak <= 100
        # Apache notices that a client is gone by the second sign of life, and Caddy by the fourth.
        wait_until(lambda: streams(site)["open"] == 0, "all places are free", 80 if server == "caddy" else 45)
        assert "error" not in front_end.responder.log.read_text()


def test_the_ones_beyond_the_limit_are_told_when_to_come_again(site: Site) -> None:
    site.start_responder("--max-streams", "300")
    web_server = site.start_web_server()
    with crowd_before(web_server) as crowd, web_server.client() as client:
        crowd.join(300)
        refused = client.get("/events/stream")
        assert refused.status == 503 and int(refused.field("Retry-After")) > 0
        assert client.post_event().status == 201
        crowd.until_all_have(b"id: evt_001")
        counts = streams(site)
        assert counts == {"open": 300, "opened": 300, "refused": 1, "abandoned": 0, "events": 300}
        metrics = client.get("/metrics").body.decode()
        for name, value in {
            "streams_open": 300, "streams_opened_total": 300, "streams_refused_total": 1,
            "streams_abandoned_total": 0, "stream_events_total": 300,
        }.items():  # fmt: skip
            assert f"\neventlog_{name} {value}\n" in metrics
            assert f"# HELP eventlog_{name} " in metrics and f"# TYPE eventlog_{name} " in metrics


def test_the_old_workers_of_nginx_end_although_they_have_streams(site: Site) -> None:
    site.start_responder()
    web_server = site.start_web_server()
    configuration = web_server.folder / "nginx.conf"
    shipped = configuration.read_text()
    assert "\nworker_shutdown_timeout 30s;" in shipped
    configuration.write_text(shipped.replace("worker_shutdown_timeout 30s", "worker_shutdown_timeout 1s"))
    web_server.reload()
    with web_server.client() as client:
        stream = client.start("GET", "/events/stream")
        assert stream.readline().startswith(b"retry:")
        start = time.monotonic()
        # It waits for the end of the old workers.
        web_server.reload()
        assert time.monotonic() - start < 15
        while stream.readline():
            assert time.monotonic() - start < 15


class PlainProxy(WebServer):
    """An nginx that knows nothing of streams, in front of another web server."""

    def __init__(self, site: Site, behind: WebServer) -> None:
        folder = site.folder / "proxy"
        folder.mkdir()
        super().__init__(
            folder,
            "pid nginx.pid; error_log stderr error; events {} http { access_log off; client_body_temp_path body;"
            " fastcgi_temp_path fastcgi; proxy_temp_path proxy; scgi_temp_path scgi; uwsgi_temp_path uwsgi;"
            " server { listen 127.0.0.1:@PORT@; location / { proxy_pass http://127.0.0.1:@BEHIND@; } } }",
            {"BEHIND": str(behind.port)},
            [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", "-g"]
            + ["daemon off;" + (" user root;" if AS_ROOT else "")],
            "nginx.conf",
        )
        site.end_with_peers(self.stop)


@pytest.mark.parametrize("server", ["nginx", "lighttpd", "apache", "caddy"])
def test_another_nginx_in_front_passes_streams_on_at_once(server: str) -> None:
    with open_site() as site:
        front_end = FrontEnd(site, Kind(server))
        proxy = PlainProxy(site, front_end.web_server)
        with crowd_before(proxy) as crowd, front_end.client() as client:
            crowd.join(3)
            for number in range(1, 4):
                assert client.post_event().status == 201
                crowd.until_all_have(b"id: evt_%03d" % number, seconds=5)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_memory_is_flat_over_200_000_signs_of_life(site: Site) -> None:
    """Five thousand streams for ten minutes get as many as one stream in five weeks."""
    responder = site.start_responder()
    with direct_crowd(site) as crowd:
        crowd.join(5000)
        crowd.until_all_have(b":\n\n", 4, 120)
        before = responder.resident_memory()
        crowd.until_all_have(b":\n\n", 44, 720)
        grown = (responder.resident_memory() - before) / MEGABYTE
        print(f"{before / MEGABYTE:.1f} MB, and {grown:+.1f}")
        assert grown < 2
        assert streams(site) == {"open": 5000, "opened": 5000, "refused": 0, "abandoned": 0, "events": 0}


@pytest.mark.long
@pytest.mark.timeout(600)
def test_memory_is_flat_over_streams_that_come_and_go(site: Site) -> None:
    responder = site.start_responder()
    web_server: Nginx = site.start_web_server()
    sizes: list[float] = []
    with web_server.client() as client:
        for number in range(1, 31):
            with crowd_before(web_server) as crowd:
                crowd.join(1000)
                assert client.post_event().status == 201
                crowd.until_all_have(b"id: evt_%03d" % number)
            wait_until(lambda: streams(site)["open"] == 0, "all places are free", 30)
            sizes.append(responder.resident_memory() / MEGABYTE)
    print([f"{size:.1f}" for size in sizes])
    assert sizes[-1] - sizes[9] < 2
