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
    Request("GET", "/views", "read", 200),
    Request("GET", "/views/nothing", "read", 404),
    Request("GET", "/views/nothing", "read", 404, accept="text/html"),
    Request("PUT", "/views/nothing", "read", 422, b'{"query":"type:foo"}', JSON),
    Request("DELETE", "/views/nothing", "read", 404),
    Request("POST", "/save-view", "read", 422, b"name=&list=", FORM, "text/html"),
    Request("POST", "/views/nothing/remove", "read", 404, b"", FORM, "text/html"),
    Request("POST", "/events", "record", 201, EVENT, JSON),
    Request("POST", "/events", "record", 422, b"{}", JSON),
    Request("POST", "/events", "record", 201, EVENT, "application/x-ndjson"),
    Request("POST", "/events", "record", 201, b"type=info&source=shop&message=m", FORM),
    Request("POST", "/events", "record", 422, b"type=info", FORM, "text/html"),
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
    # A session sends forms of its own pages only.
    if visitor.name == "a session" and request.method not in ("GET", "HEAD"):
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


def test_a_pinned_key_reads_and_records_only_its_source(team: Team, client: HTTPClient) -> None:
    mount, admin, pinned = team.mount, bearer(team.keys["admin"]), bearer(team.keys["pinned"])

    def get(path: str, fields: dict[str, str] = pinned, **more: str) -> Answer:
        return client.request("GET", mount + path, b"", {**fields, **more})

    def post(event: dict[str, str], fields: dict[str, str] = pinned) -> Answer:
        body = json.dumps({"type": "info", "message": "m", **event}).encode()
        return client.request("POST", f"{mount}/events", body, {"Content-Type": JSON, **fields})

    other = post({"source": "cron"}, admin).json()
    # What is missing is filled in; another source is refused, also in the middle of a batch.
    own = post({}).json()
    assert own["source"] == "shop" and own["recorded_by"] == "pinned"
    assert post({"source": "cron"}).problem(403)["detail"].count("shop") == 1
    lines = b'{"type":"info","message":"m"}\n{"type":"info","message":"m","source":"cron"}\n'
    batch = {"Content-Type": "application/x-ndjson", **pinned}
    assert client.request("POST", f"{mount}/events", lines, batch).status == 403
    service = {"attributes": [{"key": "service.name", "value": {"stringValue": "cron"}}]}
    record = {"scopeLogs": [{"logRecords": [{"body": {"stringValue": "m"}}]}]}
    for resource, status in ((service, 403), ({}, 200)):
        logs = json.dumps({"resourceLogs": [{"resource": resource, **record}]}).encode()
        fields = {"Content-Type": JSON, **pinned}
        assert client.request("POST", f"{mount}/v1/logs", logs, fields).status == status
    third = post({"source": "cron"}, admin).json()

    # Every way to read ends at the source.
    lists = ("/events", "/events.json", "/events?sort=source", "/events?q=m", "/events?limit=1000&order=desc")
    for path in lists:
        found = get(path).json()
        assert found and {event["source"] for event in found} == {"shop"}, path
        assert not {other["id"], third["id"]} & {event["id"] for event in found}
    assert get("/events?source=cron").json() == []
    assert get(f"/events/{own['id']}").json() == own
    missing, never = get(f"/events/{other['id']}"), get("/events/evt_999999")
    assert missing.status == never.status == 404 and missing.body == never.body
    assert get("/events/facets?by=source").json()["values"][0]["value"] == "shop"
    assert len(get("/events/facets?by=source").json()["values"]) == 1
    count = get("/events/histogram?buckets=10").json()["total"]
    assert count == len(get("/events").json()) < get("/events/histogram?buckets=10", admin).json()["total"]
    assert other["id"] not in get("/events.atom").body.decode()
    page = get("/", Accept="text/html").body.decode()
    assert own["id"] in page and other["id"] not in page and third["id"] not in page and "cron" not in page
    # What others record changes no tag, and no last event.
    tags = [get(path).field("ETag") for path in ("/events", "/events/histogram", "/events/facets?by=type")]
    last = re.search(r'data-last="([^"]*)"', page)
    assert post({"source": "cron"}, admin).status == 201
    assert tags == [get(path).field("ETag") for path in ("/events", "/events/histogram", "/events/facets?by=type")]
    page = get("/", Accept="text/html").body.decode()
    assert last and f'data-last="{last[1]}"' in page
    # A cursor of another key leads to no other events, and a link repeats no source.
    cursor = re.search(r"cursor=([^&>]*)", get("/events?limit=1", admin).field("Link"))
    assert cursor
    found = get(f"/events?limit=100&cursor={cursor[1]}")
    assert found.status == 200 and {event["source"] for event in found.json()} == {"shop"}
    assert "source=" not in get("/events?limit=1").field("Link")


