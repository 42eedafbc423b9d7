"""Tests that the index answers as reading every event would, whatever happens to the processes that build it."""

import json
import random
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

import older_log
from conftest import Site
from fcgi_client import ConnectionEnded, FastCGIConnection
from load import Clients
from responder import BINARY, Responder, clean_environment, run_to_end, wait_until

NDJSON = "application/x-ndjson"
WORDS = ["lorem", "ipsum", "dolor", "amet", "straße", "zz", "🎉", "4711"]

Event = dict[str, Any]


def event(random_numbers: random.Random, **members: Any) -> Event:
    words = random_numbers.choices(WORDS, k=random_numbers.randint(1, 6))
    optional = {
        "user_id": f"u-{random_numbers.randint(1, 9)}",
        "tags": [random_numbers.choice("abc")],
        "data": {"order": {"id": random_numbers.randint(1, 9)}},
    }
    given = {name: value for name, value in optional.items() if random_numbers.random() < 0.4}
    source = f"source {random_numbers.randint(1, 6)}"
    return {"type": random_numbers.choice(["info", "error"]), "source": source, "message": " ".join(words), **given, **members}


def lines(events: list[Event]) -> bytes:
    return "".join(json.dumps(event) + "\n" for event in events).encode()


# Queries, and which events each finds.
QUESTIONS: dict[str, Callable[[Event], bool]] = {
    "q=zz": lambda event: "zz" in event["message"],
    "q=lorem+ipsum": lambda event: "lorem" in event["message"] and "ipsum" in event["message"],
    "q=m+i": lambda event: all(letter in (event["source"] + "\n" + event["message"]) for letter in "mi"),
    "q=STRASSE&type=error": lambda event: "straße" in event["message"] and event["type"] == "error",
    "source=source+3": lambda event: event["source"] == "source 3",
    "user_id=u-4": lambda event: event.get("user_id") == "u-4",
    "tag=b&q=4711": lambda event: "b" in event.get("tags", []) and "4711" in event["message"],
    "data.order.id=7": lambda event: event.get("data", {}).get("order", {}).get("id") == 7,
}


def assert_exact(connection: FastCGIConnection) -> list[Event]:
    """Compares the answers of the index with what the list of all events says, which is read from the events."""
    events: list[Event] = connection.request("GET", "/events.json").json()
    newest = events[-1]["id"] if events else None
    for query, matches in QUESTIONS.items():
        expected = [event["id"] for event in events if matches(event)]
        assert [event["id"] for event in connection.request("GET", f"/events.json?{query}").json()] == expected, query
        histogram = connection.request("GET", f"/events/histogram?{query}&buckets=3").json()
        assert histogram["total"] == len(expected), query
    facets = connection.request("GET", "/events/facets?by=source&limit=100").json()
    assert {value["value"]: value["count"] for value in facets["values"]} == Counter(
        event["source"] for event in events
    )
    assert connection.request("GET", "/events?limit=1&order=desc").json()[0]["id"] == newest if newest else True
    return events


@pytest.mark.parametrize(
    "seconds", [5, pytest.param(60, marks=[pytest.mark.long, pytest.mark.timeout(300)], id="a minute")]
)
def test_what_one_process_records_the_other_finds_at_once(site: Site, seconds: int) -> None:
    sockets = [site.folder / f"{number}.sock" for number in range(2)]
    for path in sockets:
        site.start_responder(socket=path)
    end = time.monotonic() + seconds
    recorded = [0] * 4

    def work(number: int, clients: Clients) -> None:
        random_numbers = random.Random(number)
        own, other = site.connect(sockets[number % 2]), site.connect(sockets[1 - number % 2])
        while time.monotonic() < end and not clients.ended.is_set():
            mark = f"mark-{number}-{recorded[number]}-end"
            count = random_numbers.choice([1, 20, 300])
            batch = [event(random_numbers, message=f"number {place} {mark}") for place in range(count - 1)]
            batch.append(event(random_numbers, message=mark, user_id=mark, data={"mark": mark}))
            answer = own.request("POST", "/events", lines(batch), NDJSON)
            assert answer.status == 201, answer
            last = answer.json()["last_id"]
            recorded[number] += count
            for query, size in ((f"q={mark}", count), (f"user_id={mark}", 1), (f"data.mark={mark}", 1)):
                found = other.request("GET", f"/events?{query}").json()
                assert len(found) == size and found[-1]["id"] == last, query

    Clients(4, work).join()
    for path in sockets:
        events = assert_exact(site.connect(path))
        assert len(events) == sum(recorded)
        assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, len(events) + 1)]
    assert run_to_end("check", EVENTLOG_STORE=site.store).returncode == 0


def record_until_the_end(site: Site, acknowledged: list[tuple[int, Event]], seed: int) -> threading.Thread:
    def work() -> None:
        random_numbers = random.Random(seed)
        with suppress(ConnectionEnded, OSError), FastCGIConnection(site.socket) as connection:
            while True:
                batch = [event(random_numbers) for _ in range(random_numbers.choice([1, 100, 1000]))]
                answer = connection.request("POST", "/events", lines(batch), NDJSON)
                if answer.status != 201:
                    continue
                first = int(answer.json()["first_id"][4:])
                acknowledged.extend((first + place, event) for place, event in enumerate(batch))

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def start_reindexing(site: Site) -> subprocess.Popen[bytes]:
    environment = clean_environment(EVENTLOG_STORE=site.store)
    return subprocess.Popen(
        [BINARY, "reindex"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )


@pytest.mark.parametrize(
    "rounds", [8, pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(3600)], id="long")]
)
@pytest.mark.parametrize("work", ["seal", "migrate", "reindex"])
def test_the_index_is_exact_after_every_kill(site: Site, work: str, rounds: int) -> None:
    """The kill comes at any moment of sealing, merging, migrating or reindexing."""
    random_numbers = random.Random(time.time_ns())
    path = site.folder / "events.sqlite"
    acknowledged: list[tuple[int, Event]] = []
    for round in range(rounds):
        if round % 8 == 0 or work == "migrate":
            for file in site.folder.glob("events.sqlite*"):
                file.unlink()
            acknowledged.clear()
            if work == "migrate":
                older_log.create(path, random_numbers.randint(1, 5), 6000)
        responder = Responder(site.socket, store=site.store)
        victims = [responder.process]
        writers = [record_until_the_end(site, acknowledged, random_numbers.randrange(1 << 30)) for _ in range(2)]
        if work == "reindex":
            time.sleep(random_numbers.uniform(0, 0.3))
            victims.append(start_reindexing(site))
        time.sleep(random_numbers.uniform(0, 0.5))
        random_numbers.shuffle(victims)
        for process in victims:
            process.kill()
            process.wait()
            time.sleep(random_numbers.uniform(0, 0.05))
        for writer in writers:
            writer.join(30)
        responder = Responder(site.socket, store=site.store)
        try:
            with FastCGIConnection(site.socket, 60) as connection:
                wait_until(lambda: connection.request("GET", "/health").status == 200, "it answers", 30)
                stored = {int(event["id"][4:]): event["message"] for event in assert_exact(connection)}
        finally:
            responder.kill()
        assert all(stored[id] == event["message"] for id, event in acknowledged)
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    checked = run_to_end("check", EVENTLOG_STORE=site.store)
    assert checked.returncode == 0, checked
