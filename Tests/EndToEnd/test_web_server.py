"""Tests what nginx itself does with the shipped configuration."""

import gzip
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from answer import Answer
from conftest import Site
from html_page import HTMLPage
from http_client import HTTPClient, valid_event, without_key
from responder import CHECKOUT
from web_server import Nginx

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def lonely_client(site: Site) -> Iterator[HTTPClient]:
    """Yields a client of an nginx without a responder."""
    with site.start_web_server().client() as client:
        yield client


def raw(web_server: Nginx, request: bytes) -> Answer:
    """Returns the response to a request that no library would send."""
    with socket.create_connection(("127.0.0.1", web_server.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    status, _, rest = answer.partition(b"\r\n")
    parsed = Answer.of_cgi(rest)
    return Answer(int(status.split()[1]), parsed.fields, parsed.body)


def assert_own_problem(answer: Answer, status: int) -> None:
    problem = answer.problem(status)
    assert problem["type"] == "about:blank" and problem["detail"]
    assert answer.field("X-Request-Id")
    assert answer.field("Cache-Control") == "no-store"
    assert answer.field("Server") == "nginx"
    for name, value in SECURITY.items():
        assert answer.field(name) == value


def test_no_responder_is_a_502_that_asks_to_come_again(lonely_client: HTTPClient) -> None:
    for answer in (lonely_client.get("/"), lonely_client.post_event(), lonely_client.get("/events")):
        assert_own_problem(answer, 502)
        assert int(answer.field("Retry-After")) > 0


def test_a_responder_that_closes_without_an_answer_is_a_502(site: Site, web_server: Nginx) -> None:
    """The responder of this test is a socket that accepts and closes."""
    with socket.socket(socket.AF_UNIX) as listener:
        site.socket.unlink()
        listener.bind(str(site.socket))
        listener.listen(1)
        with web_server.client() as client:
            client.connection.request("GET", "/events")
            listener.accept()[0].close()
            response = client.connection.getresponse()
            assert_own_problem(Answer(response.status, response.getheaders(), response.read()), 502)


def test_a_body_of_two_mebibytes_gets_its_413_by_curl(web_server: Nginx, site: Site) -> None:
    """curl is still sending when nginx refuses the body; the response must reach it nevertheless."""
    body = site.folder / "body"
    body.write_bytes(json.dumps(valid_event(message="a" * (2 << 20))).encode())
    url = f"http://127.0.0.1:{web_server.port}/events"
    for more in ([], ["-H", "Expect:"], ["-H", "Transfer-Encoding: chunked"]):
        command = ["curl", "-sS", "-w", "\n%{http_code}", "-H", "Content-Type: application/json", *more]
        result = subprocess.run(
            [*command, "--data-binary", f"@{body}", url], capture_output=True, text=True, timeout=30
        )
        assert result.returncode == 0, result.stderr
        problem, _, status = result.stdout.rpartition("\n")
        assert status == "413" and json.loads(problem)["status"] == 413


def test_a_browser_gets_a_page_of_what_nginx_refuses(lonely_client: HTTPClient, site: Site) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    refused = [
        ("GET", "/static/nothing", b"", 404, "Not Found", "There is nothing at this address."),
        ("POST", "/static/app.js", b"a=b", 405, "Method Not Allowed", "This method cannot be used here."),
        ("POST", "/events", b"a" * (1 << 20) + b"b", 413, "Content Too Large", "The body is larger than"),
    ]
    for method, target, body, status, title, detail in refused:
        answer = lonely_client.request(method, target, body, browser)
        assert answer.status == status
        page = HTMLPage(answer)
        assert page.document.one("h2").text == title and detail in page.document.one(role="alert").text
        assert answer.field("Cache-Control") == "no-store" and answer.field("X-Request-Id")
        assert "default-src 'none'" in answer.field("Content-Security-Policy")
        for name, value in SECURITY.items():
            assert answer.field(name) == value
        assert [link.attributes["href"] for link in page.document.all("a")] == ["/", "/"]
    # At a prefix, the page's links lead to the prefix.
    web_server = Nginx(site.folder / "prefix", site.socket, mount="/eventlog")
    site.end_with_peers(web_server.stop)
    with web_server.client() as client:
        page = HTMLPage(client.request("GET", "/eventlog/static/nothing", fields=browser))
        assert [link.attributes["href"] for link in page.document.all("a")] == ["/eventlog/", "/eventlog/"]


def test_a_file_that_was_compressed_before_is_sent_as_it_is(site: Site) -> None:
    static = site.folder / "static"
    shutil.copytree(CHECKOUT / "deploy/static", static)
    compressed = gzip.compress((static / "style.css").read_bytes(), mtime=1)
    (static / "style.css.gz").write_bytes(compressed)
    configuration = f'set $eventlog_static "{static}"; include eventlog/server.conf;'
    web_server = Nginx(site.folder / "nginx", site.socket, replaced=configuration)
    site.end_with_peers(web_server.stop)
    with web_server.client() as client:
        answer = client.request("GET", "/static/style.css?v=1", fields={"Accept-Encoding": "gzip"})
        assert answer.body == compressed and answer.field("Content-Encoding") == "gzip"
        assert answer.field("Content-Type") == "text/css; charset=utf-8"
        assert answer.field("Vary") == "Accept-Encoding"
        assert client.get("/static/style.css").body == (static / "style.css").read_bytes()


def test_a_chunked_body_reaches_the_responder_whole(web_server: Nginx) -> None:
    body = json.dumps(valid_event(message="in chunks")).encode()
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[at : at + 7]), body[at : at + 7]) for at in range(0, len(body), 7)
    )
    answer = raw(
        web_server,
        b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
    )
    assert answer.status == 201