def test_who_may_only_record_sees_nothing_of_the_log(team: Team, client: HTTPClient) -> None:
    marker = f"marker{time.monotonic_ns()}"
    body = json.dumps(valid_event(source="hr", message=marker, tags=[marker])).encode()
    fields = {"Content-Type": JSON, "Idempotency-Key": f"k{marker}", **bearer(team.keys["record"])}
    assert client.request("POST", f"{team.mount}/events", body, fields).status == 201
    forms = {b"x=1": 422, b"type=info&source=shop&message=m": 200, b"": 422, b"type=info&source=s&message=m&a=%": 400}
    for form, status in forms.items():
        for accept in ("text/html", "*/*"):
            for more in ({}, {"Idempotency-Key": f"k{marker}"}):
                fields = {"Content-Type": FORM, "Accept": accept, **more, **bearer(team.keys["record"])}
                answer = client.request("POST", f"{team.mount}/events?q=1", form, fields)
                assert marker.encode() not in answer.body and b">hr<" not in answer.body
                assert not answer.all_of("ETag") and b"matching events" not in answer.body
                if accept == "text/html" and not more:
                    assert answer.status == status, (form, answer.status)


def test_people_log_in_and_out(team: Team, client: HTTPClient) -> None:
    mount = team.mount
    browser = Browser(client, mount)
    # Whoever is not known gets the form in the place of the page.
    page = browser.get("/events/evt_001?x=%26")
    assert page.status == 401 and 'name="key"' in page.body.decode()
    assert f'name="next" value="{mount}/events/evt_001?x=%26"' in page.body.decode()
    # Caddy does not take the client's address from a field, so that the wrong keys of other tests count.
    assert browser.post("/login", token=token(page), key="evl_wrong").status in (401, 429)
    assert browser.post("/login", token="0" * 64, key=team.keys["admin"]).status == 403
    assert browser.post("/login", token=token(page), key=team.keys["record"]).status == 403
    done = browser.post("/login", token=token(page), key=f" {team.keys['admin']}\n", next=f"{mount}/keys")
    assert done.status == 303 and done.field("Location") == f"{mount}/keys"
    cookie = next(value for value in done.all_of("Set-Cookie") if value.startswith("eventlog_session="))
    assert f"Path={mount}/" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Max-Age" not in cookie and "Secure" not in cookie
    page = browser.get("/")
    assert page.status == 200 and "Log out" in page.body.decode() and "<strong dir=\"auto\">admin</strong>" in page.body.decode()
    # A form of the page records; one without its token, or without a word on its origin, does not.
    form = {"type": "info", "source": "form", "message": "by a session"}
    assert browser.post("/events", **form).status == 403
    assert browser.post("/events", **form, token="0" * 64).status == 403
    recorded = browser.post("/events", **form, token=token(page))
    assert recorded.status == 303
    event = recorded.field("Location").split("created=")[1]
    found = client.request("GET", f"{mount}/events/{event}", b"", bearer(team.keys["read"])).json()
    assert found["recorded_by"] == "admin" and found["message"] == "by a session"
    cookies_of_page = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    for fields, body in (
        ({"Content-Type": FORM, "Cookie": cookies_of_page}, urlencode({**form, "token": token(page)}).encode()),
        ({"Content-Type": JSON, "Cookie": cookies_of_page, "Sec-Fetch-Site": "same-origin"}, EVENT),
        ({"Content-Type": FORM, "Cookie": cookies_of_page, "Sec-Fetch-Site": "same-site"}, b"token=" + token(page).encode()),
        ({"Content-Type": FORM, "Cookie": cookies_of_page, "Origin": "https://evil.example"}, b"token=" + token(page).encode()),
    ):
        assert client.request("POST", f"{mount}/events", body, fields).status == 403
    assert token(page) != token(browser.get("/")), "it is another one in each page"
    twice = client.request("GET", f"{mount}/", b"", {**HTML, "Cookie": cookies_of_page + "; eventlog_session=x"})
    assert twice.status == 400
    # Logging out ends the session, here or everywhere.
    other = Browser(client, mount)
    assert other.log_in(team.keys["admin"], remember="yes").status == 303
    third = Browser(client, mount)
    assert third.log_in(team.keys["admin"]).status == 303
    assert browser.post("/logout", token="0" * 64).status == 403
    session = dict(browser.cookies)
    assert browser.post("/logout", token=token(browser.get("/"))).status == 303
    browser.cookies = session
    assert browser.get("/").status == 401
    assert other.get("/").status == 200
    assert other.post("/logout", token=token(other.get("/")), everywhere="yes").status == 303
    client.close()
    time.sleep(0.6)
    assert third.get("/").status == 401


