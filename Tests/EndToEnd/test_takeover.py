"""Tests that a new version takes over from an old one under load without any client noticing."""

import http.client
import subprocess

import pytest

from conftest import Site
from load import Traffic
from responder import BINARY, clean_environment, wait_until
from web_server import Nginx

CONNECTIONS = 32


def test_not_one_of_32_connections_sees_a_failure(site: Site) -> None:
    """The old and the new responder share the store and the socket's path. The old one gets TERM as soon as the new one
    answers.
    """
    web_server = site.start_web_server()
    responder = site.start_responder()
    traffic = Traffic(CONNECTIONS, web_server.client)
    try:
        for _ in range(3):
            traffic.wait_for(300)
            successor = site.start_responder("--replace")
            responder.terminate()
            before = len(traffic.acknowledged)
            assert responder.wait(seconds=25) == 0
            assert len(traffic.acknowledged) > before, "there was no load while it drained"
            responder = successor
        traffic.wait_for(300)
    finally:
        traffic.end()
    with web_server.client() as client:
        assert sorted(event["id"] for event in client.events()) == sorted(traffic.acknowledged)


def test_idle_connections_of_nginx_are_let_go_within_the_drain(site: Site) -> None:
    """Requests on the connections that are in nginx's pool at the time of TERM are still answered."""
    web_server = site.start_web_server()
    old = site.start_responder()
    fill_the_pool(web_server)
    site.start_responder("--replace")
    old.terminate()
    with web_server.client() as client:
        for _ in range(20):
            assert client.post_event().status == 201
    assert old.wait(seconds=25) == 0


def fill_the_pool(web_server: Nginx) -> None:
    """Sends several requests at a time, so that nginx has several connections to keep."""
    connections = [http.client.HTTPConnection("127.0.0.1", web_server.port) for _ in range(20)]
    for connection in connections:
        connection.request("GET", "/events")
    for connection in connections:
        assert connection.getresponse().read()
        connection.close()


# The program then has the process id 1, as in a container.
AS_PID_1 = ["unshare", "--pid", "--fork", "--kill-child"]


@pytest.mark.skipif(
    subprocess.run([*AS_PID_1, "true"], capture_output=True).returncode != 0,
    reason="this machine does not allow namespaces, which containers need",
)
def test_two_processes_with_the_id_1_may_take_over_at_the_same_time(site: Site) -> None:
    """Two containers that share a volume are started with the same command. One of them answers."""
    command = [*AS_PID_1, str(BINARY), "serve", "--listen", f"unix:{site.socket}", "--replace", "--store", "memory"]
    for number in range(12):
        log = site.folder / f"{number}.log"
        with log.open("wb") as output:
            processes = [
                subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stderr=output, env=clean_environment()
                )
                for _ in range(2)
            ]
        try:
            wait_until(lambda: log.read_text().count("listening") == 2, "both of them listen")
            with site.connect(timeout=5) as connection:
                assert connection.request("GET", "/health").status == 200
        finally:
            for process in processes:
                process.kill()
                process.wait()
    assert [path.name for path in site.folder.glob("eventlog.sock?*")] == [], "nothing else is left behind"
