"""The same tests for every way to run Event Log that deploy/ describes."""

import gzip
import http.client
import json
import socket
import sqlite3
import subprocess
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlencode

import pytest

from answer import Answer
from conftest import open_site
from fcgi_client import COMPLETE, END_REQUEST, STDOUT, receive_request, record
from front_ends import KINDS, FrontEnd, Kind, is_installed
from html_page import HTMLPage
from http_client import FORM, JSON, HTTPClient, valid_event, without_key
from load import Clients
from responder import BINARY, clean_environment, wait_until

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
MANY = 40_000
UPLOADS = 20


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.id)
def front_end(request: pytest.FixtureRequest) -> Iterator[FrontEnd]:
    kind: Kind = request.param
    if not is_installed(kind):
        pytest.skip("this nginx did not come with Debian's parameters")
    with open_site() as site:
        yield FrontEnd(site, kind)


@pytest.fixture
def client(front_end: FrontEnd) -> Iterator[HTTPClient]:
    with front_end.client() as client:
        yield client


@pytest.fixture
def mount(front_end: FrontEnd) -> str:
    return front_end.mount


def post(client: HTTPClient, mount: str, **members: object) -> Answer:
    body = json.dumps(valid_event(**members)).encode()
    return client.request("POST", f"{mount}/events", body, {"Content-Type": JSON})


