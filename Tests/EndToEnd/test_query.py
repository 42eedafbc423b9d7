"""Tests filters, search, sorting, formats of the response and counts, through nginx."""

import csv
import http.client
import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from conftest import Site
from fcgi_client import whole_request
from http_client import JSON, HTTPClient, valid_event
from load import Clients, in_step
from test_paging import ids, links, pages

EVENTS = [
    {"type": "error", "source": "checkout", "message": "Card DECLINED", "tags": ["payment", "card"], "user_id": "u-1"},
    {"type": "info", "source": "backup", "message": "Nightly backup done in Straße 7", "tags": ["nightly"]},
    {"type": "error", "source": "backup", "message": "=cmd|'/C calc'!A1", "request_id": "r-1", "data": {"n": 1.5}},
    {"type": "system", "source": "Ärger, \"quoted\"", "message": "two\nlines", "tags": ["card"]},
]


@pytest.fixture(scope="module")
def client(shared_site: Site) -> Iterator[HTTPClient]:
    shared_site.start_responder()
    with shared_site.start_web_server().client() as client:
        for event in EVENTS:
            assert client.post(json.dumps(event).encode()).status == 201
        yield client


def query(**parameters: object) -> str:
    return "/events?" + urlencode(parameters, doseq=True)


@pytest.mark.parametrize(
    "parameters, found",
    [
        ({"type": ["error", "system"]}, [1, 3, 4]),
        ({"source": "backup"}, [2, 3]),
        ({"source": "Backup"}, []),
        ({"source": 'Ärger, "quoted"'}, [4]),
        ({"q": "declined"}, [1]),
        ({"q": "CARD check"}, [1]),
        ({"q": "STRASSE"}, [2]),
        ({"q": "ÄRGER"}, [4]),
        ({"q": "a"}, [1, 2, 3]),
        ({"q": "nothing here"}, []),
        ({"tag": "card"}, [1, 4]),
        ({"tag": ["card", "payment"]}, [1]),
        ({"user_id": "u-1"}, [1]),
        ({"request_id": "r-1", "type": "error"}, [3]),
        ({"since": "2024-01-01T00:00:00+01:00", "until": "2024-01-01T00:00:00Z"}, []),
        ({"until": "9999-01-01T00:00:00Z"}, [1, 2, 3, 4]),
        ({"sort": "type"}, [1, 3, 2, 4]),
        ({"sort": "source", "order": "desc"}, [4, 1, 3, 2]),
        ({"sort": "", "q": "", "since": "", "limit": "", "tag": ""}, [1, 2, 3, 4]),
    ],
)
def test_the_query_finds(client: HTTPClient, parameters: dict[str, object], found: list[int]) -> None:
    assert ids(client.get(query(**parameters))) == found


@pytest.mark.parametrize("sort", ["timestamp", "type", "source"])
def test_every_sort_pages_forward_and_back(client: HTTPClient, sort: str) -> None:
    forward = [ids(answer) for answer in pages(client, query(sort=sort, limit=1))]
    assert [number for page in forward for number in page] == ids(client.get(query(sort=sort)))
    *_, last = pages(client, query(sort=sort, limit=1))
    back = [ids(answer) for answer in pages(client, links(last)["prev"], "prev")]
    assert back[::-1] == forward[:-1]


def test_the_links_keep_filter_and_form(client: HTTPClient) -> None:
    target = links(client.get("/events.csv?q=e&tag=card&limit=1&sort=source"))["next"]
    assert target.startswith("/events.csv?") and "q=e" in target and "tag=card" in target
    assert b"evt_004" in client.get(target).body
    for given, changed in [("q=e", "q=d"), ("sort=source", "sort=type")]:
        answer = client.get(target.replace(given, changed))
        assert answer.problem(422)["errors"][0]["parameter"] == "cursor"


