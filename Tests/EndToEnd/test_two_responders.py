"""Tests that several responders can share one SQLite file."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import Site
from http_client import JSON, valid_event
from load import Clients
from responder import Responder

RESPONDERS = 2
CONNECTIONS_EACH = 8
EVENTS_EACH = 250


def test_two_responders_append_to_one_file_without_loss(site: Site) -> None:
    sockets = [site.folder / f"{number}.sock" for number in range(RESPONDERS)]
    for path in sockets:
        site.start_responder(socket=path)
    acknowledged: list[tuple[str, str]] = []

    def post(number: int, clients: Clients) -> None:
        connection = site.connect(sockets[number % RESPONDERS])
        highest = 0
        for event in range(EVENTS_EACH):
            message = f"{number} {event}"
            body = json.dumps(valid_event(message=message)).encode()
            answer = connection.request("POST", "/events", body, JSON)
            assert answer.status == 201, answer
            id = answer.json()["id"]
            acknowledged.append((id, message))
            assert int(id.removeprefix("evt_")) > highest
            highest = int(id.removeprefix("evt_"))
            # Once a reader has seen an event, no event with a lower id appears later.
            newest = connection.request("GET", "/events?limit=1&order=desc").json()[0]["id"]
            assert int(newest.removeprefix("evt_")) >= highest

    clients = Clients(RESPONDERS * CONNECTIONS_EACH, post)
    clients.join()

    count = RESPONDERS * CONNECTIONS_EACH * EVENTS_EACH
    for path in sockets:
        events = site.connect(path).request("GET", "/events").json()
        assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, count + 1)]
        assert Counter((event["id"], event["message"]) for event in events) == Counter(acknowledged)


def test_both_fill_one_empty_log_with_one_set_of_examples(site: Site) -> None:
    """Several of them start at the same time, and each finds the log empty, or not yet there."""
    for round in range(5):
        store = f"sqlite:{site.folder / f'{round}.sqlite'}"
        sockets = [site.folder / f"{round}-{number}.sock" for number in range(4)]

        def start(path: Path, store: str = store) -> Responder:
            return site.start_responder("--examples", socket=path, store=store)

        with ThreadPoolExecutor(len(sockets)) as pool:
            responders = list(pool.map(start, sockets))
        for path in sockets:
            with site.connect(path) as connection:
                ids = [event["id"] for event in connection.request("GET", "/events").json()]
            assert ids == ["evt_001", "evt_002", "evt_003"]
        for responder in responders:
            responder.stop()


def test_an_event_of_one_is_at_once_there_for_the_other(site: Site) -> None:
    sockets = [site.folder / f"{number}.sock" for number in range(RESPONDERS)]
    for path in sockets:
        site.start_responder(socket=path)
    writer, reader = (site.connect(path) for path in sockets)
    for number in range(100):
        body = json.dumps(valid_event(message=f"number {number}")).encode()
        answer = writer.request("POST", "/events", body, JSON)
        assert answer.status == 201
        event = answer.json()
        assert reader.request("GET", f"/events/{event['id']}").json() == event
