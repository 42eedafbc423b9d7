"""Tests HEAD, OPTIONS and the methods that a resource does not support (RFC 9110, section 9)."""

from collections.abc import Iterator

import pytest

from conftest import Site
from http_client import HTTPClient

RESOURCES = {
    "/": {"GET", "HEAD", "OPTIONS"},
    "/health": {"GET", "HEAD", "OPTIONS"},
    "/events": {"GET", "HEAD", "OPTIONS", "POST"},
    "/events/evt_001": {"GET", "HEAD", "OPTIONS"},
}

NOT_ALLOWED = [
    (method, target)
    for target, allowed in RESOURCES.items()
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND")
    if method not in allowed
]


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    shared_site.start_responder("--examples")
    return shared_site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[HTTPClient]:
    with site.start_web_server().client() as client:
        yield client


def allowed(value: str) -> set[str]:
    return {method.strip() for method in value.split(",")}


@pytest.mark.parametrize("target", RESOURCES)
def test_head_is_get_without_the_body(site: Site, client: HTTPClient, target: str) -> None:
    get, head = client.get(target), client.request("HEAD", target)
    assert head.status == get.status == 200
    assert head.body == b"" != get.body
    assert head.field("Content-Type") == get.field("Content-Type")
    # nginx drops the body of a response to HEAD, so this test asks the responder itself.
    assert site.connect().request("HEAD", target).body == b""


@pytest.mark.parametrize("target", RESOURCES)
def test_options_names_the_methods(client: HTTPClient, target: str) -> None:
    answer = client.request("OPTIONS", target)
    assert answer.status == 204
    assert allowed(answer.field("Allow")) == RESOURCES[target]


@pytest.mark.parametrize("method, target", NOT_ALLOWED)
def test_another_method_is_a_405_that_names_the_known_ones(
    client: HTTPClient, method: str, target: str
) -> None:
    answer = client.request(method, target)
    answer.problem(405)
    assert allowed(answer.field("Allow")) == RESOURCES[target]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("target", ["/nothing", "/events/evt_001/more", "/nothing/"])
def test_an_address_of_nothing_is_a_404(client: HTTPClient, method: str, target: str) -> None:
    answer = client.request(method, target)
    assert answer.status == 404
    if method != "HEAD":
        answer.problem(404)
