"""Who may do what with keys, on every route, for every kind of visitor, behind every web server."""

import base64
import json
import re
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from answer import Answer
from conftest import Site, open_site
from front_ends import KINDS, FrontEnd, Kind, is_installed
from http_client import FORM, JSON, HTTPClient, valid_event
from responder import BINARY, clean_environment, wait_until
from web_server import AS_ROOT

EVENT = json.dumps(valid_event(source="shop")).encode()
HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
ROLES = ("record", "read", "status", "admin")


def keys(store: str, *arguments: str) -> str:
    """Runs `eventlog keys`, and returns what it prints."""
    done = subprocess.run(
        [BINARY, "keys", *arguments, "--store", store],
        capture_output=True,
        text=True,
        timeout=30,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def cookies(answer: Answer) -> dict[str, str]:
    """Returns the cookies that an answer sets."""
    return dict(value.split(";")[0].split("=", 1) for value in answer.all_of("Set-Cookie"))


def token(page: Answer) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page.body.decode())
    assert found, page.body
    return found[1]


class Browser:
    """What a browser does with forms and cookies, on one connection."""

    def __init__(self, client: HTTPClient, mount: str) -> None:
        self.client = client
        self.mount = mount
        self.cookies: dict[str, str] = {}

    def _send(self, method: str, path: str, body: bytes = b"", **fields: str) -> Answer:
        given = {**HTML, **{name.replace("_", "-"): value for name, value in fields.items()}}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.request(method, self.mount + path, body, given)
        for name, value in cookies(answer).items():
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return answer

    def get(self, path: str, **fields: str) -> Answer:
        return self._send("GET", path, **fields)

    def post(self, path: str, **values: str) -> Answer:
        return self._send("POST", path, urlencode(values).encode(), Content_Type=FORM)

    def log_in(self, key: str, **values: str) -> Answer:
        return self.post("/login", token=token(self.get("/login")), key=key, **values)


class Visitor(NamedTuple):
    name: str
    fields: dict[str, str]
    # What the visitor may do; None for somebody who is not let in at all.
    roles: tuple[str, ...] | None


class Request(NamedTuple):
    method: str
    path: str
    role: str | None
    # The status for those who may.
    status: int
    body: bytes = b""
    content_type: str = ""
    accept: str = "*/*"


REQUESTS = [
    Request("GET", "/health", None, 200),
    Request("GET", "/openapi.json", None, 200),
    Request("GET", "/docs", None, 200, accept="text/html"),
    Request("GET", "/login", None, 200, accept="text/html"),
    Request("GET", "/", "read", 200, accept="text/html"),
    Request("GET", "/events", "read", 200),
    Request("GET", "/events?after=evt_001&wait=1", "read", 200),
    Request("GET", "/events.json", "read", 200),
    Request("GET", "/events.ndjson", "read", 200),
    Request("GET", "/events.csv", "read", 200),
    Request("GET", "/events.atom", "read", 200),
    Request("GET", "/events/histogram", "read", 200),
    Request("GET", "/events/facets?by=type", "read", 200),
    Request("GET", "/events/evt_001", "read", 200),
    Request("GET", "/events/evt_001", "read", 200, accept="text/html"),
    Request("GET", "/events/evt_999999", "read", 404),
    Request("GET", "/events/nonsense", "read", 404),
    Request("GET", "/events?nonsense=1", "read", 422),
    Request("HEAD", "/events/stream", "read", 200),
    Request("POST", "/events", "record", 201, EVENT, JSON),
    Request("POST", "/events", "record", 422, b"{}", JSON),
    Request("POST", "/events", "record", 201, EVENT, "application/x-ndjson"),
    Request("POST", "/events", "record", 201, b"type=info&source=shop&message=m", FORM),
    Request("POST", "/v1/logs", "record", 200, b'{"resourceLogs":[]}', JSON),
    Request("GET", "/status", "status", 200),
    Request("GET", "/metrics", "status", 200),
    Request("GET", "/keys", "admin", 200),
    Request("GET", "/keys", "admin", 200, accept="text/html"),
    Request("POST", "/keys", "admin", 422, b"{}", JSON),
    Request("DELETE", "/keys/nobody", "admin", 404),
    Request("POST", "/keys/nobody/rotate", "admin", 404, b"{}", JSON),
]


class Team:
    """A front end that asks for keys, and keys of all kinds."""

    def __init__(self, site: Site, kind: Kind, **settings: str) -> None:
        self.kind = kind
        self.store = f"sqlite:{site.folder / 'data/events.sqlite'}"
        (site.folder / "data").mkdir()
        self.keys = {role: keys(self.store, "create", role, "--role", role) for role in ROLES}
        pinned = ("create", "pinned", "--role", "read", "--role", "record", "--source", "shop")
        self.keys["pinned"] = keys(self.store, *pinned)
        self.keys["ended"] = keys(self.store, "create", "ended", "--role", "admin", "--ends", "1s")
        self.keys["revoked"] = keys(self.store, "create", "revoked", "--role", "admin")
        keys(self.store, "revoke", "revoked")
        settings = {"EVENTLOG_ACCESS": "keys", **settings}
        self.front_end = FrontEnd(site, kind, settings)
        self.mount = kind.mount
        time.sleep(1)

    def client(self) -> HTTPClient:
        return self.front_end.client()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.id)
