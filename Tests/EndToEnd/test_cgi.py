"""Tests the same program as a plain CGI script (RFC 3875), with one process per request, on one SQLite file."""

import json
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from answer import Answer
from conftest import Site
from fcgi_client import request_params
from http_client import FORM, JSON, valid_event
from responder import BINARY, clean_environment


class CGI:
    """Calls the program as a web server does."""

    def __init__(self, store: str) -> None:
        self.store = store

    def run(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        content_type: str | None = None,
        arguments: list[str] | None = None,
        folder: Path | None = None,
        more: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        params = request_params(method, target, body, content_type, more)
        variables = {
            name: value if isinstance(value, str) else value.decode() for name, value in params.items()
        }
        return subprocess.run(
            [BINARY, *(arguments or [])],
            input=body,
            capture_output=True,
            timeout=10,
            cwd=folder,
            env=clean_environment(**{"EVENTLOG_STORE": self.store, **variables}),
        )

    def request(
        self, method: str, target: str, body: bytes = b"", type: str | None = None, **more: str
    ) -> Answer:
        result = self.run(method, target, body, type, more=more)
        assert result.returncode == 0, result.stderr
        return Answer.of_cgi(result.stdout)


@pytest.fixture
def cgi(site: Site) -> CGI:
    return CGI(site.store)


def test_the_whole_api_works(cgi: CGI) -> None:
    assert cgi.request("GET", "/health").json() == {"status": "ok"}
    assert cgi.request("GET", "/events").json() == []

    created = cgi.request("POST", "/events", json.dumps(valid_event(message="ü")).encode(), JSON)
    assert created.status == 201 and created.field("Location").endswith("/events/evt_001")
    assert cgi.request("POST", "/events", b"type=error&source=a&message=b+c", FORM).json()["message"] == "b c"

    assert cgi.request("GET", "/events/evt_001").json() == created.json()
    assert [event["id"] for event in cgi.request("GET", "/events?type=error").json()] == ["evt_002"]
    assert "next" in cgi.request("GET", "/events?limit=1").field("Link")
    assert cgi.request("HEAD", "/events").body == b""
    assert "POST" in cgi.request("OPTIONS", "/events").field("Allow")

    cgi.request("GET", "/nothing").problem(404)
    cgi.request("DELETE", "/events").problem(405)
    cgi.request("POST", "/events", b"{", JSON).problem(400)
    cgi.request("POST", "/events", b"{}", JSON).problem(422)
    cgi.request("POST", "/events", b"{}").problem(415)
    cgi.request("GET", "/events?limit=0").problem(422)
    page = cgi.request("GET", "/", HTTP_ACCEPT="text/html")
    assert page.status == 200 and b"evt_002" in page.body


def test_events_of_cgi_and_fastcgi_are_in_one_log(site: Site, cgi: CGI) -> None:
    site.start_responder()
    connection = site.connect()
    for number in range(1, 21):
        body = json.dumps(valid_event(message=f"number {number}")).encode()
        if number % 2:
            assert cgi.request("POST", "/events", body, JSON).status == 201
        else:
            assert connection.request("POST", "/events", body, JSON).status == 201
    messages = [event["message"] for event in connection.request("GET", "/events").json()]
    assert messages == [f"number {number}" for number in range(1, 21)]


def test_concurrent_processes_lose_nothing(cgi: CGI) -> None:
    """The first processes also create the database."""

    def post(number: int) -> Answer:
        body = json.dumps(valid_event(message=f"number {number}")).encode()
        return cgi.request("POST", "/events", body, JSON)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(200)))
    assert {answer.status for answer in answers} == {201}
    events = cgi.request("GET", "/events").json()
    assert sorted(answer.json()["id"] for answer in answers) == sorted(event["id"] for event in events)
    assert [event["id"] for event in events] == [f"evt_{number:03}" for number in range(1, 201)]


@pytest.mark.parametrize("mounted", ["/cgi-bin/eventlog", "/log"])
def test_a_program_under_a_prefix_answers_below_it(cgi: CGI, mounted: str) -> None:
    body = json.dumps(valid_event()).encode()
    split = {"SCRIPT_NAME": mounted, "PATH_INFO": "/events"}
    created = cgi.request("POST", f"{mounted}/events", body, JSON, **split)
    assert created.status == 201
    assert created.field("Location") == f"{mounted}/events/evt_001"


# What is left of the last two after a cut is an event, too.
CUT = {
    "JSON": (json.dumps(valid_event()).encode(), JSON),
    "JSON and blanks": (json.dumps(valid_event()).encode() + b" " * 10, JSON),
    "a form": (b"type=info&source=a&message=only+a+part+of+this", FORM),
}


@pytest.mark.parametrize("missing", [1, 5, None], ids=["one byte", "five bytes", "everything"])
@pytest.mark.parametrize("body, content_type", CUT.values(), ids=CUT)
def test_a_body_that_is_shorter_than_declared_stores_nothing(
    cgi: CGI, body: bytes, content_type: str, missing: int | None
) -> None:
    """A web server that loses its client ends standard input early."""
    sent = body[:-missing] if missing else b""
    answer = cgi.request("POST", "/events", sent, content_type, CONTENT_LENGTH=str(len(body)))
    assert "cut short" in answer.problem(400)["detail"]
    assert cgi.request("GET", "/events").json() == []
    assert cgi.request("POST", "/events", body, content_type).status == 201


def test_what_follows_the_declared_length_is_not_read(cgi: CGI) -> None:
    """A web server may leave more on standard input, which is not of this request (RFC 3875, section 4.2)."""
    body = json.dumps(valid_event()).encode()
    answer = cgi.request("POST", "/events", body + b"GET / HTTP/1.1", JSON, CONTENT_LENGTH=str(len(body)))
    assert answer.status == 201
    cgi.request("POST", "/events", body, JSON, CONTENT_LENGTH=str(len(body) - 1)).problem(400)
    assert len(cgi.request("GET", "/events").json()) == 1