def test_a_stream_passes_at_once(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    with front_end.client() as reader:
        response = reader.start("GET", f"{mount}/events/stream")
        if front_end.kind.way == "cgi":
            # A program that answers one request at a time cannot stream.
            assert response.status == 501 and b"wait" in response.read()
            return
        assert response.status == 200 and response.getheader("Content-Type") == "text/event-stream"
        # It begins with the event from which on it is.
        begin = [response.readline() for _ in range(3)]
        assert begin[0].startswith(b"retry:") and begin[1].startswith(b"id: evt_") and begin[2] == b"\n"
        # Nothing else follows, so nothing makes the server pass on what it holds back.
        for _ in range(3):
            event = post(client, mount).json()
            lines = [response.readline() for _ in range(3)]
            assert lines[0] == f"id: {event['id']}\n".encode() and json.loads(lines[1][6:]) == event
    # A browser asks for compressed content.
    for coding in ("identity", "gzip"):
        with front_end.client() as reader:
            fields = {"Accept": "application/x-ndjson", "Accept-Encoding": coding}
            response = reader.start("GET", f"{mount}/events/stream", b"", fields)
            assert response.status == 200 and response.getheader("Content-Type") == "application/x-ndjson"
            decoder = zlib.decompressobj(31) if response.getheader("Content-Encoding") == "gzip" else None
            received = b""
            for number in range(3):
                event = post(client, mount).json()
                while received.count(b"\n") < number + 2:
                    part = response.read1(65536)
                    assert part
                    received += decoder.decompress(part) if decoder else part
                assert json.loads(received.splitlines()[-1]) == event


def test_a_long_poll_waits_for_another_process(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    last = post(client, mount).json()["id"]
    assert client.get(f"{mount}/events?after={last}&wait=1").json() == []
    with ThreadPoolExecutor(1) as threads, front_end.client() as other:
        waiting = threads.submit(other.get, f"{mount}/events?after={last}&wait=30")
        time.sleep(0.3)
        event = post(client, mount).json()
        assert waiting.result(40).json() == [event]


def test_events_are_recorded_and_found(client: HTTPClient, mount: str) -> None:
    assert client.get(f"{mount}/health").json() == {"status": "ok"}
    created = post(client, mount, message="grün & <b>", source="first", tags=["a", "b"])
    assert created.status == 201, created
    event = created.json()
    assert created.field("Location") == f"{mount}/events/{event['id']}"
    assert client.get(created.field("Location")).json() == event
    other = post(client, mount, type="error", source="first").json()

    assert client.get(f"{mount}/events?source=first").json() == [event, other]
    assert client.get(f"{mount}/events?source=first&type=error").json() == [other]
    query = urlencode({"q": "GRÜN & <B>"})
    assert [found["id"] for found in client.get(f"{mount}/events?{query}").json()] == [event["id"]]
    assert client.get(f"{mount}/events.csv?source=first").body.startswith(b"id,timestamp,type")
    assert client.get(f"{mount}/events?source=first", accept="application/x-ndjson").body.count(b"\n") == 2


def test_a_form_is_recorded_and_leads_back_to_the_page(client: HTTPClient, mount: str) -> None:
    body = urlencode(valid_event(message="by form", source="form")).encode()
    answer = client.request("POST", f"{mount}/events", body, {**HTML, "Content-Type": FORM})
    assert answer.status == 303
    assert answer.field("Location").startswith(f"{mount}/?")
    page = client.get(answer.field("Location"), accept="text/html")
    assert page.status == 200 and b"by form" in page.body

    wrong = client.request("POST", f"{mount}/events", b"type=info", {**HTML, "Content-Type": FORM})
    assert wrong.status == 422
    assert HTMLPage(wrong).form("post").attributes["action"] == f"{mount}/events"
    foreign = {**HTML, "Sec-Fetch-Site": "cross-site", "Content-Type": FORM}
    refused = client.request("POST", f"{mount}/events", body, foreign)
    assert refused.status == 403 and refused.field("Content-Type").startswith("text/html")
    client.request("POST", f"{mount}/events", body, {**foreign, "Accept": "*/*"}).problem(403)


def test_a_browser_that_tells_only_its_origin_may_send_the_form_of_our_own_page(
    front_end: FrontEnd, client: HTTPClient, mount: str
) -> None:
    """Older browsers send no Sec-Fetch-Site. The port is a part of the origin."""
    if front_end.kind.way == "stock-params":
        pytest.skip("a configuration of the administrator's own")
    port = front_end.web_server.port
    body = urlencode(valid_event(source="origin")).encode()
    for origin, status in (
        (f"http://127.0.0.1:{port}", 303),
        ("http://127.0.0.1", 403),
        (f"http://127.0.0.1:{port + 1}", 403),
        (f"http://elsewhere.example:{port}", 403),
        ("null", 403),
    ):
        fields = {"Accept": "text/html", "Content-Type": FORM, "Origin": origin}
        assert client.request("POST", f"{mount}/events", body, fields).status == status, origin
    assert len(client.get(f"{mount}/events?source=origin").json()) == 1


def test_every_link_of_the_page_stays_below_the_prefix(client: HTTPClient, mount: str) -> None:
    for _ in range(3):
        post(client, mount, user_id="u", tags=["t"])
    page = HTMLPage(client.get(f"{mount}/?limit=1", accept="text/html"))
    addresses = [
        element.attributes[name]
        for element in page.document.walk()
        for name in ("href", "src", "action")
        if name in element.attributes
    ]
    assert len(addresses) > 20
    for address in {address.partition("#")[0] for address in addresses} - {""}:
        assert address.startswith(f"{mount}/") and not address.startswith("//"), address
        # What only takes a form says so.
        status = client.get(address, accept="text/html, */*").status
        assert status == (405 if address == f"{mount}/save-view" else 200), address


def test_the_root_of_a_prefix_is_found_without_its_slash(front_end: FrontEnd, client: HTTPClient) -> None:
    if not front_end.mount:
        pytest.skip("at the root of the site")
    answer = client.get(f"{front_end.mount}?type=error", accept="text/html")
    assert answer.status == 308
    # It is relative, because there may be a proxy in front with another scheme.
    assert answer.field("Location") == f"{front_end.mount}/?type=error"
    assert client.get("/events").status == 404, "what is beside the prefix is the site's"
    assert client.get(f"{front_end.mount}x/health").status == 404


def test_a_path_with_too_many_slashes_leads_to_the_right_one(client: HTTPClient, mount: str) -> None:
    query = "?type=error&q=a%20b"
    for target in ("/events/", "//events", "//events//"):
        answer = client.get(f"{mount}{target}{query}")
        # A web server may merge slashes itself.
        if answer.status != 200:
            assert answer.status == 308, target
            assert answer.field("Location") == f"{mount}/events{query}", target
    for target in ("//evil.example/", "//evil.example//events/", "/events//..%2F%2Fevil.example/"):
        for place in (mount + target, target):
            for location in client.get(place).all_of("Location"):
                assert location.startswith(f"{mount}/") and not location.startswith("//"), (place, location)


def test_static_files_are_the_web_servers(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    page = HTMLPage(client.get(f"{mount}/", accept="text/html"))
    style = page.document.one("link", rel="stylesheet").attributes["href"]
    script = page.document.one("script").attributes["src"]
    icon = page.document.one("link", rel="icon").attributes["href"]
    types = {style: "text/css", script: "text/javascript", icon: "image/svg+xml"}
    for address, media_type in types.items():
        answer = client.get(address)
        assert answer.status == 200 and answer.field("Content-Type").startswith(media_type)
        assert answer.field("ETag") and not answer.all_of("Content-Security-Policy")
        assert client.get(address, if_none_match=answer.field("ETag")).status == 304
        assert "?v=" in address and "max-age=86400" in answer.field("Cache-Control")
        assert "immutable" not in answer.field("Cache-Control")
        assert "max-age=300" in client.get(address.partition("?")[0]).field("Cache-Control")
        assert answer.field("X-Content-Type-Options") == "nosniff"
    for nothing in ("", "nothing.css", "nothing/", "nothing/more.css", "..", "%2e%2e/"):
        assert client.get(f"{mount}/static/{nothing}").status == 404


def test_pages_that_tell_of_an_error_cannot_be_asked_for(client: HTTPClient, mount: str) -> None:
    for target in ("/static/error.html", "/static/offline.html", "/eventlog-error", "/eventlog-offline"):
        for accept in ("text/html", "*/*"):
            answer = client.get(mount + target, accept=accept)
            assert answer.status == 404, target
            assert b"{{title}}" not in answer.body and b"Offline" not in answer.body


def test_every_answer_has_the_security_fields_once(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    found = {"/": 200, "/events": 200, "/static/style.css": 200}
    for target in (*found, "/events/evt_0", "/static/nothing.css", "/static/", "/status"):
        answer = client.get(mount + target, x_forwarded_for="203.0.113.9")
        # Caddy takes no client's address from a field.
        if target != "/status":
            assert (answer.status == 200) == (target in found), target
        for name, value in SECURITY.items():
            assert answer.field(name) == value, target
    for answer in (client.get(mount), client.get(f"{mount}/health", host="evil.example")):
        for name, value in SECURITY.items():
            assert answer.field(name) == value, target


def test_no_answer_tells_the_web_servers_version(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    server = {"nginx": "nginx", "lighttpd": "lighttpd", "apache": "Apache", "caddy": "Caddy"}[front_end.kind.server]
    for target in ("/health", "/static/nothing", ""):
        answer = client.get(mount + target)
        assert answer.field("Server") == server
        assert f"{server}/".lower().encode() not in answer.body.lower()


def test_trace_echoes_nothing(client: HTTPClient, mount: str) -> None:
    answer = client.request("TRACE", f"{mount}/health", fields={"X-Secret": "tell nobody"})
    assert answer.status == 405 and b"tell nobody" not in answer.body


HOSTS = {
    "localhost": 200,
    "LOCALHOST:8080": 200,
    "127.0.0.1": 200,
    "203.0.113.7:80": 200,
    "[::1]": 200,
    "[2001:db8::1]:8080": 200,
    "evil.example": 421,
    "evil.example:80": 421,
    "localhost.evil.example": 421,
    "127.0.0.1.evil.example": 421,
    "evil-localhost": 421,
}


@pytest.mark.parametrize("host, status", HOSTS.items(), ids=HOSTS)
def test_only_this_machine_and_addresses_are_hosts(
    client: HTTPClient, mount: str, host: str, status: int
) -> None:
    """A page of another site, whose name leads to this machine, would be taken for one of ours (DNS rebinding)."""
    body = json.dumps(valid_event(source="host")).encode()
    for target in ("/health", "/events", "/", "/static/style.css"):
        assert client.get(mount + target, host=host).status == status
    answer = client.request("POST", f"{mount}/events", body, {"Host": host, "Content-Type": JSON})
    assert answer.status == (201 if status == 200 else status)


def test_text_is_compressed_for_those_who_ask(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    for _ in range(20):
        post(client, mount, source="compressed")
    targets = ["/static/style.css", "/docs", "/"]
    if front_end.kind != Kind("apache", "cgi", mount):
        targets.append("/events?source=compressed")
    for target in targets:
        plain = client.get(mount + target)
        answer = client.get(mount + target, accept_encoding="gzip")
        assert answer.field("Content-Encoding") == "gzip" and not plain.all_of("Content-Encoding")
        assert "Accept-Encoding" in ", ".join(answer.all_of("Vary"))
        assert without_key(gzip.decompress(answer.body)) == without_key(plain.body)
        if answer.all_of("ETag"):
            fields = {"accept_encoding": "gzip", "if_none_match": answer.field("ETag")}
            again = client.get(mount + target, **fields)
            assert again.status == 304 and again.body == b"", target


def test_errors_are_problems(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    events = f"{mount}/events"
    client.get(f"{mount}/nothing").problem(404)
    client.get(f"{events}/evt_999999").problem(404)
    client.get(f"{events}?limit=0").problem(422)
    not_utf8 = client.get(f"{events}?q=%ff")
    assert not_utf8.status == 400
    if front_end.kind.server != "lighttpd":
        not_utf8.problem(400)
    client.request("DELETE", events).problem(405)
    client.request("POST", events, b"{", {"Content-Type": JSON}).problem(400)
    client.request("POST", events, b"{}", {"Content-Type": JSON}).problem(422)
    client.request("POST", events, b"{}", {"Content-Type": "text/plain"}).problem(415)
    problem = client.request("POST", events, b'{"colour":1}', {"Content-Type": JSON}).problem(422)
    assert "#/colour" in [error["pointer"] for error in problem["errors"]]
    assert client.get(f"{events}/evt_1", x_request_id="mine").field("X-Request-Id") == "mine"


def test_only_this_machine_sees_how_the_program_is_doing(
    front_end: FrontEnd, client: HTTPClient, mount: str
) -> None:
    if front_end.kind.server == "caddy":
        pytest.skip("it does not take a client's address from a field; see AccessPolicyTests")
    # A program that lives for a single request has nothing to report.
    seen = 404 if front_end.kind.way == "cgi" else 200
    for target in ("/status", "/metrics"):
        assert client.get(mount + target).status == seen
        for address in (target, target.replace("s", "%73"), "/events/.." + target, "/" + target):
            answer = client.get(mount + address, x_forwarded_for="203.0.113.9")
            if front_end.kind.way == "stock-params" and answer.status in (404, 308):
                continue  # Its path is the root's, nothing's, or one with a slash too many.
            is_known = front_end.kind != Kind("apache", "cgi", mount)
            assert answer.status == (403 if is_known else 404), f"{address}: {answer.status}"
            assert b"uptime" not in answer.body
    assert client.get(f"{mount}/health", x_forwarded_for="203.0.113.9").status == 200


def test_a_body_that_is_too_large_is_refused(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    body = json.dumps(valid_event(message="a" * (2 << 20))).encode()
    answer = client.request("POST", f"{mount}/events", body, {"Content-Type": JSON})
    assert answer.status == 413
    if front_end.kind.server == "nginx":
        answer.problem(413)


def test_the_largest_event_passes(client: HTTPClient, mount: str) -> None:
    answer = post(client, mount, message="ü" * 32_768, source="largest")
    assert answer.status == 201
    assert client.get(answer.field("Location")).json() == answer.json()


@pytest.mark.parametrize("version", ["--http1.1", "--http2-prior-knowledge"])
def test_content_that_is_sent_in_chunks_is_recorded(front_end: FrontEnd, mount: str, version: str) -> None:
    server = front_end.kind.server
    if version != "--http1.1" and server != "apache":
        pytest.skip("it has no HTTP/2 without TLS, or its configuration turns it off")
    source = f"chunks {version}"
    url = f"http://127.0.0.1:{front_end.web_server.port}{mount}/events"
    command = ["curl", "-sS", version, "-H", f"Content-Type: {JSON}", "-H", "Expect:", "-w", "\n%{http_code}"]
    if version == "--http1.1":
        command += ["-H", "Transfer-Encoding: chunked"]
    # curl does not know the length of what it reads from a pipe.
    command += ["-X", "POST", "-T", "-", url]
    body = json.dumps(valid_event(source=source)).encode() + b" " * 100_000
    result = subprocess.run(command, input=body, capture_output=True, timeout=30)
    answer, _, status = result.stdout.decode().rpartition("\n")
    # See deploy/apache/cgi.conf and deploy/caddy/Caddyfile.template.
    refusal = 411 if front_end.kind == Kind("apache", "cgi", mount) else 400 if server == "caddy" else None
    assert int(status) == (refusal or 201), answer
    with front_end.client() as client:
        recorded = client.get(f"{mount}/events?{urlencode({'source': source})}").json()
    assert len(recorded) == (0 if refusal else 1)


def test_lighttpd_does_not_speak_http2(front_end: FrontEnd, mount: str) -> None:
    if front_end.kind.server != "lighttpd":
        pytest.skip("the reason is one of lighttpd's")
    with socket.create_connection(("127.0.0.1", front_end.web_server.port), 20) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        # A server that speaks it would answer with a frame of settings.
        assert connection.recv(9)[3:4] != bytes([4])


def test_head_and_options(client: HTTPClient, mount: str) -> None:
    for target in ("/events", "/", "/health", "/events/evt_999999"):
        got, head = client.get(mount + target), client.request("HEAD", mount + target)
        assert (head.status, head.body) == (got.status, b"")
        assert head.field("Content-Type") == got.field("Content-Type")
    options = client.request("OPTIONS", f"{mount}/events")
    assert options.status == 204 and options.field("Allow") == "GET, HEAD, OPTIONS, POST"


def test_pages_lead_to_one_another(client: HTTPClient, mount: str) -> None:
    ids = [post(client, mount, source="paged").json()["id"] for _ in range(5)]
    found: list[str] = []
    target = f"{mount}/events?source=paged&limit=2"
    while target:
        answer = client.get(target)
        found += [event["id"] for event in answer.json()]
        links = answer.field("Link")
        following = [link for link in links.split(", ") if link.endswith('rel="next"')]
        target = following[0].partition(">")[0].lstrip("<") if following else ""
        assert not target or target.startswith(f"{mount}/events?")
    assert found == ids


def test_the_longest_links_pass(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    """A page in the middle repeats a filter of the largest size in its links."""
    if front_end.kind.way == "stock-params":
        pytest.skip("a configuration of the administrator's own")
    tags = [f"{number:02}" + "\u00e9" * 62 for number in range(10)]
    ids = [post(client, mount, source="links", tags=tags).json()["id"] for _ in range(3)]
    target = f"{mount}/events?{urlencode([('limit', 1), *(('tag', tag) for tag in tags)])}"
    assert len(target) > 3700
    found = []
    for _ in ids:
        answer = client.get(target)
        assert answer.status == 200
        found += [event["id"] for event in answer.json()]
        links = answer.field("Link").split(", ")
        following = [link for link in links if link.endswith('rel="next"')]
        if len(found) == 2:
            assert len(answer.field("Link")) > 3700
        target = following[0].partition(">")[0].lstrip("<") if following else ""
    assert found == ids and not target


def test_what_has_not_changed_is_not_sent_again(client: HTTPClient, mount: str) -> None:
    created = post(client, mount)
    first = client.get(created.field("Location"))
    again = client.get(created.field("Location"), if_none_match=first.field("ETag"))
    assert again.status == 304 and again.body == b""


def test_paths_are_decoded_once(front_end: FrontEnd, client: HTTPClient, mount: str) -> None:
    id = post(client, mount).json()["id"]
    assert client.get(f"{mount}/events/evt%5F{id[4:]}").status == 200
    assert client.get(f"{mount}/events/evt%255F{id[4:]}").status == 404
    assert client.get(f"{mount}/events%2F{id}").status == 404


@pytest.fixture
def many_events(front_end: FrontEnd) -> int:
    """Records many events and returns their number."""
    with front_end.client(60) as client:
        count = client.get(f"{front_end.mount}/events.ndjson").body.count(b"\n")
    if count < MANY:
        events = "".join(
            json.dumps({"type": "info", "source": "many", "message": f"{number} " + "x" * 200}) + "\n"
            for number in range(MANY)
        )
        command = [BINARY, "import", "--store", front_end.store, "-"]
        subprocess.run(command, input=events.encode(), check=True, timeout=60, env=clean_environment())
        count += MANY
    return count


def test_everything_is_streamed_whole(front_end: FrontEnd, mount: str, many_events: int) -> None:
    with front_end.client(60) as client:
        response = client.start("GET", f"{mount}/events.ndjson")
        first = response.readline()
        assert json.loads(first)["id"] == "evt_001"
        assert 1 + response.read().count(b"\n") == many_events


def test_an_answer_that_is_cut_is_an_error(front_end: FrontEnd, mount: str, many_events: int) -> None:
    """The client is slow, so the program has not written everything when it dies."""
    if front_end.kind.server == "caddy":
        pytest.skip("it hides the death; see deploy/caddy/Caddyfile.template")
    with front_end.client(20) as client:
        response = client.start("GET", f"{mount}/events.ndjson")
        assert response.status == 200
        response.read(10_000)
        time.sleep(0.3)
        assert front_end.processes(), "it is still writing, because nothing in between takes everything"
        front_end.kill_processes()
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()
    if front_end.responder:
        front_end.responder = front_end.start_responder()
    wait_until(lambda: answers(front_end), "it answers again")


def answers(front_end: FrontEnd) -> bool:
    with front_end.client() as client:
        return client.get(f"{front_end.mount}/health").status == 200


class Writers:
    """Threads that post on a new connection for each request, and remember which events were acknowledged."""

    def __init__(self, front_end: FrontEnd) -> None:
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self._front_end = front_end
        self._clients = Clients(4, self._work)

    def _work(self, number: int, clients: Clients) -> None:
        while not clients.ended.is_set():
            try:
                with self._front_end.client() as client:
                    answer = post(client, self._front_end.mount, source="writer")
                if answer.status == 201:
                    self.acknowledged.append(answer.json()["id"])
                else:
                    self.failures.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))

    def wait_for(self, count: int) -> None:
        """Waits until the given number of further events are acknowledged."""
        before = len(self.acknowledged)
        wait_until(lambda: len(self.acknowledged) >= before + count, f"{count} events are acknowledged")

    def end(self) -> None:
        self._clients.end()

    def assert_recorded(self) -> None:
        wait_until(lambda: answers(self._front_end), "it answers")
        with self._front_end.client(60) as client:
            recorded = client.get(f"{self._front_end.mount}/events?source=writer").json()
        assert set(self.acknowledged) <= {event["id"] for event in recorded}


@contextmanager
def writing(front_end: FrontEnd) -> Iterator[Writers]:
    """Provides writers that end with the test, also if it fails; every event that was acknowledged must be there."""
    writers = Writers(front_end)
    try:
        yield writers
    finally:
        writers.end()
    writers.assert_recorded()


def test_a_successor_takes_over_without_a_failed_request(front_end: FrontEnd) -> None:
    if not front_end.responder:
        pytest.skip("no responder of its own")
    with writing(front_end) as writers:
        for _ in range(3):
            writers.wait_for(20)
            earlier, front_end.responder = front_end.responder, front_end.start_responder("--replace")
            earlier.terminate()
            assert earlier.wait(20) == 0
        writers.wait_for(20)
    assert writers.failures == []


def test_the_web_server_reloads_without_a_failed_request(front_end: FrontEnd) -> None:
    if front_end.kind.server == "caddy":
        pytest.skip("it reloads through an interface of its own, which the configuration turns off")
    with writing(front_end) as writers:
        for _ in range(2):
            writers.wait_for(20)
            front_end.web_server.reload()
            writers.wait_for(20)
    if front_end.kind == Kind("apache", "cgi", front_end.mount):
        # Apache has a process that starts the programs, and a reload restarts it; see deploy/apache/cgi.conf.
        assert set(writers.failures) <= {"503"}
    else:
        assert writers.failures == []


@pytest.mark.parametrize("is_kept", [False, True], ids=["on a new connection", "on a kept connection"])
def test_an_event_is_not_sent_again_after_the_responder_has_died_with_it(front_end: FrontEnd, is_kept: bool) -> None:
    """Nobody knows whether the dead one has recorded it. Its successor is there when the web server notices."""
    if not front_end.responder:
        pytest.skip("no responder of its own")
    if is_kept and front_end.kind.server != "nginx":
        pytest.skip("it keeps no connections")
    mount, socket_path, source = front_end.mount, front_end.site.socket, f"once, {is_kept}"
    front_end.kill_processes()
    socket_path.unlink()
    with socket.socket(socket.AF_UNIX) as listener, front_end.client() as client:
        listener.bind(str(socket_path))
        socket_path.chmod(0o777)
        listener.listen()
        listener.settimeout(10)
        with ThreadPoolExecutor(1) as thread:
            if is_kept:
                health = thread.submit(client.get, f"{mount}/health")
                dying, _ = listener.accept()
                receive_request(dying)
                answer = b"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
                dying.sendall(record(STDOUT, answer) + record(STDOUT) + record(END_REQUEST, COMPLETE))
                assert health.result().status == 200
            posted = thread.submit(post, client, mount, source=source)
            if not is_kept:
                dying, _ = listener.accept()
            assert b"REQUEST_METHODPOST" in receive_request(dying)
            listener.close()
            socket_path.unlink()
            front_end.responder = front_end.start_responder()
            dying.close()
            assert posted.result().status == {"nginx": 502, "lighttpd": 500, "apache": 503, "caddy": 502}[front_end.kind.server]
    wait_until(lambda: answers(front_end), "it answers again")
    with front_end.client() as client:
        assert client.get(f"{mount}/events?{urlencode({'source': source})}").json() == []
        assert post(client, mount, source=source).status == 201


def test_a_slow_upload_waits_in_the_web_server(front_end: FrontEnd, mount: str) -> None:
    body = json.dumps(valid_event(source="slow")).encode() + b" " * 200_000
    head = (
        f"POST {mount}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    with ExitStack() as stack:
        with front_end.client() as client:
            assert post(client, mount).status == 201
        before = front_end.responder.descriptor_count() if front_end.responder else 0
        uploads = []
        for _ in range(UPLOADS):
            upload = stack.enter_context(socket.create_connection(("127.0.0.1", front_end.web_server.port), 20))
            upload.sendall(head + body[:-1])
            uploads.append(upload)
        for _ in range(20):
            time.sleep(0.02)
            # Apache closes kept connections when it is short of threads.
            with front_end.client() as client:
                assert post(client, mount).status == 201
            if front_end.responder and front_end.kind.server != "caddy":
                # See deploy/caddy/Caddyfile.template for Caddy.
                assert front_end.responder.descriptor_count() < before + UPLOADS / 2
        for upload in uploads:
            upload.sendall(body[-1:])
        for upload in uploads:
            assert upload.recv(12) == b"HTTP/1.1 201"
    with front_end.client() as client:
        assert len(client.get(f"{mount}/events?source=slow").json()) == UPLOADS


@pytest.mark.long
def test_apache_gives_up_an_upload_that_has_stopped(front_end: FrontEnd, mount: str) -> None:
    if front_end.kind.server != "apache":
        pytest.skip("Apache's time limit is part of our configuration")
    head = f"POST {mount}/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection(("127.0.0.1", front_end.web_server.port), 40) as upload:
        upload.sendall(head.encode() + b"{")
        assert upload.recv(12) == b"HTTP/1.1 408"


def test_a_browser_gets_our_page_when_the_responder_is_down(front_end: FrontEnd) -> None:
    if not front_end.responder:
        pytest.skip("no responder of its own")
    if front_end.kind.server in ("lighttpd", "caddy"):
        pytest.skip("its page of an error cannot know where the program is mounted, or it has none")
    mount, unavailable = front_end.mount, 502 if front_end.kind.server == "nginx" else 503
    front_end.kill_processes()
    try:
        with front_end.client() as client:
            for target in ("/", "/events/evt_001"):
                answer = client.get(mount + target, accept="text/html")
                assert answer.status == unavailable and answer.field("Cache-Control") == "no-store"
                page = HTMLPage(answer)
                assert page.document.one("h2").text == "Offline"
                assert {link.attributes["href"] for link in page.document.all("a")} == {f"{mount}/"}
                style = page.document.one("link", rel="stylesheet").attributes["href"]
                assert client.get(style).status == 200
            answer = client.get(f"{mount}/events")
            assert answer.status == unavailable and b"Offline" not in answer.body
    finally:
        front_end.responder = front_end.start_responder()
        wait_until(lambda: answers(front_end), "it answers again")


def test_what_the_responder_says_of_its_own_trouble_is_passed_on(front_end: FrontEnd, mount: str) -> None:
    if not front_end.responder:
        pytest.skip("no responder of its own")
    with closing(sqlite3.connect(front_end.data / "events.sqlite")) as database:
        database.execute("ALTER TABLE event RENAME TO event_elsewhere")
        try:
            wait_until(lambda: not answers(front_end), "health tells")
            with front_end.client() as client:
                answer = client.get(f"{mount}/health", accept="text/html")
            assert answer.status == 503
            assert answer.json() == {"status": "unavailable", "reason": "the store cannot be used"}
        finally:
            database.execute("ALTER TABLE event_elsewhere RENAME TO event")
    wait_until(lambda: answers(front_end), "it answers again")


def test_a_responder_of_the_web_server_is_started_again(front_end: FrontEnd) -> None:
    """Requests may fail in the meantime, but no acknowledged event is lost."""
    if front_end.kind.way != "bin-path":
        pytest.skip("not started by the web server")
    with writing(front_end) as writers:
        writers.wait_for(20)
        before = front_end.processes()
        assert len(before) == 1
        front_end.kill_processes()
        writers.wait_for(20)
        assert len(front_end.processes()) == 1 and front_end.processes() != before
