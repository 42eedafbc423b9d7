"""Tests `limit`, `order`, `cursor` and the links between pages (RFC 8288)."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from answer import Answer
from conftest import Site
from http_client import HTTPClient
from load import Clients
from web_server import Nginx

COUNT = 35


@pytest.fixture(scope="module")
def client(shared_site: Site) -> Iterator[HTTPClient]:
    """Yields a client of a log with 35 events, of which every seventh is an error."""
    shared_site.start_responder()
    with shared_site.start_web_server().client() as client:
        for number in range(1, COUNT + 1):
            type = "info" if number % 7 else "error"
            assert client.post_event(type=type, message=f"number {number}").status == 201
        yield client


def links(answer: Answer) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; *rel="?([a-z]+)"?', ", ".join(answer.all_of("Link")))
    return {relation: urljoin("/events", target) for target, relation in found}


def ids(answer: Answer) -> list[int]:
    assert answer.status == 200, answer
    return [int(event["id"].removeprefix("evt_")) for event in answer.json()]


def pages(client: HTTPClient, target: str | None, relation: str = "next") -> Iterator[Answer]:
    while target is not None:
        answer = client.get(target)
        yield answer
        target = links(answer).get(relation)


def test_without_a_limit_everything_comes_without_links(client: HTTPClient) -> None:
    answer = client.get("/events")
    assert ids(answer) == list(range(1, COUNT + 1))
    assert not {"next", "prev"} & set(links(answer))


@pytest.mark.parametrize("limit", [1, 10, 34, 35, 36, 1000])
def test_the_next_links_lead_through_everything_once(client: HTTPClient, limit: int) -> None:
    answers = list(pages(client, f"/events?limit={limit}"))
    assert [number for answer in answers for number in ids(answer)] == list(range(1, COUNT + 1))
    assert all(len(ids(answer)) == limit for answer in answers[:-1])
    assert len(answers) == -(-COUNT // limit)


def test_descending_order_starts_with_the_newest(client: HTTPClient) -> None:
    answers = list(pages(client, "/events?order=desc&limit=10"))
    assert [number for answer in answers for number in ids(answer)] == list(range(COUNT, 0, -1))
    assert ids(client.get("/events?order=desc")) == list(range(COUNT, 0, -1))


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_prev_links_lead_back_to_the_first_page(client: HTTPClient, order: str) -> None:
    forth = list(pages(client, f"/events?limit=10&order={order}"))
    back = list(pages(client, links(forth[-1])["prev"], "prev"))
    assert [ids(answer) for answer in back] == [ids(answer) for answer in reversed(forth[:-1])]
    assert ids(client.get(links(forth[2])["first"])) == ids(forth[0])


def test_the_links_keep_the_filter(client: HTTPClient) -> None:
    answers = list(pages(client, "/events?type=error&limit=2"))
    assert [ids(answer) for answer in answers] == [[7, 14], [21, 28], [35]]


def test_a_cursor_of_another_query_is_refused(client: HTTPClient) -> None:
    next = links(client.get("/events?type=error&limit=2"))["next"]
    problem = client.get(next.replace("type=error", "type=info")).problem(422)
    assert problem["errors"][0]["parameter"] == "cursor"


def test_empty_parameters_are_absent_ones(client: HTTPClient) -> None:
    assert ids(client.get("/events?limit=&order=&cursor=&type=")) == list(range(1, COUNT + 1))


def test_pages_are_exact_while_others_append(site: Site, web_server: Nginx) -> None:
    """No event is missing or repeated in pages that are read while events are added after and before them."""
    appended = 0

    def append(_: int, clients: Clients) -> None:
        nonlocal appended
        with web_server.client() as client:
            while not clients.ended.is_set():
                assert client.post_event().status == 201
                appended += 1

    with web_server.client() as client:
        for _ in range(200):
            assert client.post_event().status == 201
        appender = Clients(1, append)
        try:
            # Each walk is repeated until events were added in the meantime.
            before, descending = 0, []
            while appended <= before:
                before = appended
                answers = pages(client, "/events?order=desc&limit=7")
                descending = [number for answer in answers for number in ids(answer)]
                assert descending == list(range(descending[0], 0, -1))
            assert len(descending) >= 200
            ascending: list[int] = []
            while len(ascending) <= 200 + before:
                before, ascending = appended, []
                for answer in pages(client, "/events?limit=7"):
                    ascending += ids(answer)
                    if len(ascending) > 1000:
                        break
                assert ascending == list(range(1, len(ascending) + 1))
        finally:
            appender.end()
