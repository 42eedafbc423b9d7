"""Tests searches as people type them: on the API, the page, the command line, and wherever else a filter is taken."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, expect

from conftest import Site
from html_page import HTMLPage
from http_client import HTTPClient
from responder import BINARY, clean_environment
from web_server import Nginx

Event = dict[str, object]
TODAY = datetime.now(UTC).date()


def event(type: str, source: str, message: str, **members: object) -> Event:
    return {"type": type, "source": source, "message": message, **members}


EVENTS = [
    event("error", "checkout", "Card declined: insufficient funds", user_id="u-81", request_id="r-7", tags=["payment", "eu"],
          data={"order": {"id": 42, "paid": False}, "amount": 129.90, "currency": "EUR"}),
    event("error", "checkout", "card declined, expired", user_id="u-82", tags=["payment", "test"],
          data={"order": {"id": 43}, "amount": 9.5, "currency": "EUR"}),
    event("info", "checkout", "Order paid", user_id="u-81", request_id="r-8", tags=["payment"],
          data={"order": {"id": 44, "paid": True}, "amount": 1000, "currency": "USD", "coupon": "42"}),
    event("error", "web client", "timeout after 30s calling http://payments/charge?id=42"),
    event("system", "nightly backup", "backup done at 02:30, 12:30 UTC next", data={"files": 1200, "a.b": 1, "host": {"name": "db-1"}}),
    event("user_action", "shop", "User logged in", user_id="u-81", request_id="r-9"),
    event("user_action", "shop", "Login failed: wrong password", user_id="u-90", tags=["security"], data={"attempts": 3}),
    event("user_action", "shop", "Refund requested for order 43: said \"never arrived\"", user_id="u-82", tags=["refund", "eu"]),
    event("info", "mailer", "Mail sent to strasse@example.org or not", data={"template": "welcome", "tries": [1, 2]}),
    event("error", "mailer", "SMTP error: Straße 5 not found, disk 95% full on C:\\temp", data={"code": -1, "ratio": 0.25}),
    event("info", "GET /health", "status:200 --verbose"),
]

#: What the person is, what the person types, and what it means in plain Python.
QUERIES: list[tuple[str, str, Callable[[Event], bool]]] = []


def query(who: str, text: str) -> Callable[[Callable[[Event], bool]], None]:
    return lambda means: QUERIES.append((who, text, means))


def says(each: Event, *texts: str) -> bool:
    folded = f"{each['source']}\0{each['message']}".casefold()
    return all(text.casefold() in folded for text in texts)


def data(each: Event, *path: str) -> object:
    value: object = each.get("data")
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def number(each: Event, *path: str) -> float:
    value = data(each, *path)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")


def tags(each: Event) -> list[str]:
    return each.get("tags", [])  # type: ignore[return-value]


# Written down before the language was: an engineer on call, an auditor, the owner of a shop, and a support agent.
query("on call", 'type:error')(lambda e: e["type"] == "error")
query("on call", '"card declined" -test source:checkout')(lambda e: says(e, "card declined") and not says(e, "test") and e["source"] == "checkout")
query("on call", 'timeout OR SMTP')(lambda e: says(e, "timeout") or says(e, "smtp"))
query("on call", 'type:error -source:mailer')(lambda e: e["type"] == "error" and e["source"] != "mailer")
query("on call", 'type:error OR type:system since:15m')(lambda e: e["type"] in ("error", "system"))
query("on call", 'http://payments/charge?id=42')(lambda e: says(e, "http://payments/charge?id=42"))
query("on call", '12:30')(lambda e: says(e, "12:30"))
query("on call", 'source:"web client" 30s')(lambda e: e["source"] == "web client" and says(e, "30s"))
query("on call", 'request:r-7')(lambda e: e.get("request_id") == "r-7")
query("on call", 'disk 95%')(lambda e: says(e, "disk", "95%"))
query("on call", r'C:\temp')(lambda e: says(e, r"c:\temp"))
query("on call", 'status:200')(lambda e: says(e, "status:200"))
query("on call", '"--verbose"')(lambda e: says(e, "--verbose"))
query("on call", '--verbose')(lambda e: says(e, "--verbose"))
query("on call", 'until:1h')(lambda e: False)
query("on call", '-type:info -type:user_action')(lambda e: e["type"] not in ("info", "user_action"))
query("on call", 'data.code:-1')(lambda e: data(e, "code") == -1)
query("on call", 'data.host.name:db-1')(lambda e: data(e, "host", "name") == "db-1")
query("auditor", 'user:u-81')(lambda e: e.get("user_id") == "u-81")
query("auditor", 'user:u-81 OR user:u-82 type:user_action')(lambda e: e.get("user_id") in ("u-81", "u-82") and e["type"] == "user_action")
query("auditor", 'has:user -has:request')(lambda e: "user_id" in e and "request_id" not in e)
query("auditor", 'tag:security')(lambda e: "security" in tags(e))
query("auditor", '"login failed" data.attempts>=3')(lambda e: says(e, "login failed") and number(e, "attempts") >= 3)
query("auditor", 'on:today'.replace("today", str(TODAY)))(lambda e: True)
query("auditor", f'until:{TODAY + timedelta(1)} since:{TODAY - timedelta(7)} backup')(lambda e: says(e, "backup"))
query("auditor", f'-since:{TODAY - timedelta(30)}')(lambda e: False)
query("auditor", 'has:tag -has:data')(lambda e: bool(tags(e)) and "data" not in e)
query("auditor", 'data."a.b":1')(lambda e: data(e, "a.b") == 1)
query("shop owner", 'data.amount>=100')(lambda e: number(e, "amount") >= 100)
query("shop owner", 'data.amount>9 data.amount<1000 data.currency:EUR')(lambda e: 9 < number(e, "amount") < 1000 and data(e, "currency") == "EUR")
query("shop owner", 'data.order.paid:true')(lambda e: data(e, "order", "paid") is True)
query("shop owner", 'data.coupon:"42"')(lambda e: data(e, "coupon") == "42")
query("shop owner", 'data.coupon:42')(lambda e: False)
query("shop owner", 'has:data.order.id -data.order.paid:true')(lambda e: data(e, "order", "id") is not None and data(e, "order", "paid") is not True)
query("shop owner", 'refund OR declined -tag:test')(lambda e: (says(e, "refund") or says(e, "declined")) and "test" not in tags(e))
query("shop owner", 'tag:payment tag:eu')(lambda e: {"payment", "eu"} <= set(tags(e)))
query("support", 'STRASSE')(lambda e: says(e, "strasse"))
query("support", 'order 43')(lambda e: says(e, "order", "43"))
query("support", r'"said \"never arrived\""')(lambda e: says(e, 'said "never arrived"'))
query("support", 'paid or not')(lambda e: says(e, "paid", "or", "not"))
query("support", 'data.tries:2')(lambda e: data(e, "tries") == [1, 2])
query("support", 'user_id:u-90 password')(lambda e: e.get("user_id") == "u-90" and says(e, "password"))


def ids(means: Callable[[Event], bool]) -> list[str]:
    return [f"evt_{number:03}" for number, each in enumerate(EVENTS, 1) if means(each)]


@pytest.fixture(scope="module")
def web_server(shared_site: Site) -> Nginx:
    shared_site.start_responder()
    return shared_site.start_web_server()


@pytest.fixture(scope="module")
def client(web_server: Nginx) -> Iterator[HTTPClient]:
    with web_server.client() as client:
        assert client.post(json.dumps(EVENTS).encode()).status == 201
        yield client


def test_forty_queries_were_written_down() -> None:
    assert len({text for _, text, _ in QUERIES}) == len(QUERIES) >= 40
    assert {who for who, _, _ in QUERIES} == {"on call", "auditor", "shop owner", "support"}
    assert sum(bool(ids(means)) for _, _, means in QUERIES) >= len(QUERIES) - 4, "nearly all of them find something"


@pytest.mark.parametrize("who, text, means", QUERIES, ids=[text for _, text, _ in QUERIES])
def test_each_works_as_typed(
    client: HTTPClient, shared_site: Site, who: str, text: str, means: Callable[[Event], bool]
) -> None:
    expected = ids(means)
    q = quote(text)
    answer = client.get(f"/events?q={q}")
    assert [each["id"] for each in answer.json()] == expected
    assert client.get(f"/events/histogram?q={q}").json()["total"] == len(expected)
    facets = client.get(f"/events/facets?by=source&q={q}").json()
    assert sum(each["count"] for each in facets["values"]) == len(expected)
    assert [json.loads(line)["id"] for line in client.get(f"/events.ndjson?q={q}").body.splitlines()] == expected
    feed = client.get(f"/events.atom?q={q}").body.decode()
    assert feed.count("<entry>") == len(expected)
    page = HTMLPage(client.get(f"/?q={q}", accept="text/html"))
    assert sorted(row[-1] for row in page.rows()) == expected if expected else page.document.one("p", class_="empty")
    # The links to pages, and the text that the page shows, mean the same.
    found, target = [], f"/events?q={q}&limit=2"
    while target:
        answer = client.get(target)
        found += [each["id"] for each in answer.json()]
        target = next((link.split(">")[0][1:] for link in ", ".join(answer.all_of("Link")).split(", ") if 'rel="next"' in link), "")
    assert found == expected
    shown = page.form("get").one("input", name="q").attributes["value"]
    assert [each["id"] for each in client.get(f"/events?q={quote(shown)}").json()] == expected
    command = [BINARY, "list", "--format=ndjson", f"--store={shared_site.store}", "--", text]
    listed = subprocess.run(command, capture_output=True, check=True, timeout=60, env=clean_environment()).stdout
    assert sorted(json.loads(line)["id"] for line in listed.splitlines()) == expected


def test_every_command_takes_a_search(client: HTTPClient, shared_site: Site) -> None:
    def run(*arguments: str) -> str:
        command = [BINARY, arguments[0], f"--store={shared_site.store}", *arguments[1:]]
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=60, env=clean_environment()
        ).stdout

    search = "type:error -timeout data.amount>=100"
    assert [json.loads(line)["id"] for line in run("list", search).splitlines()] == ["evt_001"]
    assert [json.loads(line)["id"] for line in run("tail", "-n5", search).splitlines()] == ["evt_001"]
    assert [json.loads(line)["id"] for line in run("export", search).splitlines()] == ["evt_001"]
    assert [each["value"] for each in json.loads(run("facets", "--by=source", search))["values"]] == ["checkout"]
    # Several words need no quotation marks of the shell, and the option adds to them.
    assert [json.loads(line)["id"] for line in run("list", "card", "declined", "-q", "expired").splitlines()] == ["evt_002"]
    wrong = subprocess.run(
        [BINARY, "list", "data.amount>="], capture_output=True, text=True, timeout=60, env=clean_environment(EVENTLOG_STORE=shared_site.store)
    )
    assert wrong.returncode == 64 and "data.amount>= : a number is missing" in wrong.stderr


def test_a_stream_takes_a_search(client: HTTPClient, web_server: Nginx) -> None:
    with web_server.client() as other:
        response = other.start("GET", "/events/stream?after=evt_000&q=" + quote("data.amount>=100 -paid"), fields={"Accept": "application/x-ndjson"})
        line = b""
        while not line.strip():
            line = response.readline()
        assert json.loads(line)["id"] == "evt_001"


def test_the_older_parameters_are_joined_to_it(client: HTTPClient) -> None:
    found = client.get("/events?" + urlencode({"q": "type:error OR type:info", "type": "error", "tag": "payment"})).json()
    assert [each["id"] for each in found] == ["evt_001", "evt_002"]


def test_an_etag_belongs_to_the_search(client: HTTPClient) -> None:
    tag = client.get("/events?q=type:error").field("ETag")
    assert client.request("GET", "/events?q=type:error", fields={"If-None-Match": tag}).status == 304
    assert client.request("GET", "/events?q=-type:error", fields={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize(
    "text, place, reason",
    [
        ("type:foo", 1, "type:foo : the value must be user_action, system, error or info"),
        ("x data.amount>=", 3, "data.amount>= : a number is missing"),
        ("a OR", 3, "OR : it must stand between two terms"),
        ('x "y', 3, "the closing quotation mark is missing"),
        ("has:nothing", 1, "the value must be user, request, tag, data"),
        ("since:yesterday", 1, "a span before now such as"),
        ("source:", 1, "a value is missing"),
    ],
)
def test_an_error_names_its_place(client: HTTPClient, text: str, place: int, reason: str) -> None:
    for target in ("/events?", "/events/histogram?", "/events/facets?by=type&", "/events/stream?", "/events.csv?"):
        answer = client.get(f"{target}q={quote(text)}")
        assert answer.status == 422
        (error,) = answer.json()["errors"]
        assert error["parameter"] == "q" and f"at character {place}, " in error["detail"] and reason in error["detail"]
    page = client.get(f"/?q={quote(text)}", accept="text/html")
    assert page.status == 422
    marked = HTMLPage(page).document.one("span", **{"class": "quiet invalid"}).one("mark").text
    assert marked and text[place - 1 :].startswith(marked)


def test_the_number_of_conditions_and_of_characters_is_bounded(client: HTTPClient) -> None:
    assert client.get("/events?q=" + quote(" ".join(["tag:a"] * 32))).status == 200
    assert client.get("/events?q=" + quote(" ".join(["tag:a"] * 33))).status == 422
    assert client.get("/events?q=" + "a" * 500).status == 200
    assert client.get("/events?q=" + "a" * 501).status == 422


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, client: HTTPClient) -> Iterator[object]:
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{client.connection.port}", java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def shown(page) -> list[str]:  # type: ignore[no-untyped-def]
    return page.locator("#results .events td.id").all_inner_texts()


def test_chips_values_and_facets_change_the_text(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/?q=" + quote('declined OR paid -"test case" type:error OR type:info'))
    search = page.get_by_label("Search", exact=True)
    assert shown(page) == ["evt_003", "evt_002", "evt_001"]
    assert page.title() == "“declined” or “paid”, not “test case”, type: error or type: info – Event Log"
    page.get_by_role("link", name="type: error or type: info").click()
    expect(search).to_have_value('declined OR paid -"test case"')
    # A value in a row, a facet, and what excludes one, add to it.
    page.locator("#results .events").get_by_role("link", name="user u-81").first.click()
    expect(search).to_have_value('declined OR paid -"test case" user:u-81')
    assert shown(page) == ["evt_003", "evt_001"]
    page.locator(".facets").get_by_role("link", name="not eu").click()
    expect(search).to_have_value('declined OR paid -"test case" user:u-81 -tag:eu')
    assert shown(page) == ["evt_003"]
    page.goto("/")
    page.locator(".facets").get_by_role("link", name="mailer", exact=True).click()
    expect(search).to_have_value("source:mailer")
    assert shown(page) == ["evt_010", "evt_009"]


def test_what_was_found_is_marked(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/?q=" + quote("STRASSE -code OR -zz mail"))
    marks = [each.lower() for each in page.locator("#results mark").all_inner_texts()]
    assert marks == ["mail", "straße", "mail", "mail", "strasse"] or set(marks) == {"mail", "straße", "strasse"}
    assert page.locator("#results .message").first.inner_text().startswith("SMTP error: Straße 5")
    page.goto("/?q=type:error")
    assert page.locator("#results mark").count() == 0


def test_help_is_one_step_away_and_uses_what_the_log_has(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    page.locator(".help summary").click()
    help = page.locator(".search-help").first
    expect(help).to_be_visible()
    assert "source:checkout" in help.inner_text() and "tag:payment" in help.inner_text()
    help.get_by_role("link", name="has:user").click()
    assert len(shown(page)) == 6


def test_names_and_values_are_suggested(chromium: Browser, client: HTTPClient) -> None:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{client.connection.port}")
    page = context.new_page()
    page.goto("/")
    search = page.locator("#filter-q")
    search.focus()
    expect(search).to_have_attribute("role", "combobox")
    page.keyboard.type("declined -so")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_text(["-source:"])
    page.keyboard.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", "suggestion-0")
    page.keyboard.press("Enter")
    expect(search).to_have_value("declined -source:")
    expect(options.first).to_contain_text("-source:checkout")
    page.keyboard.type("web")
    expect(options).to_have_text(['-source:"web client" 1'])
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(search).to_have_value("declined -source:web")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(search).to_have_value('declined -source:"web client" ')
    page.wait_for_url("**q=declined+-source*")
    expect(page.locator("#results .events td.id")).to_have_text(["evt_002", "evt_001"])
    search.fill("")
    page.keyboard.type("data.currency:")
    options.first.click()
    expect(search).to_have_value("data.currency:EUR ")
    expect(page.locator("#results .events td.id")).to_have_text(["evt_002", "evt_001"])
    # What is not finished is no error while it is typed, and is one when it is sent.
    search.fill("data.amount>=")
    page.wait_for_timeout(600)
    expect(page.locator("#filter-error-q")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#filter-error-q")).to_contain_text("a number is missing")
    page.goto("/?q=" + quote("\U0001f389 data.amount>="))
    expect(search).to_be_focused()
    page.wait_for_function("document.getElementById('filter-q').selectionStart === 3")
    assert page.evaluate("document.getElementById('filter-q').selectionEnd") == 16
    context.close()
