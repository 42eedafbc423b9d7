"""Tests the page as a browser without scripts uses it."""

from collections.abc import Iterator
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

import pytest

from answer import Answer
from conftest import Site
from html_page import HTMLPage
from http_client import FORM, HTTPClient

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
}

FIELDS = ("type", "source", "message", "user_id", "request_id", "tags")


class Browser:
    """A browser that follows links and redirects, and sends forms with the values that are filled in."""

    def __init__(self, client: HTTPClient) -> None:
        self.client = client
        self.url = "/"
        self.answer = self.open("/")

    @property
    def page(self) -> HTMLPage:
        return HTMLPage(self.answer)

    def open(self, target: str) -> Answer:
        self.url = urljoin(self.url, target)
        self.answer = self.client.request("GET", self.url, fields=BROWSER)
        return self.answer

    def submit(self, **values: str) -> Answer:
        """Sends the form that records an event. Fields that are not named keep the page's values."""
        page = self.page
        form = page.form("post")
        hidden = {control.attributes["name"]: control.value for control in form.all("input", type="hidden")}
        filled = {name: values.get(name, page.field(name).value) for name in FIELDS}
        self.url = urljoin(self.url, form.attributes["action"])
        body = urlencode({**hidden, **filled}).encode()
        self.answer = self.client.request("POST", self.url, body, {**BROWSER, "Content-Type": FORM})
        return self.answer

    def follow_redirect(self) -> Answer:
        assert self.answer.status == 303, self.answer
        return self.open(self.answer.field("Location"))


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    """Returns a browser that shows the page of a log with the three examples."""
    site.start_responder("--examples")
    with site.start_web_server().client() as client:
        yield Browser(client)


def test_the_page_shows_the_backend_and_the_events_newest_first(browser: Browser) -> None:
    page = browser.page
    assert browser.answer.status == 200
    assert page.document.one("head").one("title").text
    assert page.document.one("html").attributes["lang"] == "en"
    assert page.document.one("h1").text
    backend = page.document.one("aside").text
    assert "Online" in backend and "3 events in SQLite" in backend
    rows = page.rows()
    assert [row[-1] for row in rows] == ["evt_003", "evt_002", "evt_001"]
    assert rows[0][1:] == ["error", "web_client", "Failed to submit form due to validation error", "evt_003"]
    assert "2024-01-15" in rows[0][0] and "15:05:00" in rows[0][0]


def test_the_form_creates_an_event_and_says_so(browser: Browser) -> None:
    browser.submit(
        type="system",
        source="a browser",
        message="Grüße <&> 世界",
        user_id="u1",
        request_id="r1",
        tags="one, two",
    )
    browser.follow_redirect()
    assert browser.answer.status == 200
    assert "evt_004" in browser.page.document.one(role="status").text
    assert browser.page.rows()[0][1:] == ["system", "a browser", "Grüße <&> 世界", "evt_004"]
    event = browser.client.get("/events/evt_004").json()
    assert [event["user_id"], event["request_id"], event["tags"]] == ["u1", "r1", ["one", "two"]]


def test_optional_fields_may_stay_empty(browser: Browser) -> None:
    browser.submit(type="info", source="a", message="b", user_id="", request_id="", tags="")
    assert browser.follow_redirect().status == 200
    event = browser.client.get("/events/evt_004").json()
    assert list(event) == ["id", "timestamp", "type", "source", "message"]


def test_lines_of_a_message_are_kept(browser: Browser) -> None:
    """A browser sends every line ending in a form as CR LF."""
    browser.submit(type="info", source="a", message="one\r\ntwo")
    browser.follow_redirect()
    assert browser.client.get("/events/evt_004").json()["message"] == "one\ntwo"


def test_a_reload_after_the_form_creates_nothing(browser: Browser) -> None:
    browser.submit(type="info", source="a", message="b")
    assert browser.follow_redirect().status == 200
    assert browser.open(browser.url).status == 200
    assert len(browser.client.events()) == 4


