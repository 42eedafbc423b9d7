"""Tests what clients of the original system rely on."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest

from conftest import Site
from http_client import HTTPClient, valid_event

PLAIN_MEMBERS = ["id", "timestamp", "type", "source", "message"]

BODY = b'{"type":"info","source":"end_to_end","message":"hello"}'

EXAMPLES = [
    {
        "id": "evt_001",
        "timestamp": "2024-01-15T14:30:00.000Z",
        "type": "user_action",
        "source": "web_client",
        "message": "User clicked submit button",
    },
    {
        "id": "evt_002",
        "timestamp": "2024-01-15T15:00:00.000Z",
        "type": "system",
        "source": "backend_service",
        "message": "Scheduled job completed successfully",
    },
    {
        "id": "evt_003",
        "timestamp": "2024-01-15T15:05:00.000Z",
        "type": "error",
        "source": "web_client",
        "message": "Failed to submit form due to validation error",
    },
]


@pytest.fixture(params=["memory", "sqlite"])
def client(request: pytest.FixtureRequest, site: Site) -> Iterator[HTTPClient]:
    site.start_responder("--examples", store="memory" if request.param == "memory" else site.store)
    with site.start_web_server().client() as client:
        yield client


def test_health_is_ok_and_not_stored(client: HTTPClient) -> None:
    answer = client.get("/health")
    assert answer.status == 200
    assert answer.field("Content-Type") == "application/json"
    assert answer.field("Cache-Control") == "no-store"
    assert answer.json() == {"status": "ok"}


def test_an_empty_log_gets_three_examples_oldest_first(client: HTTPClient) -> None:
    answer = client.get("/events")
    assert answer.field("Content-Type") == "application/json"
    assert answer.json() == EXAMPLES
    assert [list(event) for event in answer.json()] == [PLAIN_MEMBERS] * 3


def test_the_next_event_after_the_examples_is_evt_004(client: HTTPClient) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    answer = client.post_event(type="system", source="a program", message="Grüße, 世界 🌍")
    event = answer.json()
    assert answer.status == 201
    assert urljoin("/events", answer.field("Location")) == "/events/evt_004"
    assert list(event) == PLAIN_MEMBERS
    assert [event["id"], event["type"], event["source"]] == ["evt_004", "system", "a program"]
    assert event["message"] == "Grüße, 世界 🌍"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["timestamp"])
    assert before <= datetime.fromisoformat(event["timestamp"]) <= datetime.now(UTC)
    assert client.events() == [*EXAMPLES, event]
    assert client.get("/events/evt_004").json() == event


def test_a_form_like_curl_sends_it_makes_the_same_event(client: HTTPClient) -> None:
    answer = client.post_form(valid_event(message="a + b & c = ü"), {"Accept": "*/*"})
    assert answer.status == 201
    assert answer.json()["message"] == "a + b & c = ü"
    assert client.events()[-1] == answer.json()


def test_optional_members_come_back_and_are_left_out_when_not_given(client: HTTPClient) -> None:
    optional = {
        "user_id": "user-7",
        "request_id": "r/1",
        "tags": ["b", "a"],
        "data": {"cause": {"line": 3, "share": 0.25, "seen": [None, True, "ü"]}, "a": ""},
    }
    event = client.post_event(**optional).json()
    assert list(event) == PLAIN_MEMBERS + list(optional)
    assert {name: event[name] for name in optional} == optional
    assert list(client.post_event(tags=["one"]).json()) == [*PLAIN_MEMBERS, "tags"]


def test_type_filters(client: HTTPClient) -> None:
    assert client.events("?type=error") == [EXAMPLES[2]]
    assert client.events("?type=error&type=user_action") == [EXAMPLES[0], EXAMPLES[2]]
    assert client.events("?type=info") == []


def test_an_empty_type_is_no_filter(client: HTTPClient) -> None:
    assert client.events("?type=") == EXAMPLES


def test_an_unknown_type_is_a_422_that_names_the_known_ones(client: HTTPClient) -> None:
    problem = client.get("/events?type=warning").problem(422)
    assert problem["errors"][0]["parameter"] == "type"
    for known in ("user_action", "system", "error", "info"):
        assert known in problem["errors"][0]["detail"]


def test_an_unknown_event_is_a_404(client: HTTPClient) -> None:
    for target in (
        "/events/evt_999",
        "/events/nonsense",
        "/events/evt_0",
        "/events/evt_99999999999999999999",
    ):
        client.get(target).problem(404)


def test_examples_go_only_into_an_empty_log(site: Site) -> None:
    for _ in range(2):
        responder = site.start_responder("--examples")
        assert site.connect().request("GET", "/events").json() == EXAMPLES
        responder.kill()


def test_without_examples_an_empty_log_is_an_empty_array(site: Site) -> None:
    site.start_responder("--no-examples")
    assert site.connect().request("GET", "/events").json() == []


def test_ids_grow_past_three_digits_and_over_a_restart(site: Site) -> None:
    responder = site.start_responder()
    with site.connect() as connection:
        for _ in range(1000):
            assert connection.request("POST", "/events", BODY, "application/json").status == 201
    responder.kill()
    site.start_responder()
    connection = site.connect()
    assert connection.request("POST", "/events", BODY, "application/json").json()["id"] == "evt_1001"
    ids = [event["id"] for event in connection.request("GET", "/events").json()]
    assert ids == [f"evt_{number:03}" for number in range(1, 1002)]
