"""Tests that several events can be recorded with one request, plain or compressed: all of them or none."""

import gzip
import json
import threading

import pytest

from answer import Answer
from http_client import FORM, JSON, HTTPClient, valid_event
from responder import Responder
from web_server import Nginx

NDJSON = "application/x-ndjson"
CSV = "text/csv"


def lines(count: int, **members: str) -> bytes:
    return "".join(
        json.dumps(valid_event(message=f"number {number}", **members)) + "\n" for number in range(count)
    ).encode()


def post(client: HTTPClient, body: bytes, media_type: str = NDJSON, **fields: str) -> Answer:
    return client.post(body, media_type, {name.replace("_", "-"): value for name, value in fields.items()})


@pytest.mark.parametrize("media_type, body", [
    (NDJSON, lines(3)), ("application/jsonl", lines(3).rstrip()),
    (JSON, b"[" + b",".join(lines(3).splitlines()) + b"]"),
    (CSV, b"type,source,message\r\n" + b"".join(b"info,s,number %d\r\n" % number for number in range(3))),
])  # fmt: skip
@pytest.mark.parametrize("coding", [None, "gzip", "x-gzip"])
def test_a_batch_is_recorded_in_its_order(
    client: HTTPClient, media_type: str, body: bytes, coding: str | None
) -> None:
    assert client.post_event(message="before").status == 201
    if coding:
        # Several members are one text.
        body = gzip.compress(body[:40]) + gzip.compress(body[40:])
    answer = post(client, body, media_type, **({"Content_Encoding": coding} if coding else {}))
    assert answer.status == 201 and not answer.all_of("Location")
    assert answer.json() == {"count": 3, "first_id": "evt_002", "last_id": "evt_004"}
    assert [event["message"] for event in client.events()] == ["before"] + [f"number {number}" for number in range(3)]


def test_who_prefers_it_gets_the_events(client: HTTPClient) -> None:
    answer = post(client, lines(2), Prefer="return=representation")
    assert answer.status == 201 and answer.field("Preference-Applied") == "return=representation"
    assert answer.json() == client.events()


@pytest.mark.parametrize("media_type, body, status, entries", [
    (NDJSON, lines(5) + b"\n{}\n", 422, [("#/5/type", 7), ("#/5/source", 7), ("#/5/message", 7)]),
    (NDJSON, lines(5) + b"{\n", 400, [("#/5", 6)]),
    (JSON, b'[{"type":"info","source":"s","message":"m"},{"type":"info","source":"s","message":""}]', 422, [("#/1/message", None)]),
    (CSV, b"type,source,message\ninfo,s,m\ninfo,s\n", 400, [("#/1", 3)]),
    (NDJSON, lines(10_001), 413, []), (NDJSON, b"", 422, []), (JSON, b"[]", 422, []),
])  # fmt: skip
def test_of_a_batch_with_an_error_nothing_is_recorded(
    client: HTTPClient, media_type: str, body: bytes, status: int, entries: list[tuple[str, int | None]]
) -> None:
    if status == 413:
        body = body.replace(b"end_to_end", b"s")
    for coded in ({}, {"Content_Encoding": "gzip"}):
        answer = post(client, gzip.compress(body) if coded else body, media_type, **coded)
        problem = answer.problem(status)
        assert [(entry["pointer"], entry.get("line")) for entry in problem.get("errors", [])] == entries
    assert client.events() == []


def test_what_gzip_has_not_written_whole_is_refused(client: HTTPClient) -> None:
    whole = gzip.compress(lines(100))
    for body in (whole[:-1], whole[:20], b"", whole + b"more", whole[:60] + b"\xff" * 8 + whole[68:], lines(3)):
        post(client, body, Content_Encoding="gzip").problem(400)
    # What is inside is not decompressed again.
    post(client, gzip.compress(whole), Content_Encoding="gzip").problem(400)
    post(client, gzip.compress(whole), Content_Encoding="gzip, gzip").problem(400)
    assert client.events() == []


def test_a_form_may_be_compressed(client: HTTPClient) -> None:
    body = gzip.compress(b"type=info&source=s&message=m")
    answer = client.post(body, FORM, {"Content-Encoding": "gzip", "Accept": "*/*"})
    assert answer.status == 201 and answer.json()["message"] == "m"


def test_the_limit_counts_decoded_bytes_and_a_bomb_takes_no_memory(
    responder: Responder, client: HTTPClient
) -> None:
    post(client, gzip.compress(lines(1) + b"\n" * (1 << 20)), Content_Encoding="gzip").problem(413)
    before = responder.peak_memory()
    bomb = gzip.compress(b"\0" * (200 << 20), 9)
    assert len(bomb) < 1 << 20
    for _ in range(5):
        post(client, bomb, Content_Encoding="gzip").problem(413)
    assert responder.peak_memory() - before < 20 << 20
    assert client.events() == []


def test_a_download_can_be_recorded_again(client: HTTPClient) -> None:
    post(client, lines(3))
    for suffix, media_type in (("json", JSON), ("ndjson", NDJSON), ("csv", CSV)):
        download = client.get(f"/events.{suffix}?limit=3").body
        problem = post(client, download, media_type).problem(422)
        assert "eventlog import" in problem["errors"][0]["detail"]
        answer = client.request("POST", "/events?drop=id,timestamp", download, {"Content-Type": media_type})
        assert answer.status == 201 and answer.json()["count"] == 3
    assert [event["message"] for event in client.events()] == [f"number {number}" for number in range(3)] * 4


def test_small_posts_go_on_beside_large_batches(web_server: Nginx, client: HTTPClient) -> None:
    """Ids of a batch follow one another, whatever others record meanwhile."""
    body = gzip.compress(lines(6000, source="batch"))
    stop = threading.Event()
    receipts: list[dict[str, object]] = []

    def send() -> None:
        with web_server.client() as other:
            while not stop.is_set():
                answer = post(other, body, Content_Encoding="gzip")
                assert answer.status == 201
                receipts.append(answer.json())

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    single = [client.post_event(source="single").json()["id"] for _ in range(100)]
    stop.set()
    for thread in threads:
        thread.join(60)
    taken = set(single)
    for receipt in receipts:
        first, last = (int(str(receipt[name])[4:]) for name in ("first_id", "last_id"))
        assert last - first + 1 == receipt["count"] == 6000
        assert not taken & {f"evt_{number:03}" for number in range(first, last + 1)}