@pytest.mark.parametrize(
    "next",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0a", "javascript:1", "", "/x y"],
)
def test_a_login_leads_only_to_this_site(team: Team, client: HTTPClient, next: str) -> None:
    if team.kind.id not in ("nginx-responder", "nginx-responder-prefix"):
        pytest.skip("it does not depend on the web server")
    location = Browser(client, team.mount).log_in(team.keys["read"], next=next).field("Location")
    assert location.startswith(f"{team.mount}/") and not location.startswith("//") and "evil" not in location
    assert "\\" not in location and "\r" not in location


def test_keys_are_managed_by_an_administrator(team: Team, client: HTTPClient) -> None:
    mount, admin = team.mount, {"Content-Type": JSON, **bearer(team.keys["admin"])}

    def send(method: str, path: str, body: dict[str, object] | None = None) -> Answer:
        content = b"" if method == "GET" else json.dumps(body or {}).encode()
        # Apache closes a connection that was idle for a second.
        client.close()
        return client.request(method, mount + path, content, admin)

    def status(key: str) -> int:
        client.close()
        return client.request("GET", f"{mount}/events", b"", bearer(key)).status

    def texts() -> list[str]:
        found = send("GET", "/events?source=eventlog&limit=1000&order=desc").json()
        return [event["message"] for event in reversed(found) if event.get("data", {}).get("key") == name]

    name = f"a/b \"{time.monotonic_ns()}\" é"
    made = send("POST", "/keys", {"name": name, "roles": ["read", "record"], "source": "shop", "ends": "90d"})
    assert made.status == 201 and made.field("Cache-Control") == "no-store"
    key = made.json()
    assert re.fullmatch(r"evl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", key["key"])
    assert send("POST", "/keys", {"name": name, "roles": ["read"]}).status == 409
    listed = next(item for item in send("GET", "/keys").json() if item["name"] == name)
    assert listed == {member: key[member] for member in key if member != "key"}
    assert status(key["key"]) == 200
    # A use is noted after the answer, unless a CGI program cannot write at once; and nothing is noted of a key that is gone.
    wait_until(lambda: status(key["key"]) == 200 and len(texts()) == 2, "a use is noted")
    path = "/keys/" + urlencode({"": name})[1:].replace("+", "%20")
    rotated = send("POST", f"{path}/rotate")
    assert rotated.status == 200, rotated
    rotated = rotated.json()
    time.sleep(0.6)
    assert status(key["key"]) in (401, 429)
    assert status(rotated["key"]) == 200
    wait_until(lambda: status(rotated["key"]) == 200 and len(texts()) == 4, "a use of the new one is noted")
    assert send("DELETE", path).status == 204
    time.sleep(0.6)
    assert status(rotated["key"]) in (401, 429)
    assert send("DELETE", path).status == 404
    for body in ({"name": "x"}, {"name": "", "roles": ["read"]}, {"name": "x", "roles": ["root"]}, {"roles": "read"}):
        assert send("POST", "/keys", body).status == 422
    assert send("POST", "/keys", {"name": "x", "roles": ["admin"], "source": "shop"}).status == 422
    # What was done is in the log, and nobody else can record such an event.
    assert texts() == [
        f"The key {name} was made by admin",
        f"The key {name} was used for the first time",
        f"The key {name} was rotated by admin",
        f"The key {name} was used for the first time",
        f"The key {name} was revoked by admin",
    ]
    assert {event["type"] for event in send("GET", "/events?source=eventlog").json()} == {"system"}
    assert send("POST", "/events", {"type": "system", "source": "eventlog", "message": "m"}).status == 422


