"""A body is never mistaken for the next request.

A kept connection carries one request after another. Any part of a body that a responder leaves unread is parsed as
records. A body of small records followed by a forged begin-request would therefore run as a request with params that
the attacker chooses, bypassing every check of nginx.
"""

from collections.abc import Iterator

import pytest

from conftest import Site
from fcgi_client import STDIN, head, record, request_params, stream
from http_client import FORM, JSON, HTTPClient

FORGED_EVENT = b'{"type":"info","source":"attacker","message":"smuggled"}'

TARGETS = [
    ("POST", "/events", JSON, 400),
    ("POST", "/events", "text/plain", 415),
    ("POST", "/events", FORM, 422),
    ("POST", "/health", JSON, 405),
    ("POST", "/nothing", JSON, 404),
    ("GET", "/events/evt_001", JSON, 200),
    ("DELETE", "/events/evt_001", JSON, 405),
]


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    shared_site.start_responder("--examples")
    return shared_site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[HTTPClient]:
    with site.start_web_server().client() as client:
        yield client


def forged_request() -> bytes:
    params = request_params("POST", "/events", FORGED_EVENT, JSON)
    return head(params) + stream(STDIN, FORGED_EVENT) + record(STDIN)


def crafted_body(shift: int, size: int) -> bytes:
    """Returns a body that hides a request. Where the unread part begins depends on the params, so the attacker tries
    every shift.

    The unit is the header of a record with eight bytes of content. Repeated, it forms records from every eighth byte
    on, up to the forged request. libfcgi skips these records because of their request id.
    """
    unit = record(STDIN, bytes(8), request_id=9)[:8]
    return b"a" * shift + unit * (size // 16 * 2) + forged_request() * 2


@pytest.mark.parametrize("method, target, content_type, status", TARGETS)
def test_a_crafted_body_does_nothing_through_nginx(
    client: HTTPClient, method: str, target: str, content_type: str, status: int
) -> None:
    events = client.get("/events").body
    first = client.get("/events/evt_001").body
    for size in (9_000, 16_000, 33_000):
        for shift in range(16):
            body = crafted_body(shift, size)
            answer = client.request(method, target, body, {"Content-Type": content_type})
            assert answer.status == status, answer
            # This uses the same kept connection, with whatever was left on it.
            assert client.get("/events/evt_001").body == first
    assert client.get("/events").body == events


@pytest.mark.parametrize("method, target, content_type, status", TARGETS)
@pytest.mark.parametrize("waits", [False, True], ids=["at once", "after a wait"])
def test_a_crafted_body_does_nothing_on_the_socket(
    site: Site, method: str, target: str, content_type: str, status: int, waits: bool
) -> None:
    with site.connect() as connection:
        events = connection.request("GET", "/events").body
        for shift in range(16):
            body = crafted_body(shift, 20_000)
            connection.send(head(request_params(method, target, body, content_type)))
            if waits:
                assert connection.is_silent(), "answered before the body was there"
            connection.send(stream(STDIN, body), record(STDIN))
            assert connection.read_answer().status == status
            assert connection.request("GET", "/events").body == events
