"""A new version takes over from an old one under load, and no client notices."""

import http.client
import time

from conftest import Site
from load import Clients
from web_server import Nginx

CONNECTIONS = 32


def test_not_one_of_32_connections_sees_a_failure(site: Site) -> None:
    """Old and new share store and socket path. The old one gets TERM as soon as the new one answers."""
    web_server = site.start_web_server()
    responder = site.start_responder()
    acknowledged: list[list[str]] = [[] for _ in range(CONNECTIONS)]
    requests = [0] * CONNECTIONS

    def get_and_post(number: int, clients: Clients) -> None:
        with web_server.client() as client:
            while not clients.ended.is_set():
                answer = client.get("/events?limit=5&order=desc")
                assert answer.status == 200, answer
                answer = client.post_event(message=f"{number} {requests[number]}")
                assert answer.status == 201, answer
                acknowledged[number].append(answer.json()["id"])
                requests[number] += 2

    clients = Clients(CONNECTIONS, get_and_post)
    try:
        for _ in range(3):
            time.sleep(1)
            successor = site.start_responder("--replace")
            responder.terminate()
            before = sum(requests)
            assert responder.wait(seconds=25) == 0
            assert sum(requests) > before + CONNECTIONS, "there was no load while it drained"
            responder = successor
        time.sleep(1)
    finally:
        clients.end()

    with web_server.client() as client:
        stored = [event["id"] for event in client.events()]
    assert sorted(stored) == sorted(id for ids in acknowledged for id in ids)
    assert len(set(stored)) == len(stored) > 1000
    print(f"{sum(requests)} requests, three takeovers")


def test_idle_connections_of_nginx_are_let_go_within_the_drain(site: Site) -> None:
    """Connections in nginx's pool at the time of TERM: requests that follow on them are answered."""
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
    """Several requests at a time, so that nginx has several connections to keep."""
    connections = [http.client.HTTPConnection("127.0.0.1", web_server.port) for _ in range(20)]
    for connection in connections:
        connection.request("GET", "/events")
    for connection in connections:
        assert connection.getresponse().read()
        connection.close()