def test_an_invalid_form_keeps_its_values_and_shows_each_error_at_its_field(browser: Browser) -> None:
    answer = browser.submit(
        type="error", source=" ", message="kept <message>", user_id="u" * 201, request_id="kept"
    )
    assert answer.status == 422
    page = browser.page
    assert "blank" in page.error_of("source") and "200" in page.error_of("user_id")
    for name in ("type", "message", "request_id", "tags"):
        assert page.field(name).attributes.get("aria-invalid") != "true"
    assert page.field("type").value == "error"
    assert page.field("message").value.strip() == "kept <message>"
    assert page.field("user_id").value == "u" * 201
    assert page.field("request_id").value == "kept"
    assert len(browser.client.events()) == 3
    browser.submit(source="mended", user_id="u")
    browser.follow_redirect()
    assert browser.page.rows()[0][1:] == ["error", "mended", "kept <message>", "evt_004"]


@pytest.mark.parametrize("name", ["source", "message", "type"])
def test_a_missing_value_is_shown_at_its_field(browser: Browser, name: str) -> None:
    values = {"type": "info", "source": "a", "message": "b", name: ""}
    assert browser.submit(**values).status == 422
    assert browser.page.error_of(name)


def test_the_filter_is_a_form_and_a_url(browser: Browser) -> None:
    form = browser.page.form("get")
    values = [check.attributes["value"] for check in form.all("input", name="type")]
    assert values == ["user_action", "system", "error", "info"]
    assert browser.open(urljoin(browser.url, form.attributes.get("action", "")) + "?type=error").status == 200
    assert [row[-1] for row in browser.page.rows()] == ["evt_003"]
    checks = browser.page.form("get").all("input", name="type")
    assert ["checked" in check.attributes for check in checks] == [False, False, True, False]
    browser.open("/?type=")
    assert len(browser.page.rows()) == 3


def test_a_filter_without_a_match_says_so(browser: Browser) -> None:
    assert browser.open("/?type=info").status == 200
    assert "No events match." in browser.page.document.one(class_="empty").text
    assert not browser.page.document.all("table", class_="events")


def test_fifty_events_a_page_with_links_to_older_and_newer(browser: Browser) -> None:
    for number in range(4, 121):
        assert browser.client.post_event(message=f"number {number}").status == 201
    browser.open("/")
    shown = []
    while True:
        ids = [row[-1] for row in browser.page.rows()]
        assert len(ids) <= 50
        shown.append(ids)
        older = browser.page.document.all("a", rel="next")
        if not older:
            break
        browser.open(older[0].attributes["href"])
    assert [len(ids) for ids in shown] == [50, 50, 20]
    assert [id for ids in shown for id in ids] == [f"evt_{number:03}" for number in range(120, 0, -1)]
    for ids in reversed(shown[:-1]):
        browser.open(browser.page.document.all("a", rel="prev")[0].attributes["href"])
        assert [row[-1] for row in browser.page.rows()] == ids
    assert not browser.page.document.all("a", rel="prev")


ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{message}}"


def test_what_events_contain_is_shown_and_never_run(browser: Browser) -> None:
    members = {"source": ATTACK, "message": ATTACK, "user_id": ATTACK, "request_id": ATTACK}
    assert browser.client.post_event(**members).status == 201
    browser.open("/")
    assert browser.page.rows()[0][2:4] == [ATTACK, ATTACK]
    assert not browser.page.document.all("img", src="x") and b"<script>alert" not in browser.answer.body
    # The same holds for the values and errors of a form that is shown again.
    assert browser.submit(source=ATTACK * 5, message=ATTACK, type="").status == 422
    assert browser.page.field("source").value == ATTACK * 5
    assert not browser.page.document.all("img", src="x") and b"<script>alert" not in browser.answer.body


@pytest.mark.parametrize(
    "target, status, is_shown",
    [
        ("/?q={}", 422, True),
        ("/?q=x{}", 200, True),
        ("/?source={}", 200, True),
        ("/?tag={}", 200, True),
        ("/?user_id={}", 200, True),
        ("/?request_id={}", 200, True),
        ("/?since={}", 422, True),
        ("/?limit={}", 422, True),
        ("/?{}=1", 422, True),
        ("/?created={}", 200, False),
        ("/?type={}", 422, False),
        ("/?cursor={}", 422, False),
        ("/{}", 404, False),
        ("/events/{}", 404, False),
    ],
)
def test_what_the_address_contains_is_never_run(
    browser: Browser, target: str, status: int, is_shown: bool
) -> None:
    attack = "\"'><script>alert(1)</script><img src=x>{{{message}}}"
    assert browser.open(target.format(quote(attack, safe=""))).status == status
    assert (b"alert(1)" in browser.answer.body) == is_shown
    for script in browser.page.document.all("script"):
        assert "src" in script.attributes and not script.text
    assert not browser.page.document.all("img")


