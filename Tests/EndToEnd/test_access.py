"""Tests who may ask, and from where, by the options of `serve` and the environment of a CGI program."""

import json

import pytest

from conftest import Site
from http_client import JSON, valid_event
from responder import run_to_end
from test_cgi import CGI

EVENT = json.dumps(valid_event()).encode()

HOSTS = {
    "log.example": 200,
    "LOG.EXAMPLE:8443": 200,
    "other.example": 200,
    "localhost": 200,
    "127.0.0.1:8080": 200,
    "[::1]:8080": 200,
    "": 200,
    "evil.example": 421,
    "log.example.evil.example": 421,
    "log.example, evil.example": 421,
    "log.example:x": 421,
}


def test_a_responder_answers_only_for_the_hosts_that_it_is_given(site: Site) -> None:
    site.start_responder("--host", "log.example", "--host", "other.example")
    connection = site.connect()
    for host, status in HOSTS.items():
        answer = connection.request("GET", "/events", more={"HTTP_HOST": host})
        assert answer.status == status, host
        posted = connection.request("POST", "/events", EVENT, JSON, {"HTTP_HOST": host})
        assert posted.status == (201 if status == 200 else 421), host
        if status == 421:
            assert "--host" in answer.problem(421)["detail"]


def test_a_cgi_program_answers_only_for_the_hosts_of_its_environment(site: Site) -> None:
    cgi = CGI(site.store)
    for host, status in HOSTS.items():
        answer = cgi.request("GET", "/events", EVENTLOG_HOST="log.example other.example", HTTP_HOST=host)
        assert answer.status == status, host
    assert cgi.request("GET", "/events", HTTP_HOST="evil.example").status == 200, "any host is the default"


ORIGINS = {
    "https://log.example": 201,
    "https://LOG.example:443": 201,
    "http://log.example": 403,
    "https://log.example:8443": 403,
    "https://log.example/eventlog": 403,
    "http://backend:8080": 403,
    "https://evil.example/log.example": 403,
    "null": 403,
}


@pytest.mark.parametrize("origin, status", ORIGINS.items(), ids=ORIGINS)
def test_a_form_comes_from_the_public_address(site: Site, origin: str, status: int) -> None:
    """A proxy has changed the host of the request."""
    url = "https://log.example/eventlog"
    site.start_responder("--public-url", url)
    fields = {"HTTP_HOST": "backend:8080", "HTTP_ORIGIN": origin}
    assert site.connect().request("POST", "/events", EVENT, JSON, fields).status == status
    cgi = CGI(site.store)
    assert cgi.request("POST", "/events", EVENT, JSON, EVENTLOG_PUBLIC_URL=url, **fields).status == status


def test_a_refused_form_is_told_the_reason(site: Site) -> None:
    site.start_responder()
    fields = {"HTTP_HOST": "backend:8080", "HTTP_ORIGIN": "https://log.example"}
    problem = site.connect().request("POST", "/events", EVENT, JSON, fields).problem(403)
    assert "https://log.example" in problem["detail"] and "--public-url" in problem["detail"]


def test_operators_come_from_this_machine_or_a_given_address(site: Site) -> None:
    site.start_responder("--operator", "192.0.2.7", "--operator", "2001:db8::1")
    connection = site.connect()
    for address, status in {
        "127.0.0.1": 200,
        "::1": 200,
        "::ffff:127.0.0.1": 200,
        "192.0.2.7": 200,
        "2001:DB8:0::1": 200,
        "192.0.2.8": 403,
        "unix:": 403,
        "": 403,
    }.items():
        for target in ("/status", "/metrics"):
            answer = connection.request("GET", target, more={"REMOTE_ADDR": address})
            assert answer.status == status, address
            assert status == 200 or b"uptime" not in answer.body
        assert connection.request("GET", "/health", more={"REMOTE_ADDR": address}).status == 200


@pytest.mark.parametrize(
    "option, value",
    [
        ("--host", "log.example:80"),
        ("--host", "https://log.example"),
        ("--public-url", "log.example"),
        ("--public-url", "https://log.example/?a=b"),
        ("--operator", "localhost"),
        ("--operator", "10.0.0.0/8"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_in_a_sentence(option: str, value: str) -> None:
    refused = run_to_end("serve", option, value)
    assert refused.returncode == 64 and option in refused.stderr and "it must be" in refused.stderr


def test_content_without_a_length_is_a_411_of_a_cgi_program(site: Site) -> None:
    """Apache passes what is sent in chunks like this. Without a length, nobody could tell whether it is whole."""
    cgi = CGI(site.store)
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert "Content-Length" in cgi.request("POST", "/events", EVENT, JSON, **chunked).problem(411)["detail"]
    assert cgi.request("GET", "/events").json() == []