UNREADABLE = [
    (b"GARBAGE\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
    (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    (b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405),
    (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
]


@pytest.mark.parametrize(
    "request_bytes, status", UNREADABLE, ids=[row[0][:30].decode() for row in UNREADABLE]
)
def test_what_nginx_refuses_is_a_problem_too(
    web_server: Nginx, request_bytes: bytes, status: int
) -> None:
    assert_own_problem(raw(web_server, request_bytes), status)


@pytest.mark.parametrize(
    "target", ["/", "/events", "/events/evt_9", "/health", "/static/style.css", "/static/no"]
)
def test_every_answer_has_the_security_fields_once(client: HTTPClient, target: str) -> None:
    answer = client.get(target)
    for name, value in SECURITY.items():
        assert answer.field(name) == value
    assert answer.field("Server") == "nginx", "the version is nobody's business"


def test_an_own_problem_of_the_responder_passes_unchanged(site: Site, client: HTTPClient) -> None:
    through, direct = client.get("/events/evt_9"), site.connect().request("GET", "/events/evt_9")
    assert through.problem(404) == direct.problem(404)


def is_logged(web_server: Nginx, id: str, times: int = 1) -> bool:
    """Returns whether the access log gets lines that end with the id. nginx writes them after it has responded."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if [line.split()[-1] for line in web_server.access_log().splitlines()].count(id) == times:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("id", ["a", "trace.1_B-2", "a" * 200])
def test_a_request_id_of_the_client_is_echoed_and_logged(
    client: HTTPClient, web_server: Nginx, id: str
) -> None:
    assert client.get("/health", x_request_id=id).field("X-Request-Id") == id
    assert client.get("/events/evt_9", x_request_id=id).field("X-Request-Id") == id
    assert is_logged(web_server, id, times=2)


@pytest.mark.parametrize("id", ["a b", "a" * 201, "<a>", "é", "", None])
def test_another_request_id_is_replaced(client: HTTPClient, web_server: Nginx, id: str | None) -> None:
    answer = client.get("/health", **({} if id is None else {"x_request_id": id}))
    assert len(answer.field("X-Request-Id")) == 32
    assert is_logged(web_server, answer.field("X-Request-Id"))


@pytest.mark.parametrize(
    "file, type", [("style.css", "text/css; charset=utf-8"), ("favicon.svg", "image/svg+xml")]
)
def test_static_files_are_served_with_a_lifetime_and_renewed(
    client: HTTPClient, file: str, type: str
) -> None:
    answer = client.get(f"/static/{file}")
    assert answer.status == 200
    assert answer.body == (CHECKOUT / "deploy/static" / file).read_bytes()
    assert answer.field("Content-Type") == type
    assert answer.field("Cache-Control") == "public, max-age=300"
    again = client.get(f"/static/{file}", if_none_match=answer.field("ETag"))
    assert again.status == 304 and again.body == b""


@pytest.mark.parametrize(
    "target, status",
    [
        ("/static/", 404),
        ("/static/no.css", 404),
        ("/static/../nginx/http.conf", 404),
        ("/static/%2e%2e/run", 404),
        ("/static../nginx/http.conf", 404),
        ("/static/error.html", 404),
        ("/static/%2e%2e/pages/error.html", 404),
        ("/static/..%2fpages/error.html", 404),
    ],
)
def test_nothing_but_the_static_files_is_served(client: HTTPClient, target: str, status: int) -> None:
    client.get(target).problem(status)


@pytest.mark.parametrize("target", ["/events", "/static/style.css", "/"])
def test_text_is_compressed_for_those_who_ask(client: HTTPClient, target: str) -> None:
    for number in range(30):
        assert client.post_event(message=f"number {number} " + "a" * 100).status == 201
    plain = client.get(target)
    assert plain.status == 200
    compressed = client.get(target, accept_encoding="gzip")
    assert compressed.field("Content-Encoding") == "gzip" and not plain.all_of("Content-Encoding")
    assert "Accept-Encoding" in ", ".join(compressed.all_of("Vary"))
    assert without_key(gzip.decompress(compressed.body)) == without_key(plain.body)
    assert len(compressed.body) < len(plain.body)


def test_connections_to_the_responder_are_kept(site: Site, web_server: Nginx) -> None:
    with web_server.client() as client:
        for _ in range(50):
            assert client.get("/health").status == 200
    kept = Path("/proc/net/unix").read_text().count(str(site.socket))
    # Only the listener and the responder's end of a few kept connections remain.
    assert 2 <= kept <= 8


def test_writes_of_one_address_are_limited(site: Site) -> None:
    """The shipped rate is lowered, because no test can be sure to exceed it."""
    site.start_responder()
    parts = site.folder / "parts"
    shutil.copytree(CHECKOUT / "deploy", parts)
    zone, limit = parts / "nginx/http.conf", parts / "nginx/writes.conf"
    assert "rate=1000r/s" in zone.read_text() and "burst=1000" in limit.read_text()
    zone.write_text(zone.read_text().replace("rate=1000r/s", "rate=20r/s"))
    limit.write_text(limit.read_text().replace("burst=1000", "burst=30"))
    server = Nginx(site.folder / "limited", site.socket, parts=parts)
    site.end_with_peers(server.stop)
    body = json.dumps(valid_event(source="limited")).encode()
    with server.client() as client:

        def post(address: str) -> Answer:
            fields = {"Content-Type": "application/json", "X-Forwarded-For": address}
            return client.request("POST", "/events", body, fields)

        recorded = 0
        while (answer := post("198.51.100.1")).status == 201:
            recorded += 1
            assert recorded < 10_000
        assert recorded > 30, "the burst passes"
        assert_own_problem(answer, 429)
        assert answer.field("Retry-After") == "1"
        found = client.get("/events?source=limited", x_forwarded_for="198.51.100.1")
        assert len(found.json()) == recorded, "reading has no limit, and nothing was recorded"
        assert post("198.51.100.2").status == 201
        for address in ("127.0.0.1", "::1"):
            assert {post(address).status for _ in range(100)} == {201}, "this machine has no limit"


def test_another_host_is_refused_with_a_problem_or_a_page(web_server: Nginx, client: HTTPClient) -> None:
    assert_own_problem(client.get("/events", host="evil.example"), 421)
    assert_own_problem(client.request("POST", "/events", b"{}", {"Host": "evil.example"}), 421)
    answer = client.get("/", host="evil.example", accept="text/html")
    assert answer.status == 421 and HTMLPage(answer).document.one("h2").text == "Misdirected Request"
    # A client of HTTP/1.0 may name no host.
    assert raw(web_server, b"GET /health HTTP/1.0\r\n\r\n").status == 200


def test_nothing_tells_the_version_where_the_log_has_a_path_of_a_site(site: Site) -> None:
    web_server = Nginx(site.folder / "prefix", site.socket, mount="/eventlog")
    site.end_with_peers(web_server.stop)
    with web_server.client() as client:
        for method, target, status in [
            ("GET", "/eventlog", 308),
            ("GET", "/eventlog/", 502),
            ("GET", "/eventlog/static/nothing", 404),
            ("POST", "/eventlog/static/app.js", 405),
            ("TRACE", "/eventlog/events", 405),
        ]:
            answer = client.request(method, target)
            assert answer.status == status and answer.field("Server") == "nginx"
            assert b"nginx/" not in answer.body
