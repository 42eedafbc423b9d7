"""The page that is alive, in a real Chromium: what is recorded appears by itself, whatever happens meanwhile."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Site, open_site
from front_ends import KINDS, FrontEnd, is_installed
from html_page import HTMLPage
from http_client import JSON, HTTPClient, valid_event
from responder import Responder, wait_until
from web_server import Nginx

PATIENCE = 60_000


@pytest.fixture
def responder(site: Site) -> Responder:
    return site.start_responder()


@pytest.fixture
def web_server(site: Site, responder: Responder) -> Nginx:
    return site.start_web_server()


@pytest.fixture
def client(web_server: Nginx) -> Iterator[HTTPClient]:
    with web_server.client() as client:
        yield client


@pytest.fixture(scope="module", params=[kind for kind in KINDS if kind.way != "cgi"], ids=lambda kind: kind.id)
def front_end(request: pytest.FixtureRequest) -> Iterator[FrontEnd]:
    if not is_installed(request.param):
        pytest.skip("this nginx did not come with Debian's parameters")
    with open_site() as site:
        yield FrontEnd(site, request.param)


@pytest.fixture
def page(chromium: Browser, client: HTTPClient) -> Iterator[Page]:
    yield from open_page(chromium, client.connection.port)


def open_page(chromium: Browser, port: int, target: str = "/", **options: object) -> Iterator[Page]:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{port}", **options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with page.expect_response(lambda response: "/events/stream" in response.url and response.ok):
        page.goto(target)
    yield page
    assert errors == []
    context.close()


def rows(page: Page) -> list[str]:
    return page.locator("#results .events td.id").all_inner_texts()


def ids(*numbers: int) -> list[str]:
    return [f"evt_{number:03}" for number in numbers]


def expect_ids(page: Page, *numbers: int) -> None:
    expect(page.locator("#results .events td.id")).to_have_text(ids(*numbers), timeout=PATIENCE)


def record(client: HTTPClient, count: int = 1, **members: object) -> None:
    for _ in range(count):
        assert client.post_event(**members).status == 201


def test_what_is_recorded_appears_at_the_top_with_all_that_counts_it(page: Page, client: HTTPClient) -> None:
    # The log is empty at first.
    expect(page.locator(".empty")).to_be_visible()
    record(client, message="the first")
    expect_ids(page, 1)
    record(client, 2, type="error")
    expect_ids(page, 3, 2, 1)
    expect(page.locator("#count")).to_have_text("3")
    expect(page.locator(".histogram figcaption")).to_contain_text("3 matching events")
    expect(page.locator("tr.fresh").first).to_contain_text("evt_003")
    assert page.locator("tr.fresh").count() in (1, 2)
    # Readers of the screen hear of it, and not of each event.
    expect(page.locator("#outcome")).to_have_text("New events: 1")
    expect(page.locator(".gathered")).to_be_hidden()


def test_only_what_the_filter_selects_appears(page: Page, client: HTTPClient) -> None:
    record(client, source="one")
    record(client, source="two")
    expect_ids(page, 2, 1)
    with page.expect_response(lambda response: "/events/stream" in response.url and "source%3Aone" in response.url):
        page.locator("#filter-q").fill("source:one")
    expect_ids(page, 1)
    record(client, source="two")
    record(client, source="one")
    expect_ids(page, 4, 1)


@pytest.mark.parametrize("target", ["/?order=asc", "/?sort=source", "/?until=2100-01-01T00:00:00Z"])
def test_a_list_that_does_not_begin_with_the_newest_stays_as_it_is(
    page: Page, client: HTTPClient, target: str
) -> None:
    record(client)
    expect_ids(page, 1)
    page.goto(target)
    expect(page.locator(".live")).to_be_hidden()
    expect(page.locator(".refresh")).to_have_count(0)
    record(client)
    page.wait_for_timeout(1000)
    assert rows(page) == ids(1)


@pytest.mark.parametrize("reason", ["scrolled", "selected", "focused", "pointed"])
def test_nothing_moves_while_somebody_reads(page: Page, client: HTTPClient, reason: str) -> None:
    record(client, 60)
    expect_ids(page, *range(60, 10, -1))
    match reason:
        case "scrolled":
            page.locator("#results .events tbody tr").nth(30).evaluate("row => row.scrollIntoView()")
        case "selected":
            page.locator("#results .text").first.select_text()
        case "focused":
            page.locator("#results td.id a").nth(3).focus()
        case "pointed":
            page.locator("#results td.id a").nth(3).hover()
    before = page.locator("#results").inner_html()
    record(client)
    gathered = page.locator(".gathered")
    expect(gathered).to_have_text("1 new event")
    expect(gathered).to_be_visible()
    record(client, 11)
    expect(gathered).to_have_text("12 new events")
    assert page.locator("#results").inner_html() == before
    gathered.click()
    expect_ids(page, *range(72, 22, -1))
    expect(gathered).to_be_hidden()
    # The top of the list is in sight.
    assert page.locator("#results .events tbody").evaluate("body => body.getBoundingClientRect().top") >= 0


def test_the_top_of_the_list_shows_what_was_gathered(page: Page, client: HTTPClient) -> None:
    record(client, 60)
    expect_ids(page, *range(60, 10, -1))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    record(client, 3)
    expect(page.locator(".gathered")).to_have_text("3 new events")
    page.evaluate("scrollTo(0, 0)")
    expect_ids(page, *range(63, 13, -1))
    expect(page.locator(".gathered")).to_be_hidden()


def test_live_is_a_switch_with_a_key_and_is_remembered(page: Page, client: HTTPClient) -> None:
    switch = page.locator(".live button")
    expect(switch).to_have_text("Live: on")
    page.keyboard.press("l")
    expect(switch).to_have_text("Live: off")
    record(client)
    page.reload()
    expect(switch).to_have_text("Live: off")
    expect_ids(page, 1)
    record(client)
    page.wait_for_timeout(1000)
    assert rows(page) == ids(1)
    # A letter in a field is a letter.
    page.locator("#filter-q").press("l")
    expect(switch).to_have_text("Live: off")
    page.locator("#filter-q").fill("")
    switch.click()
    expect(switch).to_have_text("Live: on")
    expect_ids(page, 2, 1)
    record(client)
    expect_ids(page, 3, 2, 1)


def test_no_event_is_missing_after_kills_replacements_and_cuts(
    page: Page, site: Site, responder: Responder, web_server: Nginx, client: HTTPClient
) -> None:
    record(client, 3)
    expect_ids(page, 3, 2, 1)
    responder.kill()
    expect(page.locator(".live span")).to_have_text(re.compile("Connecting again"))
    expect(page.locator("#backend")).to_contain_text("Online")
    responder = site.start_responder()
    record(client, 3)
    expect_ids(page, *range(6, 0, -1))
    new = site.start_responder("--replace")
    responder.terminate()
    assert responder.wait(60) == 0
    record(client, 3)
    expect_ids(page, *range(9, 0, -1))
    # Its earlier workers stay for as long as a stream lasts, and let connections that are kept open go.
    web_server.process.send_signal(web_server.reload_signal)
    with web_server.client() as client:
        record(client, 3)
        expect_ids(page, *range(12, 0, -1))
    page.context.set_offline(True)
    with web_server.client() as client:
        record(client, 3)
    page.wait_for_timeout(20_000)
    page.context.set_offline(False)
    expect_ids(page, *range(15, 0, -1))
    with web_server.client() as client:
        record(client, 1)
    expect_ids(page, *range(16, 0, -1))
    # No error is left standing.
    expect(page.locator(".live span")).to_have_text("")
    assert new.process.poll() is None


def test_a_log_that_begins_anew_is_shown(page: Page, site: Site, responder: Responder, client: HTTPClient) -> None:
    record(client, 20)
    expect_ids(page, *range(20, 0, -1))
    responder.kill()
    for file in site.folder.glob("events.sqlite*"):
        file.unlink()
    site.start_responder()
    record(client, 2, message="of the new log")
    expect_ids(page, 2, 1)
    record(client, 1)
    expect_ids(page, 3, 2, 1)


def test_a_tab_that_nobody_sees_lets_its_stream_go(page: Page, site: Site, client: HTTPClient) -> None:
    def streams() -> int:
        with site.connect() as connection:
            return int(connection.request("GET", "/status").json()["streams"]["open"])

    record(client, 1)
    expect_ids(page, 1)
    assert streams() == 1
    page.clock.install()
    hide = """hidden => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
      document.dispatchEvent(new Event('visibilitychange'))
    }"""
    page.evaluate(hide, True)
    record(client, 1)
    page.clock.run_for(40_000)
    with page.expect_event("console", lambda message: message.text == "read"):
        # A sign of life.
        page.evaluate("""() => {
          const read = ReadableStreamDefaultReader.prototype.read
          ReadableStreamDefaultReader.prototype.read = function () { console.log('read'); return read.call(this) }
        }""")
        record(client, 1)
    page.clock.run_for(19_000)
    assert streams() == 1
    page.clock.run_for(2_000)
    wait_until(lambda: streams() == 0, "the stream ends")
    record(client, 3)
    page.evaluate(hide, False)
    page.clock.resume()
    expect_ids(page, 6, 5, 4, 3, 2, 1)
    wait_until(lambda: streams() == 1, "the stream begins again")
    record(client, 1)
    expect_ids(page, 7, 6, 5, 4, 3, 2, 1)


def test_a_busy_log_is_followed_to_its_last_event(page: Page, client: HTTPClient) -> None:
    for number in range(20):
        events = [valid_event(message=f"{number}")] * 200
        assert client.post(json.dumps(events).encode()).status == 201
    expect_ids(page, *range(4000, 3950, -1))
    expect(page.locator("#count")).to_have_text(re.compile("^4.000$"))


def test_more_than_a_thousand_are_gathered_and_shown(page: Page, client: HTTPClient) -> None:
    record(client, 60)
    expect_ids(page, *range(60, 10, -1))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for _ in range(3):
        assert client.post(json.dumps([valid_event()] * 1000).encode()).status == 201
    expect(page.locator(".gathered")).to_have_text("999+ new events")
    page.locator(".gathered").click()
    expect_ids(page, *range(3060, 3010, -1))
    record(client)
    expect_ids(page, *range(3061, 3011, -1))


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_gentle(chromium: Browser, client: HTTPClient, motion: str) -> None:
    for page in open_page(chromium, client.connection.port, reduced_motion=motion):
        record(client)
        row = page.locator("tr.fresh")
        expect(row).to_be_visible()
        timing = row.evaluate("row => getComputedStyle(row).animationTimingFunction")
        assert ("step" in timing) == (motion == "reduce")


def test_without_scripts_a_link_refreshes_the_page(client: HTTPClient) -> None:
    record(client, 2, source="one")
    page = HTMLPage(client.get("/?source=one"))
    link = page.document.one("p", **{"class": "refresh quiet"}).one("a")
    answer = client.get(link.attributes["href"])
    assert answer.status == 200 and answer.field("Refresh") == "10"
    page = HTMLPage(answer)
    assert [row[-1] for row in page.rows()] == ids(2, 1)
    # Nothing that somebody fills in is lost, and links keep it up.
    assert not page.document.all("form", method="post")
    assert "refresh=10" in page.document.one("table", **{"class": "events"}).one("thead").all("a")[1].attributes["href"]
    assert [each.attributes["value"] for each in page.form("get").all("input", name="refresh")] == ["10"]
    stop = page.document.one("p", **{"class": "refresh quiet"}).one("a")
    assert not client.get(stop.attributes["href"]).all_of("Refresh")
    for value in ("0", "1", "x", "3601", "-10"):
        assert "refresh" in HTMLPage(client.get(f"/?refresh={value}")).document.one("main").text
        assert client.get(f"/?refresh={value}").status == 422


def test_scripts_are_small(client: HTTPClient) -> None:
    script = client.get("/static/app.js").body
    assert 5_000 < len(script) <= 14_000


def test_it_is_alive_behind_each_web_server(chromium: Browser, front_end: FrontEnd) -> None:
    """A benchmark tells how soon; here only that it does not wait for more."""
    body = json.dumps(valid_event()).encode()
    with front_end.client() as client:
        for page in open_page(chromium, client.connection.port, f"{front_end.mount}/"):
            for number in range(1, 4):
                # Apache closes a connection that was idle for a second.
                client.close()
                event = client.request("POST", f"{front_end.mount}/events", body, {"Content-Type": JSON})
                assert event.status == 201
                expect_ids(page, *range(number, 0, -1))