def test_the_policy_allows_no_inline_code_and_the_page_has_none(browser: Browser) -> None:
    policy = browser.answer.field("Content-Security-Policy")
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src" in policy
    for element in browser.page.document.walk():
        assert element.tag != "style" and "style" not in element.attributes
        assert element.tag != "script" or "src" in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]


def test_every_address_on_the_page_answers(browser: Browser) -> None:
    targets = {
        urldefrag(urljoin("/", element.attributes[name])).url
        for element in browser.page.document.walk()
        for name in ("href", "src")
        if name in element.attributes
    }
    targets = {target for target in targets if not urlsplit(target).netloc}
    for part in (".css?v=", ".js?v=", "/events/evt_003", "/events.csv", "/docs", "type%3Aerror", "sort=source"):
        assert any(part in target for target in targets), part
    for target in targets:
        assert browser.client.request("GET", target, fields=BROWSER).status == 200, target


def test_every_control_has_a_label(browser: Browser) -> None:
    document = browser.page.document
    labels = document.all("label")
    ids = {label.attributes["for"] for label in labels if "for" in label.attributes}
    assert {"field-message", "field-source", "filter-q"} <= ids
    wrapped = [control for label in labels if label.text for control in label.walk()]
    for control in document.all("input", "select", "textarea"):
        if control.attributes.get("type") not in ("hidden", "submit"):
            has_label = control.attributes.get("id") in ids or any(control is other for other in wrapped)
            assert has_label, control


def test_an_invalid_address_is_an_error_page_for_a_browser(browser: Browser) -> None:
    for target, status in (("/?limit=0&type=nonsense", 422), ("/?cursor=nonsense", 422), ("/nothing", 404)):
        assert browser.open(target).status == status
        assert browser.page.document.all(role="alert"), target


def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    fields = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Content-Type": FORM}
    answer = browser.client.request("POST", "/events", b"type=info&source=a&message=b", fields)
    assert answer.status == 403
    origin = {"Accept": "text/html", "Origin": "http://elsewhere.example", "Content-Type": FORM}
    assert browser.client.request("POST", "/events", b"type=info&source=a&message=b", origin).status == 403
    assert len(browser.client.events()) == 3


def test_a_large_page_has_bounds_and_loses_nothing(browser: Browser) -> None:
    """Each member is as long as it may be, and takes several times its size in HTML and in links."""
    members = {name: "'" * 200 for name in ("source", "user_id", "request_id")}
    tags = [f"{number:02}" + "'" * 62 for number in range(20)]
    for _ in range(300):
        assert browser.client.post_event(message="m", tags=tags, **members).status == 201
    browser.open("/?limit=1000")
    assert "at most 250 events" in browser.page.document.one("main").text
    shown = []
    while True:
        assert browser.answer.status == 200 and len(browser.answer.body) <= 2 << 20
        shown += [row[-1] for row in browser.page.rows()]
        older = browser.page.document.all("a", rel="next")
        if not older:
            break
        browser.open(older[0].attributes["href"])
    assert shown == [f"evt_{number:03}" for number in range(303, 0, -1)]


def test_the_last_hours_are_shown_with_their_silence(browser: Browser) -> None:
    assert browser.client.post_event(message="now").status == 201
    browser.open("/?range=24h&type=")
    assert browser.follow_redirect().status == 200
    assert urlsplit(browser.url).query == "since=24h"
    chart = browser.page.document.one("figure").one("svg", class_="bars")
    intervals = float(chart.attributes["viewbox"].split()[2])
    assert 47 < intervals <= 49, "half hours"
    histogram = browser.client.get("/events/histogram?since=24h&interval=1h").json()
    assert len(histogram["buckets"]) in (24, 25) and histogram["total"] == 1
    (bar,) = {link.attributes["href"] for link in browser.page.document.one("figure").all("a")}
    assert browser.open(bar).status == 200 and len(browser.page.rows()) == 1
