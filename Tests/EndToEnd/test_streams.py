"""Tests streams and long-polls: what is recorded reaches those who follow, once, in order and at once."""

import http.client
import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from random import Random

import pytest

from conftest import Site
from fcgi_client import whole_request
from http_client import JSON, HTTPClient, valid_event
from responder import BINARY, Responder, clean_environment, wait_until
from web_server import Nginx


class Stream:
    """Follows a stream as a browser does: it connects again after the last event that it has."""

    def __init__(self, port: int, query: str = "", mount: str = "", fields: dict[str, str] | None = None) -> None:
        self._port = port
        self._target = f"{mount}/events/stream{query}"
        self._fields = fields or {}
        self.ids: list[str] = []
        # A stream says where it begins before it has an event to send.
        self.last_id: str | None = None
        self.events: list[dict[str, object]] = []
        self.times: list[float] = []
        self.connections = 0
        self.statuses: list[int] = []
        self.resets = 0
        self._stop = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def _follow(self) -> None:
        while not self._stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._connection = connection
            try:
                last = {"Last-Event-ID": self.last_id} if self.last_id else {}
                connection.request("GET", self._target, headers=self._fields | last)
                response = connection.getresponse()
                self.statuses.append(response.status)
                if response.status == 200:
                    self.connections += 1
                    self._read(response)
            except (OSError, http.client.HTTPException, ValueError, AttributeError):
                pass
            connection.close()
            time.sleep(0.02)

    def _read(self, response: http.client.HTTPResponse) -> None:
        rest = b""
        while part := response.read1(65536):
            *events, rest = (rest + part).split(b"\n\n")
            for event in events:
                fields = dict(line.split(": ", 1) for line in event.decode().splitlines() if ": " in line)
                self.last_id = fields.get("id", self.last_id)
                if fields.get("event") == "reset":
                    self.resets += 1
                elif "data" in fields:
                    self.times.append(time.monotonic())
                    self.events.append(json.loads(fields["data"]))
                    self.ids.append(fields["id"])

    def cut(self) -> None:
        """Closes the connection, as a network does."""
        connection = self._connection
        if connection and connection.sock:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def until(self, count: int) -> None:
        wait_until(lambda: len(self.ids) >= count, f"{count} events have arrived, not {len(self.ids)}", 30)

    def end(self) -> None:
        self._stop.set()
        self.cut()
        self._thread.join(70)


@contextmanager
def following(*arguments: object, **options: object) -> Iterator[Stream]:
    stream = Stream(*arguments, **options)  # type: ignore[arg-type]
    try:
        yield stream
    finally:
        stream.end()


def ids(count: int, start: int = 1) -> list[str]:
    return [f"evt_{number:03}" for number in range(start, start + count)]


def test_what_every_process_records_reaches_the_stream(site: Site, web_server: Nginx, client: HTTPClient) -> None:
    site.start_responder(socket=site.folder / "other.sock")
    other = site.connect(site.folder / "other.sock")
    environment = clean_environment(EVENTLOG_STORE=site.store)
    with following(web_server.port) as stream:
        wait_until(lambda: stream.connections == 1, "the stream begins")
        time.sleep(0.2)
        for number in range(1, 31, 3):
            client.post_event(message="own")
            other.request("POST", "/events", json.dumps(valid_event()).encode(), JSON)
            command = [BINARY, "append", "--type=info", "--source=s", "m"]
            subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment)
            # Nothing else would make the stream look.
            stream.until(number + 2)
        assert stream.ids == ids(30)


def test_streams_survive_kills_and_cuts(site: Site) -> None:
    responder = site.start_responder()
    web_server = site.start_web_server()
    with following(web_server.port, "?after=evt_000") as stream, following(web_server.port, "?source=even") as even:
        count = 0

        def record(number: int) -> None:
            nonlocal count
            for _ in range(number):
                with web_server.client() as client:
                    assert client.post_event(source="even" if count % 2 else "odd").status == 201
                count += 1

        wait_until(lambda: bool(stream.last_id and even.last_id), "the streams begin")
        record(10)
        responder.kill()
        responder = site.start_responder()
        record(10)
        wait_until(lambda: stream.connections == 2, "the stream goes on after the kill")
        stream.cut()
        record(10)
        wait_until(lambda: stream.connections == 3, "the stream goes on after the cut")
        # A new process takes over without a request that fails.
        new = site.start_responder("--replace")
        responder.terminate()
        record(10)
        assert responder.wait(30) == 0
        record(10)
        stream.until(50)
        even.until(25)
        assert stream.ids == ids(50) and even.ids == ids(50)[1::2]
        assert stream.connections >= 4 and new.process.poll() is None