def test_no_secret_is_written_anywhere(team: Team, client: HTTPClient) -> None:
    mount, secret = team.mount, team.keys["read"]
    browser = Browser(client, mount)
    browser.log_in(team.keys["admin"])
    session = browser.cookies["eventlog_session"]
    browser.get("/")
    for path in (f"/events?key={secret}", f"/events/{secret}", f"/?q={secret}", f"/events?x={secret.replace('_', '%5F')}"):
        answer = client.request("GET", mount + path, b"", bearer(team.keys["admin"]))
        assert answer.status == 400 and secret.encode() not in answer.body, path
    client.close()
    status = client.request("GET", f"{mount}/status", b"", bearer(team.keys["admin"]))
    texts = [status.body]
    folder = team.front_end.site.folder
    texts += [path.read_bytes() for path in folder.rglob("*.log")]
    file = folder / "data/events.sqlite"
    with closing(sqlite3.connect(file)) as database:
        texts.append("\n".join(database.iterdump()).encode())
    texts += [path.read_bytes() for path in (folder / "data").iterdir()]
    for hidden in (secret, secret.split("_")[2], team.keys["admin"].split("_")[2], session):
        for text in texts:
            assert hidden.encode() not in text


@pytest.fixture
def shared(site: Site) -> Iterator[Team]:
    yield Team(
        site,
        Kind("nginx"),
        EVENTLOG_ANONYMOUS="record",
        EVENTLOG_ALLOW_ORIGIN="https://app.example https://other.example",
        EVENTLOG_LOG_LEVEL="debug",
    )