def team(request: pytest.FixtureRequest) -> Iterator[Team]:
    if not is_installed(request.param):
        pytest.skip("this nginx did not come with Debian's parameters")
    with open_site() as site:
        yield Team(site, request.param)


@pytest.fixture
def client(team: Team) -> Iterator[HTTPClient]:
    with team.client() as client:
        yield client


def visitors(team: Team, client: HTTPClient) -> list[Visitor]:
    session, ended = Browser(client, team.mount), Browser(client, team.mount)
    assert session.log_in(team.keys["read"]).status == 303
    client.close()
    key = keys(team.store, "create", "fleeting", "--role", "admin")
    assert ended.log_in(key).status == 303
    keys(team.store, "revoke", "fleeting")
    time.sleep(1.1)

    def cookie(browser: Browser) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}

    wrong = team.keys["admin"][:-10] + "0000000000"
    basic = {"Authorization": "Basic " + base64.b64encode(b"admin:wrong").decode()}
    forged = {"Remote-User": "admin", "X-Remote-User": "admin", "X-Forwarded-User": "admin"}
    return [
        Visitor("nobody", {}, None),
        Visitor("malformed", bearer("evl_x"), None),
        Visitor("a typing error", bearer(wrong), None),
        Visitor("an unknown key", bearer(unknown_key(team)), None),
        Visitor("an ended key", bearer(team.keys["ended"]), None),
        Visitor("a revoked key", bearer(team.keys["revoked"]), None),
        Visitor("two keys", bearer(f"{team.keys['read']}, Bearer {team.keys['admin']}"), None),
        Visitor("another scheme", basic, None),
        Visitor("forged users", {**forged, **basic}, None),
        *(Visitor(role, bearer(team.keys[role]), (role,)) for role in ROLES),
        Visitor("pinned", bearer(team.keys["pinned"]), ("read", "record")),
        Visitor("a session", cookie(session), ("read",)),
        Visitor("a session of a revoked key", cookie(ended), None),
        Visitor("a forged session", {"Cookie": "eventlog_session=" + "0" * 64}, None),
    ]


def unknown_key(team: Team) -> str:
    """Returns a key that is right, but of another log."""
    store = f"sqlite:{team.front_end.site.folder / 'other.sqlite'}"
    return keys(store, "create", f"k{time.monotonic_ns()}", "--role", "admin")


def expected_status(request: Request, visitor: Visitor, team: Team) -> int:
    way, server = team.kind.way, team.kind.server
    if way == "cgi" and request.path == "/events/stream":
        allowed = 501
    elif way == "cgi" and request.path in ("/status", "/metrics"):
        return 404
    else:
        allowed = request.status
    if request.role is None:
        return allowed
    if visitor.roles is None:
        return 401
    if request.role not in visitor.roles and "admin" not in visitor.roles:
        return 403
    assert server
    return allowed


def test_each_visitor_may_do_what_the_roles_say(team: Team, client: HTTPClient) -> None:
    first = client.request("POST", f"{team.mount}/events", EVENT, {"Content-Type": JSON, **bearer(team.keys["record"])})
    assert first.status == 201
    event = first.json()["id"]
    failures = []
    for number, visitor in enumerate(visitors(team, client)):
        for request in REQUESTS:
            # lighttpd and Apache close a connection that was idle for a second.
            client.close()
            path = request.path.replace("evt_001", event)
            fields = {"Accept": request.accept, **visitor.fields}
            # Wrong keys are limited by network.
            fields["X-Forwarded-For"] = "127.0.0.1" if "status" in path or "metrics" in path else f"192.0.2.{number}"
            if request.content_type:
                fields["Content-Type"] = request.content_type
            answer = client.request(request.method, team.mount + path, request.body, fields)
            expected = expected_status(request, visitor, team)
            if answer.status == 429 and expected == 401:
                continue
            if answer.status != expected:
                failures.append((visitor.name, request.method, path, answer.status, expected))
            vary = ", ".join(answer.all_of("Vary"))
            if request.role and not ("Cookie" in vary and "Authorization" in vary):
                failures.append((visitor.name, path, "Vary", vary))
            if answer.status == 401 and "Bearer" not in answer.field("WWW-Authenticate"):
                failures.append((visitor.name, path, "WWW-Authenticate"))
            if request.role and not re.search("private|no-store", answer.field("Cache-Control")):
                failures.append((visitor.name, path, answer.field("Cache-Control")))
    assert not failures, failures