@pytest.mark.parametrize("length", ["99999999999", str(2**63 - 1)])
def test_an_enormous_length_is_a_413_and_takes_no_memory(cgi: CGI, length: str) -> None:
    cgi.request("POST", "/events", b"{}", JSON, CONTENT_LENGTH=length).problem(413)


@pytest.mark.parametrize("length", ["x", "-1", "1e1", "0x3C", str(2**63)])
def test_a_length_that_is_none_stores_nothing(cgi: CGI, length: str) -> None:
    body = json.dumps(valid_event()).encode()
    cgi.request("POST", "/events", body, JSON, CONTENT_LENGTH=length).problem(400)
    assert cgi.request("GET", "/events").json() == []


def test_a_body_over_the_limit_is_a_413(cgi: CGI) -> None:
    cgi.request("POST", "/events", json.dumps(valid_event(message="a" * (2 << 20))).encode(), JSON).problem(
        413
    )


REFUSALS = {
    "too large": ("POST", "/events", {"CONTENT_LENGTH": str(2 << 20)}, 413),
    "enormous": ("POST", "/events", {"CONTENT_LENGTH": str(2**63 - 1)}, 413),
    "no length": ("POST", "/events", {"CONTENT_LENGTH": "x"}, 400),
    "no such page": ("POST", "/nothing", {}, 404),
    "no such method": ("PUT", "/events", {}, 405),
    "no type": ("POST", "/events", {"CONTENT_TYPE": "image/png"}, 415),
    "no path": ("POST", "nonsense", {}, 400),
    "a log that cannot be used": ("POST", "/events", {"EVENTLOG_STORE": "sqlite:/nowhere/at/all"}, 503),
    "a wrong setting": ("POST", "/events", {"EVENTLOG_WORKERS": "1", "EVENTLOG_MAX_BODY": "x"}, 503),
}


@pytest.mark.parametrize("method, target, more, status", REFUSALS.values(), ids=REFUSALS)
def test_the_content_of_a_refused_request_is_read_to_its_end(
    cgi: CGI, method: str, target: str, more: dict[str, str], status: int
) -> None:
    """Apache sends nothing to a client that waits for `100 Continue` if the program ends before it has read."""
    body = b" " * (2 << 20 if status == 413 else 1_000_000)
    params = {**request_params(method, target, body, JSON), **more}
    variables = {name: value if isinstance(value, str) else value.decode() for name, value in params.items()}
    with subprocess.Popen(
        [BINARY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=clean_environment(**{"EVENTLOG_STORE": cgi.store, **variables}),
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        # This fails if the program ends before it has read everything.
        process.stdin.write(body)
        process.stdin.close()
        assert Answer.of_cgi(process.stdout.read()).status == status


ATTACKS = [
    ["--store=sqlite:evil.sqlite"],
    ["serve", "--store", "sqlite:evil.sqlite", "--listen", "unix:evil.sock"],
    ["serve"],
    ["--help"],
    ["--version"],
    ["--generate-completion-script"],
    ["-h"],
    ["help"],
    ["", "--", "nonsense"],
]


@pytest.mark.parametrize("arguments", ATTACKS, ids=lambda arguments: " ".join(arguments) or "empty")
def test_arguments_are_ignored(site: Site, cgi: CGI, arguments: list[str]) -> None:
    """A web server passes the words of `?--store%3Dsqlite:evil` as arguments (RFC 3875, section 4.4)."""
    result = cgi.run("GET", "/health", arguments=arguments, folder=site.folder)
    assert result.returncode == 0
    assert Answer.of_cgi(result.stdout).json() == {"status": "ok"}
    result = cgi.run(
        "POST", "/events", json.dumps(valid_event()).encode(), JSON, arguments=arguments, folder=site.folder
    )
    assert result.returncode == 0
    assert Answer.of_cgi(result.stdout).status == 201
    assert {path.name.partition("-")[0] for path in site.folder.iterdir()} == {"events.sqlite"}, "no evil file"
    assert len(cgi.request("GET", "/events").json()) == 1


@pytest.mark.parametrize("uri", ["/events?q=\udcff", "/\udcff", "/events/\udce9"])
def test_raw_bytes_in_the_target_are_refused(cgi: CGI, uri: str) -> None:
    """As they are over FastCGI; the strings stand for single bytes (PEP 383), and nothing may repair them."""
    assert cgi.request("GET", "/events", REQUEST_URI=uri).status == 400


def test_a_setting_that_is_not_utf_8_is_refused(site: Site, cgi: CGI) -> None:
    cgi.store = f"sqlite:{site.folder}/\udcff.sqlite"
    result = cgi.run("GET", "/health")
    assert result.returncode == 69 and result.stdout.startswith(b"Status: 503 ")
    assert b"EVENTLOG_STORE is not UTF-8" in result.stderr
    assert list(site.folder.iterdir()) == []


def test_a_proxy_field_does_not_become_a_setting(cgi: CGI) -> None:
    assert cgi.request("GET", "/health", HTTP_PROXY="http://127.0.0.1:1").status == 200


def test_one_request_takes_little_time(cgi: CGI) -> None:
    assert cgi.request("GET", "/events").status == 200
    times = []
    for _ in range(20):
        start = time.monotonic()
        assert cgi.request("GET", "/events?limit=50").status == 200
        times.append(time.monotonic() - start)
    print(f"fastest {min(times) * 1000:.0f} ms, median {sorted(times)[10] * 1000:.0f} ms")
    assert sorted(times)[10] < 0.25
