"""What a client sends decides how it is answered, whatever it accepts and however it spells its media type."""

import gzip
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from conftest import Site
from http_client import FORM, JSON, HTTPClient, valid_event


@pytest.fixture(scope="module")
def client(shared_site: Site) -> Iterator[HTTPClient]:
    shared_site.start_responder()
    with shared_site.start_web_server().client() as client:
        yield client


# Old versions of Java accept this in every request.
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


@pytest.mark.parametrize("accept", [JAVA, "text/html", "*", "image/png", "/, a/b/c;q=x", "application/problem+json"])
def test_json_gets_json_whatever_is_accepted(client: HTTPClient, accept: str) -> None:
    fields = {"Accept": accept}
    answer = client.post(json.dumps(valid_event()).encode(), JSON, fields)
    assert answer.status == 201 and answer.json()["id"]
    client.post(b"{", JSON, fields).problem(400)
    client.post(b"{}", JSON, fields).problem(422)
    client.post(b"{}", "text/plain", fields).problem(415)
    client.post(b"{}", FORM, fields).problem(415)
    client.post(b"{}", JSON, {**fields, "Sec-Fetch-Site": "cross-site"}).problem(403)


@pytest.mark.parametrize("charset", ["utf8", "UTF8", '"utf-8"', "utf_8", "us-ascii"])
def test_spellings_of_utf_8_are_taken(client: HTTPClient, charset: str) -> None:
    assert client.post(json.dumps(valid_event()).encode(), f"{JSON}; charset={charset}").status == 201
    form = urlencode(valid_event()).encode()
    assert client.post(form, f"{FORM}; charset={charset}", {"Accept": "*/*"}).status == 201


@pytest.mark.parametrize("coding", ["deflate", "br, identity", "gzip, zstd"])
def test_a_coding_that_is_not_known_is_a_415_that_says_how_to_send_it(client: HTTPClient, coding: str) -> None:
    body = gzip.compress(json.dumps(valid_event()).encode())
    answer = client.post(body, JSON, {"Content-Encoding": coding})
    answer.problem(415)
    assert answer.field("Accept-Encoding") == "gzip, identity"
    assert client.post(json.dumps(valid_event()).encode(), JSON, {"Content-Encoding": "identity"}).status == 201


def test_an_origin_is_compared_whole(client: HTTPClient) -> None:
    here = f"127.0.0.1:{client.connection.port}"
    for origin, status in [
        (f"http://{here}", 201),
        (f"HTTP://{here}", 201),
        (f"http://evil.example/{here}", 403),
        (f"http://evil.example//{here}", 403),
        (f"http://{here}.evil.example", 403),
        (f"http://evil@{here}", 403),
        ("http://127.0.0.1", 403),
        ("null", 403),
    ]:
        answer = client.post(json.dumps(valid_event()).encode(), JSON, {"Origin": origin})
        assert answer.status == status, origin
