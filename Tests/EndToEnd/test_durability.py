"""Tests the promise that when the responder answers 201, the event is on disk."""

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from contextlib import ExitStack

import pytest

from conftest import Site
from http_client import JSON, HTTPClient, valid_event
from load import Clients
from responder import Responder
from system_calls import WRITES, needs_strace, observed
from web_server import Nginx

WRITERS = 8
BODY = json.dumps(valid_event()).encode()


class Writer:
    """Posts events, each with a message of its own, and remembers what was acknowledged."""

    def __init__(self, name: str, web_server: Nginx) -> None:
        self.name = name
        self.sent = 0
        self.acknowledged: list[tuple[int, str]] = []
        self._web_server = web_server

    def write(self, ended: threading.Event) -> None:
        """Writes until told to end, or until the responder is gone."""
        with self._web_server.client(timeout=5) as client:
            while not ended.is_set() and self._post(client):
                pass

    def _post(self, client: HTTPClient) -> bool:
        self.sent += 1
        message = f"{self.name} {self.sent}"
        try:
            answer = client.post_event(message=message)
        except (OSError, http.client.HTTPException):
            return False
        if answer.status == 201:
            event = answer.json()
            assert event["message"] == message
            self.acknowledged.append((int(event["id"].removeprefix("evt_")), message))
            return True
        # nginx could not reach the responder, or it was killed during this request. Nobody knows whether the event is
        # stored.
        assert answer.status in (502, 504), answer
        return False


@pytest.mark.parametrize("rounds", [25, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(1800)])])
def test_every_acknowledged_event_outlives_every_kill(site: Site, rounds: int) -> None:
    random_numbers = random.Random(time.time_ns())
    web_server = site.start_web_server()
    writers = [Writer(f"writer {number}", web_server) for number in range(WRITERS)]
    kills_under_load = 0
    for _ in range(rounds):
        with ExitStack() as end:
            responder = Responder(site.socket, store=site.store)
            end.callback(responder.kill)
            before = sum(len(writer.acknowledged) for writer in writers)
            clients = Clients(WRITERS, lambda number, clients: writers[number].write(clients.ended))
            end.callback(clients.end)
            # The kill comes at any time from before the first event to the middle of many group commits.
            time.sleep(random_numbers.uniform(0, 0.6))
            responder.kill()
        kills_under_load += sum(len(writer.acknowledged) for writer in writers) > before

    site.start_responder()
    with web_server.client() as client:
        events = client.events()
    stored = {event["message"]: int(event["id"].removeprefix("evt_")) for event in events}
    acknowledged = [pair for writer in writers for pair in writer.acknowledged]
    print(f"{len(acknowledged)} acknowledged, {len(stored)} stored, {kills_under_load} kills under load")

    ids = list(stored.values())
    assert ids == sorted(set(ids)), "ids are not in order"
    assert max(Counter(event["message"] for event in events).values()) == 1, "an event is stored twice"
    lost = [pair for pair in acknowledged if stored.get(pair[1]) != pair[0]]
    assert not lost, f"{len(lost)} acknowledged events are not there, or under another id: {lost[:5]}"
    for writer in writers:
        assert writer.acknowledged == sorted(writer.acknowledged), "ids of one writer are not in its order"
    # Otherwise this test has shown nothing.
    assert kills_under_load > rounds / 2 and len(acknowledged) > 20 * rounds


def test_an_event_is_not_stored_by_a_request_that_found_nobody(site: Site) -> None:
    web_server = site.start_web_server()
    for number in range(10):
        responder = Responder(site.socket, store=site.store)
        with web_server.client() as client:
            # This opens a connection that nginx keeps.
            assert client.get("/health").status == 200
            responder.kill()
            assert client.post_event(message=f"number {number}").status == 502
    site.start_responder()
    with web_server.client() as client:
        assert client.events() == []


@needs_strace
def test_the_log_is_synced_before_every_201(site: Site) -> None:
    """The event is on the disk, and not only in the system's cache, which killing a process cannot show."""
    responder = site.start_responder()
    connection = site.connect()
    assert connection.request("GET", "/health").status == 200
    names = ["fsync", "fdatasync", "sendto", "sendmsg", *WRITES]
    with observed(responder.pid, site.folder, names) as calls:
        for _ in range(5):
            assert connection.request("POST", "/events", BODY, JSON).status == 201
    log = site.folder / "events.sqlite-wal"
    steps = []
    for call in calls:
        if call.is_sync_of(log):
            steps.append((call.ended, "s"))
        elif call.name in WRITES and f"<{log}>" in call.text:
            steps.append((call.ended, "w"))
        elif "201 Created" in call.text:
            steps.append((call.began, "a"))
    order = "".join(step for _, step in sorted(steps))
    # Whatever was written to the log is synced before the answer.
    assert re.fullmatch("((w+s+)+a){5}[ws]*", order), f"(w)rites, (s)yncs and (a)nswers: {order}"