def test_a_drain_ends_streams_and_waits(responder: Responder, web_server: Nginx, client: HTTPClient) -> None:
    client.post_event()
    answers: list[object] = []

    def wait() -> None:
        with web_server.client() as other:
            answers.append(other.get("/events?after=evt_001&wait=50").json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    with following(web_server.port) as stream:
        wait_until(lambda: stream.connections == 1, "the stream begins")
        wait_until(lambda: client.get("/status").json()["requests"]["in_flight"] >= 3, "the other waits")
        responder.terminate()
        start = time.monotonic()
        assert responder.wait(15) == 0
        waiting.join(30)
        assert answers == [[]] and time.monotonic() - start < 20


def test_a_reader_that_takes_nothing_is_given_up(site: Site) -> None:
    responder = site.start_responder()
    with socket.socket(socket.AF_UNIX) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(str(site.socket))
        writer = site.connect()
        body = json.dumps(valid_event(message="x" * 60_000)).encode()
        # The same without a reader, which shows what the events alone take.
        for _ in range(300):
            assert writer.request("POST", "/events", body, JSON).status == 201
        slow.sendall(whole_request("GET", "/events/stream"))
        wait_until(lambda: writer.request("GET", "/status").json()["streams"]["open"] == 1, "the stream begins")
        # The feed first reads what it remembers for whoever connects again.
        time.sleep(1)
        before = responder.resident_memory()
        for _ in range(200):
            assert writer.request("POST", "/events", body, JSON).status == 201
        wait_until(lambda: writer.request("GET", "/status").json()["streams"]["open"] == 0, "it was given up")
        assert responder.resident_memory() - before < 32 << 20
    assert "error" not in responder.log.read_text()


def test_streams_are_limited_counted_and_not_slow(site: Site) -> None:
    responder = site.start_responder("--max-streams", "3", "--max-streams-per-client", "1", "--slow-request", "50ms")
    remote = {"REMOTE_ADDR": "192.0.2.1"}

    def stream(**more: str) -> int:
        connection = site.connect()
        connection.send(whole_request("GET", "/events/stream", more=more))
        head = connection.read_record()
        assert head is not None
        found = re.match(rb"Status: (\d+)", head.content)
        return int(found[1]) if found else 200

    assert [stream(**remote), stream(**remote), stream(REMOTE_ADDR="192.0.2.2")] == [200, 503, 200]
    assert [stream(), stream()] == [200, 503]
    status = site.connect()
    assert status.request("GET", "/status").json()["streams"]["open"] == 3
    time.sleep(0.2)
    site.stop_peers()
    wait_until(lambda: site.connect().request("GET", "/status").json()["streams"]["open"] == 0, "the places are free")
    assert "slow request" not in responder.log.read_text()


def test_a_long_poll_is_answered_when_there_is_something(web_server: Nginx, client: HTTPClient) -> None:
    client.post_event()
    for query, is_met in (("after=evt_001", True), ("after=evt_001&type=error", False)):
        answers: list[list[dict[str, object]]] = []

        def poll(query: str = query, answers: list[list[dict[str, object]]] = answers) -> None:
            with web_server.client() as other:
                answers.append(other.get(f"/events?{query}&wait={30 if is_met else 2}").json())

        thread = threading.Thread(target=poll)
        thread.start()
        time.sleep(0.3)
        client.post_event(type="info")
        thread.join(40)
        assert [len(answer) for answer in answers] == [1 if is_met else 0]
        # What is there already is answered at once.
        assert len(client.get("/events?after=evt_001&wait=50").json()) >= 1
    for query in ("wait=5", "after=evt_001&wait=0", "after=evt_001&wait=51", "after=evt_001&wait=1&wait=2", "after=1"):
        client.get(f"/events?{query}").problem(422)
    client.get("/events.json?after=evt_001&wait=1").problem(422)


def test_after_is_a_bound_of_every_list(client: HTTPClient) -> None:
    for number in range(10):
        client.post_event(source="ab"[number % 2], type=["info", "error"][number // 5])
    for query, expected in {
        "after=evt_007": [8, 9, 10], "after=evt_007&order=desc": [10, 9, 8], "after=evt_004&source=a": [5, 7, 9],
        "after=evt_004&sort=source": [5, 7, 9, 6, 8, 10], "after=evt_004&sort=type&limit=3": [6, 7, 8],
        "after=evt_010": [], "after=evt_500": [], "after=": list(range(1, 11)),
    }.items():  # fmt: skip
        assert [int(str(event["id"])[4:]) for event in client.events(f"?{query}")] == expected, query
    page = client.get("/events?after=evt_002&limit=3")
    found = re.search(r'<([^>]*)>; rel="next"', page.field("Link"))
    assert found and [event["id"] for event in client.get(found[1]).json()] == ids(3, 6)


def different_filters(count: int) -> list[str]:
    """Returns filters of which no two are the same, with every kind of condition, and several of them."""
    conditions = [
        *(f"source=s{number}" for number in range(7)), *(f"tag=t{number}" for number in range(3)),
        *(f"user_id=u{number}" for number in range(5)), *(f"data.n={number}" for number in range(2)),
        "type=error", "type=info&type=error", "q=odd", "since=1h", "",
    ]  # fmt: skip
    pairs = [
        f"{one}&{other}"
        for one, other in combinations(filter(None, conditions), 2)
        if one.partition("=")[0] != other.partition("=")[0]
    ]
    return Random(7).sample(conditions + pairs, count)


class Replacement:
    """A responder that is killed and replaced while others use it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._responder = site.start_responder()
        self._earlier: list[Responder] = []

    def kill(self) -> None:
        self._responder.kill()
        self._responder = self._site.start_responder()

    def replace(self) -> None:
        self._earlier.append(self._responder)
        self._responder = self._site.start_responder("--replace")
        self._earlier[-1].terminate()


@pytest.mark.parametrize("readers, seconds", [(10, 6), pytest.param(50, 120, marks=pytest.mark.long)])
@pytest.mark.timeout(600)
def test_every_reader_gets_what_its_query_gets(site: Site, readers: int, seconds: int) -> None:
    """Connections are cut, and the responder is killed and replaced."""
    random = Random(7)
    replacement = Replacement(site)
    web_server = site.start_web_server()
    queries = [f"?{each}&after=evt_001".replace("?&", "?") for each in different_filters(readers)]
    assert len(set(queries)) == readers
    stop = threading.Event()

    def write(number: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            members = {
                "source": f"s{turn % 7}", "tags": [f"t{turn % 3}"], "user_id": f"u{turn % 5}", "data": {"n": turn % 2},
                "type": "error" if turn % 4 else "info", "message": f"{number} {turn} {'even' if turn % 2 else 'odd'}",
            }  # fmt: skip
            with web_server.client() as client:
                # While the responder is away, nothing is recorded.
                client.post_event(**members)

    with web_server.client() as client:
        assert client.post_event().status == 201
    streams = [Stream(web_server.port, query) for query in queries]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    try:
        for writer in writers:
            writer.start()
        start = time.monotonic()
        changes = [replacement.kill, replacement.replace] * (seconds // 6)
        while (passed := time.monotonic() - start) < seconds:
            random.choice(streams).cut()
            if changes and passed > seconds - 3 * len(changes):
                changes.pop()()
            time.sleep(0.05)
        stop.set()
        for writer in writers:
            writer.join(60)
        with web_server.client() as client:
            for stream, query in zip(streams, queries, strict=True):
                expected = [event["id"] for event in client.events(query)]
                wait_until(lambda: len(stream.ids) >= len(expected), f"{query} is complete", 60)
                assert stream.ids == expected and expected
            assert sum(stream.connections for stream in streams) > 2 * readers
            print(f"{len(client.events())} events")
    finally:
        stop.set()
        for stream in streams:
            stream.end()


def test_a_feed_has_what_the_standard_requires(client: HTTPClient) -> None:
    from xml.etree import ElementTree

    atom = "{http://www.w3.org/2005/Atom}"
    for number in range(60):
        client.post_event(message=f"number {number} <&> \"quoted\"\nmore", tags=["a&b"])
    answer = client.get("/events.atom?source=end_to_end&tag=a%26b")
    assert answer.status == 200 and answer.field("Content-Type") == "application/atom+xml"
    feed = ElementTree.fromstring(answer.body.decode())
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == 50 and entries[0].findtext(f"{atom}title") == 'number 59 <&> "quoted"…'
    for element in [feed, *entries]:
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{atom}{name}"), name
        assert element.find(f"{atom}author/{atom}name") is not None
    times = [entry.findtext(f"{atom}updated") or "" for entry in entries]
    assert feed.findtext(f"{atom}updated") == times[0] > times[-1], "the feed is as new as its newest event"
    identities = [entry.findtext(f"{atom}id") or "" for entry in entries]
    assert len(set(identities)) == 50 and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", each) for each in identities)
    link = entries[0].find(f"{atom}link")
    assert link is not None and client.get(link.attrib["href"]).json()["id"] == "evt_060"
    again = client.get("/events.atom?source=end_to_end&tag=a%26b", if_none_match=answer.field("ETag"))
    assert again.status == 304
    client.get("/events.atom?limit=5").problem(422)
    page = client.get("/?type=info", accept="text/html")
    assert '</events.atom?type=info>; rel="alternate"; type="application/atom+xml"' in page.field("Link")