def test_other_origins_come_with_a_key(shared: Team) -> None:
    with shared.client() as client:
        app = {"Origin": "https://app.example"}
        preflight = client.request(
            "OPTIONS", "/events", b"", {**app, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status == 204
        assert preflight.field("Access-Control-Allow-Origin") == "https://app.example"
        assert "Authorization" in preflight.field("Access-Control-Allow-Headers")
        key = bearer(shared.keys["record"])
        fields = {"Content-Type": JSON, "Sec-Fetch-Site": "cross-site", **app}
        recorded = client.request("POST", "/events", EVENT, {**fields, **key})
        assert recorded.status == 201
        assert recorded.field("Access-Control-Allow-Origin") == "https://app.example"
        assert "Location" in recorded.field("Access-Control-Expose-Headers")
        assert not recorded.all_of("Access-Control-Allow-Credentials")
        # Without a key, or with a cookie, it might be the visitor's browser that lends its rights.
        assert client.request("POST", "/events", EVENT, fields).status == 403
        assert client.request("POST", "/events", EVENT, {**fields, **key, "Cookie": "a=b"}).status == 403
        evil = {**fields, **key, "Origin": "https://evil.example"}
        refused = client.request("POST", "/events", EVENT, evil)
        assert refused.status == 403 and not refused.all_of("Access-Control-Allow-Origin")
        response = client.start("GET", "/events/stream", b"", {**app, **bearer(shared.keys["read"])})
        assert response.status == 200
        assert response.getheader("Access-Control-Allow-Origin") == "https://app.example"


def test_somebody_unknown_may_do_what_the_operator_says(shared: Team) -> None:
    with shared.client() as client:
        assert client.post(EVENT).status == 201
        assert "recorded_by" not in client.post(EVENT).json()
        assert client.get("/events").status == 401
        # A wrong key is no key, whatever others may do.
        assert client.post(EVENT, fields=bearer("evl_x")).status == 401
        client.get("/events", authorization=f"Bearer {shared.keys['read']}")
        log = (shared.front_end.site.folder / "eventlog.log").read_text()
        assert "answered" in log and shared.keys["read"] not in log


def test_wrong_keys_are_slowed_down_and_recorded(shared: Team) -> None:
    with shared.client() as client:
        wrong = {"X-Forwarded-For": "198.51.100.7", **bearer("evl_x")}
        statuses = [client.request("GET", "/events", b"", wrong).status for _ in range(40)]
        assert set(statuses) == {401, 429} and statuses[:20] == [401] * 20
        assert client.request("GET", "/events", b"", wrong).field("Retry-After").isdecimal()
        # A right key passes, also from there; and so does everybody elsewhere.
        right = {"X-Forwarded-For": "198.51.100.7", **bearer(shared.keys["read"])}
        assert client.request("GET", "/events", b"", right).status == 200
        assert client.request("GET", "/events", b"", {**wrong, "X-Forwarded-For": "203.0.113.1"}).status == 401

        def recorded() -> list[str]:
            found = client.request("GET", "/events?source=eventlog&q=wrong", b"", right).json()
            return [event["message"] for event in found]

        wait_until(lambda: len(recorded()) == 1, "wrong keys are recorded together")
        assert "198.51.100.7" in recorded()[0] or "wrong key" in recorded()[0]


def test_a_revoked_key_ends_in_every_process(shared: Team) -> None:
    site = shared.front_end.site
    site.start_responder("--access", "keys", socket=site.folder / "second.sock", store=shared.store)
    second = site.connect(site.folder / "second.sock")
    key = keys(shared.store, "create", "fleeting", "--role", "read")
    fields = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    with shared.client() as client:
        for _ in range(3):
            assert client.get("/events", authorization=f"Bearer {key}").status == 200
            assert second.request("GET", "/events", more=fields).status == 200
        keys(shared.store, "revoke", "fleeting")
        time.sleep(1)
        assert client.get("/events", authorization=f"Bearer {key}").status == 401
        assert second.request("GET", "/events", more=fields).status == 401
        # Somebody who logs in at one responder is known at the other at once.
        browser = Browser(client, "")
        assert browser.log_in(shared.keys["read"]).status == 303
        cookie = {"HTTP_COOKIE": f"eventlog_session={browser.cookies['eventlog_session']}", "HTTP_ACCEPT": "text/html"}
        assert second.request("GET", "/", more=cookie).status == 200


@pytest.mark.long
def test_a_stream_ends_with_its_key(shared: Team) -> None:
    key = keys(shared.store, "create", "fleeting", "--role", "read")
    with shared.client() as client:
        response = client.start("GET", "/events/stream", b"", bearer(key))
        assert response.status == 200 and response.readline()
        keys(shared.store, "revoke", "fleeting")
        start = time.monotonic()
        try:
            while response.readline():
                pass
        except Exception:  # noqa: BLE001 - however the web server cuts it
            pass
        assert time.monotonic() - start < 60


def test_keys_that_are_asked_for_have_to_be_there(site: Site) -> None:
    done = subprocess.run(
        [BINARY, "serve", "--access", "keys", "--listen", f"unix:{site.socket}", "--store", site.store],
        capture_output=True,
        text=True,
        timeout=20,
        env=clean_environment(),
    )
    assert done.returncode == 69 and "eventlog keys create" in done.stderr and not site.socket.exists()


PASSWORDS = {"alice": "wonder", "bob": "builder"}


@pytest.mark.parametrize("server", ["nginx", "apache"])
def test_the_web_server_may_say_who_somebody_is(site: Site, server: str) -> None:
    (site.folder / "data").mkdir()
    store = f"sqlite:{site.folder / 'data/events.sqlite'}"
    key = keys(store, "create", "program", "--role", "record")
    settings = {"EVENTLOG_ACCESS": "keys", "EVENTLOG_TRUST_REMOTE_USER": "alice=admin,bob=read"}
    front_end = FrontEnd(site, Kind(server), settings, PASSWORDS)
    with front_end.client() as client:

        def get(path: str, user: str = "", **fields: str) -> Answer:
            if user:
                fields["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
            return client.request("GET", path, b"", {name.replace("_", "-"): fields[name] for name in fields})

        assert get("/events").status == 401
        assert get("/events", "alice:wrong").status == 401
        assert get("/events", "bob:builder").status == 200
        assert get("/keys", "bob:builder").status == 403
        assert get("/keys", "alice:wonder").status == 200
        assert get("/keys", "bob:builder", Remote_User="alice").status == 403
        assert get("/events", "carol:x").status == 401
        fields = {"Content-Type": JSON, "Authorization": "Basic " + base64.b64encode(b"alice:wonder").decode()}
        assert client.request("POST", "/events", EVENT, fields).json()["recorded_by"] == "alice"
        assert key


def test_nobody_can_claim_to_be_a_user(site: Site) -> None:
    """The shipped configurations pass no name that they have not checked, even to a responder that would trust it. Those that
    come with nginx do; see README."""
    for kind in KINDS:
        if kind.way == "stock-params" or kind.mount:
            continue
        with open_site() as own:
            team = Team(own, kind, EVENTLOG_TRUST_REMOTE_USER="admin")
            with team.client() as client:
                basic = "Basic " + base64.b64encode(b"admin:wrong").decode()
                for fields in (
                    {"Authorization": basic},
                    {"Remote-User": "admin"},
                    {"Remote_User": "admin"},
                    {"X-Remote-User": "admin"},
                    {"REMOTE_USER": "admin"},
                    {"Authorization": basic, "Remote_User": "admin"},
                ):
                    answer = client.request("GET", "/events", b"", fields)
                    assert answer.status in (400, 401), (kind.id, fields, answer.status)