def test_downloads_are_whole_and_say_what_they_are(client: HTTPClient) -> None:
    answer = client.get("/events.csv", accept="text/html")
    assert answer.field("Content-Type") == "text/csv; charset=utf-8; header=present"
    assert answer.field("Content-Disposition").startswith('attachment; filename="events-')
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    assert [row["id"] for row in rows] == ["evt_001", "evt_002", "evt_003", "evt_004"]
    assert rows[2]["message"] == "'" + EVENTS[2]["message"], "a spreadsheet must not run it"
    assert rows[3]["source"] == EVENTS[3]["source"] and rows[3]["message"] == "two\nlines"
    assert json.loads(rows[0]["tags"]) == ["payment", "card"] and rows[2]["data"] == '{"n":1.5}'
    lines = client.get("/events.ndjson").body.decode().splitlines()
    assert [json.loads(line) for line in lines] == client.get("/events.json").json() == client.events()


def test_the_form_is_negotiated(client: HTTPClient) -> None:
    assert client.get("/events", accept="text/csv").body.startswith(b"id,timestamp,")
    assert client.get("/events", accept="application/x-ndjson, */*;q=0.1").body.startswith(b'{"id"')
    refused = client.get("/events", accept="image/png").problem(406)
    assert "text/csv" in refused["detail"]


def test_nothing_is_sent_twice_that_the_client_has(client: HTTPClient) -> None:
    for target in ("/events", "/events?q=card&limit=2", "/events/histogram", "/events/evt_001"):
        tag = client.get(target).field("ETag")
        again = client.request("GET", target, fields={"If-None-Match": tag})
        assert (again.status, again.body) == (304, b""), target


def test_the_histogram_counts_what_the_list_finds(client: HTTPClient) -> None:
    for parameters in ({}, {"type": "error"}, {"q": "a"}, {"source": "backup"}, {"tag": "card"}):
        histogram = client.get("/events/histogram?" + urlencode(parameters)).json()
        assert histogram["total"] == len(ids(client.get(query(**parameters))))
        assert histogram["total"] == sum(sum(bucket["counts"].values()) for bucket in histogram["buckets"])


def test_pages_miss_nothing_while_another_client_appends(site: Site) -> None:
    """10,000 events arrive while the log is read to its end in every sort order."""
    site.start_responder()
    with site.start_web_server().client() as reader:
        for number in range(300):
            answer = reader.post_event(source=f"source {number % 7}", message=f"before {number}")
            assert answer.status == 201
        before = {event["id"] for event in reader.events()}
        appended = 0

        def append(_: int, clients: Clients) -> None:
            nonlocal appended
            bodies = (json.dumps(valid_event(source=f"source {number % 11}")).encode() for number in range(10_000))
            requests = (whole_request("POST", "/events", body, JSON) for body in bodies)
            for answer in in_step(site.socket, requests, connections=4):
                assert answer.status == 201
                appended += 1

        appender = Clients(1, append)
        walks = concurrent = 0
        while appended < 10_000 and not appender.ended.is_set() or walks < 3:
            sort = ("timestamp", "source", "type")[walks % 3]
            start = appended
            seen: list[str] = []
            target: str | None = f"/events?sort={sort}&limit=50"
            # Every event that existed at the start has been read when the walk ends.
            while target is not None:
                answer = reader.get(target)
                seen += [event["id"] for event in answer.json()]
                target = links(answer).get("next")
            assert len(seen) == len(set(seen)), sort
            assert before <= set(seen), sort
            walks += 1
            concurrent += appended > start
        appender.join()
        assert concurrent >= 3, "nothing arrived in the meantime"
        assert len(reader.events()) == 10_300


@pytest.mark.parametrize("form", ["json", "ndjson", "csv"])
def test_a_cut_export_is_an_error(site: Site, form: str) -> None:
    responder = site.start_responder()
    with site.start_web_server().client() as client:
        for _ in range(200):
            assert client.post_event(message="x" * 60_000).status == 201
        response = client.start("GET", f"/events.{form}")
        response.read(100_000)
        responder.kill()
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            response.read()


def test_a_search_for_what_no_event_can_hold_is_refused(client: HTTPClient) -> None:
    for parameters in ({"q": "\0"}, {"source": "a\0b"}, {"q": " "}, {"q": "a " * 33}):
        problem = client.get(query(**parameters)).problem(422)
        assert problem["errors"][0]["parameter"] in parameters
