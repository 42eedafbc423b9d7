"""Tests that a request with an Idempotency-Key is recorded once, however often and wherever it is sent."""

import json
import sqlite3
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from answer import Answer
from conftest import Site
from html_page import HTMLPage
from http_client import FORM, JSON, HTTPClient, valid_event
from responder import wait_until
from test_batches import NDJSON, lines
from web_server import Nginx

BODY = json.dumps(valid_event()).encode()


def post(
    client: HTTPClient, key: str, body: bytes = BODY, media_type: str = JSON, query: str = ""
) -> Answer:
    fields = {"Content-Type": media_type, "Idempotency-Key": key}
    return client.request("POST", f"/events{query}", body, fields)


def test_the_same_request_gets_the_same_answer(client: HTTPClient) -> None:
    for body, media_type in ((BODY, JSON), (lines(3), NDJSON), (b"type=info&source=s&message=m", FORM)):
        key = str(uuid.uuid4())
        first, second, quoted = (post(client, each, body, media_type) for each in (key, key, f'"{key}"'))
        assert first.status == second.status == quoted.status == 201
        assert first.body == second.body == quoted.body
        assert first.all_of("Location") == second.all_of("Location")
    assert len(client.events()) == 5


def test_other_content_is_refused(client: HTTPClient) -> None:
    assert post(client, "k").status == 201
    for body, media_type, query in ((b"[" + BODY + b"]", JSON, ""), (BODY, NDJSON, ""), (BODY, JSON, "?drop=id")):
        problem = post(client, "k", body, media_type, query).problem(422)
        assert problem["type"].endswith("#problem-idempotency-key-used")
    for key in ("x" * 256, '"a', 'a"b'):
        post(client, key).problem(400)
    assert len(client.events()) == 1


def test_a_key_is_known_after_a_kill_and_to_another_process(site: Site) -> None:
    responder = site.start_responder()
    other = site.start_responder(socket=site.folder / "other.sock")
    key = {"HTTP_IDEMPOTENCY_KEY": "k"}
    connections = [site.connect(), site.connect(site.folder / "other.sock")]
    bodies = [connection.request("POST", "/events", BODY, JSON, key).body for connection in connections]
    responder.kill()
    other.kill()
    site.start_responder()
    bodies.append(site.connect().request("POST", "/events", BODY, JSON, key).body)
    assert len(set(bodies)) == 1


def test_many_clicks_while_the_log_waits_are_one_event(site: Site, web_server: Nginx, client: HTTPClient) -> None:
    """The page's form has a key of its own."""

    def key() -> str:
        return HTMLPage(client.get("/", accept="text/html")).field("idempotency_key").value

    values = {"type": "info", "source": "s", "message": "clicked", "idempotency_key": key()}
    assert len(values["idempotency_key"]) > 20
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")

    def click() -> tuple[int, str]:
        with web_server.client() as other:
            answer = other.post_form(values, {"Accept": "text/html"})
            return answer.status, answer.field("Location")

    with ThreadPoolExecutor(5) as threads:
        clicks = [threads.submit(click) for _ in range(5)]
        time.sleep(0.3)
        database.execute("ROLLBACK")
        assert {click.result() for click in clicks} == {(303, "/?created=evt_001")}
    # What people change is another event, also where the page is an old one.
    assert client.post_form({**values, "message": "other"}, {"Accept": "text/html"}).field("Location").endswith("evt_002")
    assert key() != values["idempotency_key"]


def test_a_request_waits_for_the_same_one_for_ten_seconds(site: Site, web_server: Nginx) -> None:
    database = sqlite3.connect(site.folder / "events.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    statuses: list[int] = []

    def send() -> None:
        with web_server.client() as client:
            answer = post(client, "k")
            statuses.append(answer.status)
            assert answer.field("Retry-After")

    threads = [threading.Thread(target=send) for _ in range(3)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join(60)
    assert 9 < time.monotonic() - start < 45
    # The first one has waited for the log, and the others for the first one.
    assert statuses.count(409) >= 1 and set(statuses) <= {409, 503}
    database.execute("ROLLBACK")
    with web_server.client() as client:
        wait_until(lambda: client.get("/health").status == 200, "the log can be written")
        assert post(client, "k").status == 201 and len(client.events()) == 1


def test_keys_are_forgotten_after_their_time(site: Site) -> None:
    site.start_responder("--idempotency-window", "1s")
    connection = site.connect()

    def record() -> str:
        answer = connection.request("POST", "/events", BODY, JSON, {"HTTP_IDEMPOTENCY_KEY": "k"})
        return str(answer.json()["id"])

    assert [record(), record()] == ["evt_001"] * 2
    time.sleep(1.1)
    assert record() == "evt_002"


@pytest.mark.parametrize("rounds", [20, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.timeout(1800)
def test_a_batch_with_a_key_is_there_once_whatever_is_killed(site: Site, rounds: int) -> None:
    """Clients send a batch again until they have an answer. Each batch is there once, whole and together."""
    stop = threading.Event()
    acknowledged: list[str] = []
    lock = threading.Lock()
    web_server = site.start_web_server()

    def write(number: int) -> None:
        for turn in range(1_000_000):
            if stop.is_set():
                return
            name = f"{number}-{turn}"
            body = "".join(json.dumps(valid_event(message=f"{name} {index}")) + "\n" for index in range(20)).encode()
            while True:
                try:
                    with web_server.client() as client:
                        answer = post(client, name, body, NDJSON)
                except OSError:
                    continue
                if answer.status == 201:
                    break
                assert answer.status in (409, 502, 503, 504), answer
                if stop.is_set():
                    return
                time.sleep(0.005)
            with lock:
                acknowledged.append(name)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    responder = site.start_responder()
    for writer in writers:
        writer.start()
    for round in range(rounds):
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + round % 7, "batches are recorded")
        responder.kill()
        responder = site.start_responder()
    stop.set()
    for writer in writers:
        writer.join(60)
    with web_server.client() as client:
        stored = [event["message"].split() for event in client.events()]
    assert len(stored) % 20 == 0 and len(acknowledged) >= rounds
    batches = [stored[start : start + 20] for start in range(0, len(stored), 20)]
    for batch in batches:
        assert [int(index) for _, index in batch] == list(range(20)) and len({name for name, _ in batch}) == 1
    names = [batch[0][0] for batch in batches]
    assert len(set(names)) == len(names) and set(acknowledged) <= set(names)
